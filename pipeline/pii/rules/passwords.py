"""Passwords: the word behind `the password is`, in many languages, unless it is prose or code."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re
from collections.abc import Callable, Iterable, Iterator

import re2

from pipeline.pii.placeholders import STAND_IN, classes, is_chain, is_repetitive
from pipeline.pii.rule import Match, Rule

WORDS = (
    "passw(?:or)?d|passphrase|passcode|pass ?word|passwort|kennwort|mot de passe|mdp|contraseña"
    "|contrasena|contrasenya|senha|palavra-passe|parola|password|wachtwoord|lösenord|adgangskode"
    "|passord|salasana|lykilorð|hasło|hasła|heslo|jelszó|lozinka|šifra|geslo|slaptažodis"
    "|parool|fjalëkalim|κωδικός|κωδικό πρόσβασης|пароль|пароля|паролата|лозинка|şifre|şifrem|parolam"
    "|mật khẩu|kata sandi|kata laluan|sandi|รหัสผ่าน|पासवर्ड|পাসওয়ার্ড|கடவுச்சொல்|پاس ورڈ"
    "|كلمة المرور|كلمة السر|رمز عبور|گذرواژه|پسورد|סיסמה|סיסמא|הסיסמה|密码|密碼|口令|パスワード"
    "|暗証番号|비밀번호|패스워드|암호"
)
IS = (
    "is|was|are|ist|lautet|war|est|es|é|è|era|e|is:|är|er|on|to|je|este|είναι|это|olarak|là|adalah"
    "|ialah|คือ|है|هي|هو|است|היא|הוא|是|为|為|は|は、|は「|는|은|가|이"
)
SHORT = "pwd|passwd|psw|pw|pass|pswd"
LINK = rf"[\"'`*\])]{{0,3}}\s{{0,2}}(?:[:=]{{1,2}}>?|：|->|(?:{IS})(?:[\s:：\"'`“„«「]|\b))"
OPEN = r"(?:\s|[\"'`“„«「]|\*\*){0,5}"
FOR = r"(?: (?:for|to|of|on|at|für|zu|pour|para|da|do|del|de|от|для|к)(?: [^\s:=]+){1,4})?"
VALUE = r"(?P<value>[^\s\"'`“”„«»<>「」]+)"
SAYS = rf"(?i:(?:^|\b|[^a-z])(?:{WORDS})(?:{FOR}){LINK}{OPEN}){VALUE}"
SETS = rf"(?i:(?:\b|_)(?:{SHORT})[\"'`\]]{{0,2}}\s?[:=]{{1,2}}>?\s?[\"'`]{{0,3}}){VALUE}"
SPACELESS = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿؀-ۿ].*")
"""Where a sentence goes on behind a password without a space."""
GATE = (
    rf"(?i)(?:{WORDS})[\"'`*\])]{{0,3}}(?: (?:for|to|of|on|at|für|pour|para|d[aoe]|от|для) "
    rf"|\s{{0,2}}(?:[:=]|：|->|{IS}))"
)
SHORT_GATE = r"(?i)(?:^|[^a-z])(?:pwd|passwd|psw|pswd|pw|pass)[\"'\]]{0,2} ?[:=]"
STRONG = re.compile(
    r"(?:my|our|mein|mon|mi|minha|мой|我的|私の|제|내)\W{1,2}\S*\s?\S*\W*$", re.IGNORECASE
)
VARIABLE = re.compile(
    r"^(?:\$\{?[A-Za-z_]+\d?\}?[;,)]*|%[A-Z_]+%|%[sd]|%\(\w+\)s|\{.*\}?|\[.*|<.*|\(.*\)|@[A-Za-z_]+\d?|:[a-z_]+"
    r"|&(?:#\d+|quot|amp|lt|gt|nbsp|apos)\b.*|\\.*|//.*|#\{.*|https?:.*|[A-Za-z_.]{3,}\(.*\)+[;,]*|[A-Za-z_.]{3,}\(\$?[A-Za-z_]{3,}\W*|[A-Za-z_.]+\(|[\w.]+\[.*|\w+(?:\.\w+)+)$"
)
COMMON = re.compile(
    r"^(?:p[a@4][s$5]{1,2}(?:w(?:[o0]r)?d)?|passphrase|secret|admin(?:istrator)?|root|user|letmein|welcome"
    r"|hello|guest|login|default|master|system|mysql|postgres|example|string|varchar|strong|secure"
    r"|hunter|abc|new|old|db|my|sql|test|hash|hashed|sha|md|bcrypt|aes|utf|base|min|max|none|null|true|false)"
    r"(?:[-_]?(?:pass(?:word)?|p@ssw0rd|user|db|root))?[\W_\d]*$",
    re.IGNORECASE,
)
PUNCTUATION = ".,;:?…。，、；："
CLOSERS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「"}


def _found(pattern: str) -> Callable[[bytes], Iterable[tuple[int, int]]]:
    options = re2.Options()
    options.log_errors = False
    regexp = re2.compile(pattern.encode(), options)
    group = regexp.groupindex[b"value"]

    def find(data: bytes) -> Iterator[tuple[int, int]]:
        for match in regexp.finditer(data):
            start, end = match.span(group)
            before = data[max(0, start - 64) : start].decode("utf-8", "ignore")
            value = data[start:end].decode()
            kept = trimmed(value, before.rpartition("\n")[2])
            skipped = len(value[: value.find(kept)].encode())
            yield start + skipped, start + skipped + len(kept.encode())

    return find


def trimmed(value: str, before: str) -> str:
    """Without the sentence's own marks: points behind it, brackets and asterisks around it."""
    value = SPACELESS.sub("", value)
    if value[:1] == "(" and value.rstrip(PUNCTUATION)[-1:] == ")":
        value = value.rstrip(PUNCTUATION)[1:-1]
    while value:
        last = value[-1]
        opener = CLOSERS.get(last)
        is_closer = opener is not None and opener in before and opener not in value
        if last not in PUNCTUATION and not is_closer and not (last == "*" and "**" in before):
            break
        value = value[:-1]
    return value


def is_password(match: Match) -> bool:
    """Whether it has what prose has not, and is neither a stand-in nor code."""
    value = match.value
    if not 4 <= len(value) <= 64 or VARIABLE.match(value) or COMMON.match(value):  # noqa: PLR2004
        return False
    if STAND_IN.search(value) or is_repetitive(value) or is_chain(value):
        return False
    has_digit = any(c.isdigit() for c in value)
    has_letter = any(c.isalpha() for c in value)
    has_mark = any(c in "!@#$%^&*+~" for c in value)
    if not has_letter:
        return has_digit and bool(STRONG.search(match.before)) and len(value) > 5  # noqa: PLR2004
    return (has_digit and (len(value) > 5 or has_mark)) or (has_mark and classes(value) > 2)  # noqa: PLR2004


def is_set(match: Match) -> bool:
    """As `is_password`, for the short names of programs: three classes of characters."""
    return is_password(match) and classes(match.value) > 2  # noqa: PLR2004


RULES = (
    Rule(
        "password_said",
        "password",
        GATE,
        find=_found(SAYS),
        check=is_password,
        score=0.9,
        priority=30,
    ),
    Rule(
        "password_set",
        "password",
        SHORT_GATE,
        find=_found(SETS),
        check=is_set,
        score=0.8,
        priority=29,
    ),
)
