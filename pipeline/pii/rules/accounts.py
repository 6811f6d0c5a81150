"""Names of accounts in pairs with a password, after a label, in commands, logs and tables."""

# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re

from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import columns, cued
from pipeline.pii.rules.account_words import (
    GATE_OF_PAIRS,
    LATIN,
    MINE_GATE,
    OTHER,
    PASSWORDS,
    STRICT,
)
from pipeline.pii.rules.handle_names import HANDLE, PLACEHOLDER_LIKE, SITES, is_folder, is_handle

PASSWORD_BEHIND = re.compile(
    rf"(?i)^[\"'`”]?[\s,;/|·:+&()\-–*]{{1,6}}(?:\w{{1,4}}\s){{0,2}}[\"'`*]*(?:{PASSWORDS})\w*[\"'`*]*"
    r"(?:\s(?:is|ist|est|es|é|è|to|jest|là|adalah|है|هو|هي|است|היא))?[\s:：=/\-–—→>「『は是는은]{1,4}[\"'`*]*(?P<password>[^\s\"'`]+)"
)
TOLD = r"[\"'`*]{0,3} ?(?:[:=：]|(?:is|ist|est|es|to|jest|adalah)\b|é |è |là |это|は|が|是|为|는|은|هو|است|הוא|है|คือ|—|->|→)? ?[\"'`*“「『@]{0,3}"
PAIR = (
    rf"(?i:(?:^|[^a-z_.\-])(?:{LATIN}|{OTHER}|{SITES}){TOLD}(?: ?[\p{{L}}]{{2,8}}[:=] ?)?)(?P<value>{HANDLE})"
    r"[\"'`”]?[\s,;/|·:+&()\-–*]{1,6}(?:[\p{L}]{1,4}\s){0,2}[\"'`*]*"
)
LOG_TIME = re.compile(r"\d\d?:\d\d(?::\d\d)?[^\n]{0,24}$")
PLAIN = re.compile(r"[a-z]{5,20}")
WRAPPED = re.compile(
    r"(?i)x[a-z][a-z_]{4,}x|[a-z]+(?:_[a-z]+)+\d*|(?-i:[a-z]+\.[a-z]+)\d*|[a-z][a-z_.]{3,}\d{1,4}(?:\.\d\d)?"
    r"|(?-i:[A-Z][a-z]+[A-Z][a-z]+)\d{0,4}"
)
"""How accounts are named when names are taken: xnamex, two_words, name42, TwoWords."""
BEGINS_LINE = re.compile(
    r"(?:^|\n)[\s>*\-#•]*\S{0,12}\s?\S{0,16}[\"'`*]{0,3} ?[:：] ?[\"'`*]{0,3}$"
)
ENDS_CLAUSE = re.compile(r"[\"'`*]{0,3}\s*(?:[,;.!?)\n、。，–—]|$)")
WORDS = frozenset(
    [
        "string",
        "varchar",
        "required",
        "optional",
        "unknown",
        "email",
        "number",
        "integer",
        "text",
        "login",
        "admin",
        "root",
        "guest",
        "hidden",
        "default",
        "private",
        "public",
        "anonymous",
        "nobody",
        "everyone",
        "system",
        "server",
        "client",
        "manager",
        "editor",
        "viewer",
        "member",
        "owner",
        "customer",
        "student",
        "teacher",
        "instagram",
        "facebook",
        "twitter",
        "discord",
        "telegram",
        "snapchat",
        "reddit",
        "youtube",
        "tiktok",
        "google",
        "apple",
        "microsoft",
        "steam",
        "skype",
        "whatsapp",
        "twitch",
        "github",
        "spotify",
        "netflix",
        "hello",
        "thanks",
        "please",
        "which",
        "where",
        "there",
        "these",
        "their",
        "about",
        "could",
        "should",
        "would",
        "update",
        "create",
        "delete",
        "active",
        "false",
        "undefined",
        "unique",
        "primary",
        "page",
        "form",
        "screen",
        "details",
        "info",
        "credentials",
        "button",
        "name",
        "failed",
        "error",
        "reset",
        "prompt",
        "john.doe",
        "jane.doe",
        "object",
        "array",
        "boolean",
        "value",
        "input",
        "output",
        "field",
        "label",
        "title",
        "admins",
        "users",
        "accounts",
    ]
)


