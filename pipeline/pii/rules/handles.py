"""User names: handles after words that say whose they are."""

# ruff: noqa: E501, RUF001 (other scripts are the subject; a list would take a line a word)

import re

import re2

from pipeline.pii.rule import Match, Rule
from pipeline.pii.rules import accounts
from pipeline.pii.rules.accounts import PASSWORD_BEHIND
from pipeline.pii.rules.handle_names import HANDLE, PLACEHOLDER_LIKE, SITES, is_folder, is_handle

NAMES = (
    r"handle|username|user name|nickname|nick|screen name|user ?id|alias|benutzername|nutzername|"
    r"nom d'utilisateur|pseudo|usuario|nombre de usuario|nome de usuário|usuário|nome utente|"
    r"gebruikersnaam|nazwa użytkownika|kullanıcı adı|имя пользователя|никнейм|ник|логин|"
    r"ユーザー名|ユーザ名|ハンドルネーム|アカウント名|用户名|用戶名|昵称|暱稱|账号|사용자 이름|"
    r"사용자명|아이디|닉네임|"
    r"اسم المستخدم|نام کاربری|آیدی|שם משתמש|उपयोगकर्ता नाम|यूज़रनेम|tên người dùng|nama pengguna"
)
FOLLOW = (
    r"dm|pm|hmu|"
    r"follow (?:me|us|him|her)|add me|dm me|message me|find me|tag me|ping me|hit me up|"
    r"my account|sígueme|síganme|segue-me|me segue|suis-moi|suivez-moi|folg mir|"
    r"folge mir|folgt mir|seguimi|volg me|obserwuj mnie|подпишись|подписывайтесь|пишите|пиши|"
    r"フォローして|フォローし|팔로우|关注我|加我|تابعني|تابعوني|takip et"
)
AT_CUE = re2.compile(
    (
        rf"(?i)(?:^|[^a-z])(?:{SITES}|{NAMES}|{FOLLOW})(?:[^a-z@][^@\n.!?;]{{0,20}})?$"
        r"|(?i)(?:^|[^a-z])(?:contact|text|message|ping|tag|add|find|follow|reach out to) $"
        rf"|(?:インスタ|ツイッター|ユーザー名|微信|微博|推特|用户名|关注我|트위터|인스타|"
        rf"아이디)[^@\n]{{0,12}}$"
    ).encode()
)
STUCK = re.compile(r"[A-Za-z\d\u00c0-\u052f]\Z")


ON_SITE = re.compile(
    rf"(?i)[\"'’”]?,? (?:\(?(?:on|over on|via|in|auf|bei|sur|en|em|no|su|op|på|na|w|в|на|di|di akun) (?:the |my )?|\()(?:{SITES})\b"
)


def _is_at(match: Match) -> bool:
    """Not an e-mail's domain, a package's scope, a decorator."""
    return (
        STUCK.search(match.before) is None
        and match.before[-1:] not in {".", "_", "-", "/", "@", "`"}
        and not re.match(r"[/(@=]|:\w", match.after)
        and (AT_CUE.search(match.before.encode()) or ON_SITE.match(match.after)) is not None
        and is_handle(match)
    )


def _is_own(match: Match) -> bool:
    """A name that is no word: it has a digit, a sign, or stands in quotes or at the end."""
    told = re.search(r"[0-9_.\-]|[a-z][A-Z]", match.value) or re.match(
        r"[\"'”’»」』`]|\s*(?:[.,!;)。，]|$|\n)", match.after
    )
    return is_handle(match) and told is not None and not match.after.startswith(("(", "@", "="))


CJK_NAMES = (
    r"ユーザー名|インスタ|ツイッター|ディスコード|用户名|微信号?|微博|昵称|账号|QQ|아이디|"
    r"닉네임|인스타|트위터"
)
NUMBER_CUE = re2.compile(
    rb"(?i)discord|add me|battle\.?net|battletag|blizzard|gamertag|friend me|my id"
)
OWN = (
    rf"(?:my|his|her|our) (?:(?:{SITES}) )?(?:{NAMES}|{SITES})(?: (?:name|handle|account|id|tag))?"
    r"(?: (?:for|on|in|at) [a-z ]{1,20})?(?: is| was| would be|'s|=| =|:| :)|(?:mi|mon|mein|meine|il mio|meu|mijn|mój|mitt|мой|моя) (?:[\p{L}']+ )?"
    rf"(?:{NAMES}|{SITES})(?: (?:name|id))? (?:es|est|ist|lautet|è|é|is|to|är|:|—|-)|"
    rf"(?:私の|僕の|我的|나의|내|제) ?(?:{CJK_NAMES})(?:は|是|은|는|:|：)|goes by the "
    rf"(?:name|handle|nick)|"
    r"add me on (?:\w+)[:,]?|find me on (?:\w+) (?:as|at|under)|follow me on (?:\w+) (?:as|at|"
    r"under)"
)