def is_before_password(match: Match) -> bool:
    """Whether a password stands behind it: a word like `password`, then what is no word."""
    behind = PASSWORD_BEHIND.match(match.after)
    return (
        behind is not None
        and len(behind["password"]) > 5  # noqa: PLR2004
        and re.search(r"\d|[a-z][!@#$%^&*][A-Za-z]", behind["password"]) is not None
    )


SERVICE = re.compile(
    r"(?i)^(?:svc|srv|app|db|sys|api|web|bot|prod|dev)[_\-.]|[_\-.](?:app|svc|service|db|api|bot|prod|dev|ro|rw)$"
)


def _is_account(match: Match) -> bool:
    return (
        is_handle(match)
        and not SERVICE.search(match.value)
        and not PLACEHOLDER_LIKE.search(match.value)
        and match.value.lower() not in WORDS
        and not match.after.startswith(("(", "@", "=", "["))
    )


def _is_paired(match: Match) -> bool:
    return _is_account(match) and is_before_password(match)


def _is_plain(match: Match) -> bool:
    """Made up, or a word alone behind a label that begins its line, up to its end."""
    if not _is_account(match) or ENDS_CLAUSE.match(match.after) is None:
        return False
    if WRAPPED.fullmatch(match.value):
        return True
    return PLAIN.fullmatch(match.value) is not None and BEGINS_LINE.search(match.before) is not None


def _is_foreign(match: Match) -> bool:
    """A Latin word behind a label of another script."""
    is_brand = re.fullmatch(rf"(?i:{SITES})|[A-Z][a-z]+", match.value) is not None
    return _is_account(match) and is_folder(match) and not is_brand


def _is_logged(match: Match) -> bool:
    return _is_account(match) and LOG_TIME.search(match.before) is not None


def _is_in_column(match: Match) -> bool:
    return _is_account(match) and WRAPPED.fullmatch(match.value) is not None


RULES: tuple[Rule, ...] = (
    Rule(
        "username_paired",
        "username",
        gate=GATE_OF_PAIRS,
        find=cued.before(
            rf"(?i){PASSWORDS}",
            rf"(?i){LATIN}|{OTHER}|{SITES}",
            PAIR,
            re.compile(rb"[0-9][^\s0-9]?|[a-z][!@#$%^&*][A-Za-z]"),
        ),
        check=_is_paired,
        score=0.65,
        priority=1,
        source="login ann, password X",
    ),
    Rule(
        "username_plain",
        "username",
        gate=r"(?i)(?:name|user id|userid|login|logon|nickname|nick|handle|gamertag|battletag|inlognaam|identifiant|pseudo|usuario|usu\xc3\xa1rio|utente"
        r"|ad\xc4\xb1m?|nh\xe1\xba\xadp|pengguna|namn|skype|snapchat|instagram|telegram|twitch|discord|mastodon|reddit|tiktok|kik|psn|steam|utilisateur|kownika)"
        r"[\"'`* ]*: ?[\"'`* ]*[a-z]",
        pattern=rf"(?i:(?:^|[^a-z_.\-])(?:{LATIN}|(?:my )?(?:{SITES})(?: (?:id|name|handle|tag|account))?)[\"'`*]{{0,3}} ?(?:[:：]|name) ?[\"'`*]{{0,3}})(?P<value>{HANDLE})",
        check=_is_plain,
        score=0.55,
        source="Login: annlee",
    ),
    Rule(
        "username_mine",
        "username",
        gate=rf"(?i)(?:{MINE_GATE})",
        pattern=rf"(?i:(?:^|[^\p{{L}}])(?:(?:my|his|her|our) (?:{SITES})(?: (?:name|handle|id|tag|account))?|{STRICT})){TOLD}(?P<value>{HANDLE})",
        check=lambda match: _is_account(match) and WRAPPED.fullmatch(match.value) is not None,
        score=0.6,
        source="my Signal ann_lee, kullanıcı adım ann_lee",
    ),
    Rule(
        "username_foreign",
        "username",
        gate=rf"(?i)(?:{OTHER})[^A-Za-z\n]*[A-Za-z]",
        pattern=rf"(?i:(?:^|[^\p{{Cyrillic}}])(?:{OTHER})){TOLD}(?P<value>[A-Za-z][A-Za-z0-9_.\-]{{3,30}}[A-Za-z0-9_])",
        check=_is_foreign,
        score=0.6,
        source="мой ник annlee, ユーザー名：annlee",
    ),
    Rule(
        "username_logged",
        "username",
        gate=r"(?:joined|left the game|logged in|logged out|signed in|disconnected|lost connection|has quit|has left)",
        pattern=rf"(?:^|[\s\]>:])(?P<value>{HANDLE})(?:\[[^\]\n]{{1,40}}\])? (?:has )?(?:joined|left|logged (?:in|out)|signed in|disconnected|lost connection|quit)\b",
        check=_is_logged,
        score=0.8,
        source="lines of a log: 18:02:40 ann joined",
    ),
    Rule(
        "username_session",
        "username",
        gate=r"(?:assword for |ublickey for |ed for user |sudo: |user=<)",
        pattern=r"(?:(?:(?:assword|ublickey) for (?:invalid user )?|session (?:opened|closed) for user |sudo: +|user=<)(?P<value>"
        rf"{HANDLE})(?: from |\(uid| by |>| : TTY|\n|$))",
        check=lambda match: _is_account(match) and is_folder(match),
        score=0.8,
        source="sshd: Failed password for ann from",
    ),
    Rule(
        "username_flag",
        "username",
        gate=r"(?:^|[ \[\"',])(?:-u|--user|--auth|-a|-U|--proxy-user)[ =\"',]+[A-Za-z0-9_][A-Za-z0-9_.@+\-]*:[^ /]",
        pattern=rf"(?:^|[\s\[\"',])(?:-u|--user|--auth|-a|-U|--proxy-user)[ =\"',]{{1,4}}(?P<value>{HANDLE}):[^\s/:]",
        check=_is_account,
        score=0.75,
        source="curl -u ann:password",
    ),
    Rule(
        "username_qq",
        "username",
        gate=r"(?i)qq[^a-z0-9\n]*[1-9][0-9][0-9][0-9][0-9]",
        pattern=r"(?i:(?:^|[^a-z])qq)(?:号码|号|ID)?(?:是|为)? ?[:：]? ?(?P<value>[1-9][0-9]{4,10})\b",
        check=lambda match: len(set(match.value)) > 3,  # noqa: PLR2004
        score=0.85,
        source="QQ numbers",
    ),
    Rule(
        "username_prompt",
        "username",
        gate=r"[a-z0-9_-]@[A-Za-z0-9.-]+:[~/]",
        pattern=r"(?:^|\n|\()(?P<value>[a-z_][a-z0-9_\-.]{2,30})@[A-Za-z0-9.\-]+:[~/][^\n$#]*[$#]",
        check=lambda match: (
            is_folder(match) and match.value not in {"root", "kali", "parrot", "azureuser"}
        ),
        score=0.65,
        source="prompts of a shell: ann@laptop:~$",
    ),
    Rule(
        "username_column",
        "username",
        gate=r"(?i)(?:user|user[_ ]?name|login|handle|nick|nickname|account|usuario|benutzername)[\"'`* ]*[,;|\t\n)]",
        find=columns.found(rf"(?:{LATIN}|{OTHER}|{SITES})"),
        check=_is_in_column,
        score=0.65,
        source="columns of CSV, tables and SQL",
    ),
)