LABEL = (
    r"user[ _]?name|user ?id|login(?: name)?|user|nick(?:name)?|handle|screen name|channel name|"
    r"gamertag|"
    r"steam id|psn(?: id)?|skype(?: id)?|discord|snapchat|telegram|instagram|insta|usuario|usuário|"
    r"identifiant|pseudo|benutzername|nutzername|nazwa użytkownika|nome utente|gebruikersnaam|"
    r"kullanıcı adı|имя пользователя|логин|скайп|ник|ユーザー名|用户名|用戶名|账号|아이디|닉네임|"
    r"نام کاربری"
)


def _is_labelled(match: Match) -> bool:
    """A made-up name: letters and digits behind them, or signs and a password that follows."""
    if not is_handle(match) or PLACEHOLDER_LIKE.search(match.value):
        return False
    if match.after.startswith(("(", "@", "=")):
        return False
    if PASSWORD_BEHIND.match(match.after) and re.search(r"[_.\d]", match.value):
        return True
    is_made_up = re.search(r"(?i)[a-z]{3}[a-z_.]*\d{1,4}\Z", match.value) is not None
    return is_made_up and not re.match(r"[\[.\-]\w", match.after)


RULES: tuple[Rule, ...] = (
    Rule(
        "username_at",
        "username",
        gate=r"(?:[^ \t\n`*] |[^\x00-\x20A-Za-z0-9@`/.*_])@[A-Za-z0-9_][A-Za-z0-9_]",
        pattern=rf"@{HANDLE}",
        check=_is_at,
        score=0.85,
        priority=1,
        source="@handle after the name of a site, `handle`, `follow me`",
    ),
    Rule(
        "username_own",
        "username",
        gate=r"(?i)(?:\b(?:my|his|her|our|mi|mon|meine?|mio|meu|mijn|mitt)|мой|моя|mój) "
        rf"(?:{SITES}|{NAMES})|(?:私の|僕の|我的|나의|내|제) ?(?:{CJK_NAMES})|"
        r"goes by the |(?:add|find|follow) me on [A-Za-z]",
        pattern=rf"(?i)(?:^|[^a-z])(?:{OWN}) ?[\"'“‘«「『`@]?(?P<value>{HANDLE})",
        check=_is_own,
        score=0.85,
        source="my username is, find me on X as",
    ),
    Rule(
        "username_label",
        "username",
        gate=rf"(?i)(?:{LABEL})(?: ?[:=]| is|  ?[\x22'`]|：|は|是) ?[\x22'`]?[A-Za-z0-9_]|"
        rf"(?:{LABEL}) [A-Za-z0-9_.\-]+[0-9_.\-]",
        pattern=rf"(?i)(?:^|[^a-z_.\-])(?:{LABEL})[\"']?(?: ?[:=]| is|：|は|是)? "
        rf"?[\"'“`]?(?P<value>{HANDLE})",
        check=_is_labelled,
        score=0.5,
        source="username: ann42; login ann / password ...",
    ),
    Rule(
        "username_folder",
        "username",
        gate=r"(?:[A-Z]:\\\\?Users\\\\?|/home/|/Users/)[A-Za-z0-9\x80-\xff]",
        pattern=r"(?:[A-Z]:\\\\?Users\\\\?|(?:^|[\s\"'`(=:~])(?:/home/|"
        r"/Users/))(?P<value>[\p{L}\p{N}][\p{L}\p{N}_.\-]+)",
        check=is_folder,
        score=0.85,
        source="home folders: C:\\Users\\ann, /home/ann",
    ),
    Rule(
        "username_number",
        "username",
        gate=r"[A-Za-z0-9_.]#[0-9][0-9][0-9][0-9]",
        pattern=r"(?:^|[\s(:@\"'])(?P<value>[\p{L}\p{N}_.]{2,32}#[0-9]{4,5})\b",
        check=lambda match: (
            not match.after.startswith((";", "-"))
            and NUMBER_CUE.search(match.before.encode()) is not None
        ),
        score=0.9,
        source="Discord before 2023, Battle.net",
    ),
    *accounts.RULES,
)
