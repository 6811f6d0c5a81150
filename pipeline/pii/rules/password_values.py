"""What can be a password: where it ends, and how it differs from prose, code and stand-ins."""
# ruff: noqa: E501, RUF001 (long rows of words of many scripts)

import re
from collections.abc import Iterator

from pipeline.pii.placeholders import STAND_IN, classes, is_chain, is_repetitive, jumps
from pipeline.pii.rule import Find, Match
from pipeline.pii.rules.cued import compiled

SPACELESS = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿؀-ۿ].*")
"""Where a sentence goes on behind a password without a space."""
NEXT = re.compile(
    r"&(?:amp;)?[A-Za-z_]+=.*|;[A-Za-z]+=.*|</.*|<br.*|\\+[nrt\"'].*|\\+$|,[A-Za-z_]+[:=].*"
)
"""Where the next field of a query, a connection string, a tag or an object begins."""
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
TECHNICAL = re.compile(
    r"(?i)^[(\"'`]*(?:sha|md\d|hmac|pbkdf|b?scrypt|bcrypt|argon|o-?auth|base\d|utf|aes|rsa|iso|https?|ftp|tls|ssl|ntlm"
    r"|php|python|java|mysql|postgres|win(?:dows)?|office|sql|str|int|var|arg|param|input|field|line|step|chapter"
    r"|section|covid|web|wpa|wi-?fi|rfc|nist|pkcs|x\.?509|level|version|part|page|table|figure|col|row|num|bit|byte)[-_ ]?\d"
    r"|^\d+(?:[-–.,:/]\d+)*[-–]?(?:\W|[a-z]+$)|\.[a-z]{2,4}\d?$|^\$\d[a-z]?\$|^[0-9a-f]{16,}$|://|[(\[]\w*[)\]]$"
    r"|^[\w.]+[=(]|^[/*~\\]|^[\w.]+\(|&#?\w+;|\$\{|\$[A-Z_]{5}|^\w+\["
)
"""Names of methods, standards, parts of a text, numbers with their unit, files, hashes, calls."""
SPEAKING = re.compile(
    r"(?i)passw(?:or[td]|d)|p[a@]ssw[o0]rd|contrase|s[e3]cr[e3]t|geheim|motdepasse|senha|parola|haslo|wachtwoord|segur|sicher|seguro"
)
"""What the passwords of lessons are made of."""
PUNCTUATION = ".,;:?…。，、；："
CLOSERS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「"}
MARKS = "!@#$%^&*+~"


def found(pattern: str) -> Find:
    """A finder of the group `value` of an RE2 pattern, without the sentence's marks around it."""
    regexp = compiled(pattern)
    group = regexp.groupindex[b"value"]
    return bare(lambda data: (match.span(group) for match in regexp.finditer(data)))


def bare(finder: Find) -> Find:
    """A finder of the same values without the sentence's marks around them."""

    def find(data: bytes) -> Iterator[tuple[int, int]]:
        for start, end in finder(data):
            before = data[max(0, start - 64) : start].decode("utf-8", "ignore")
            value = data[start:end].decode("utf-8", "ignore")
            kept = trimmed(value, before.rpartition("\n")[2])
            skipped = len(value[: value.find(kept)].encode())
            yield start + skipped, start + skipped + len(kept.encode())

    return find


def trimmed(value: str, before: str) -> str:
    """Without the sentence's own marks: points behind it, brackets and asterisks around it."""
    value = NEXT.sub("", SPACELESS.sub("", value))
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
    has_mark = any(c in MARKS for c in value)
    if not has_letter:
        return has_digit and bool(STRONG.search(match.before)) and len(value) > 5  # noqa: PLR2004
    return (has_digit and (len(value) > 5 or has_mark)) or (has_mark and classes(value) > 2)  # noqa: PLR2004


def is_set(match: Match) -> bool:
    """As `is_password`, for the short names of programs: three classes, or a long word and digits."""
    return is_password(match) and (classes(match.value) > 2 or is_strong(match))  # noqa: PLR2004


def is_strong(match: Match) -> bool:
    """As `is_password`, where nothing says that a value follows: no word, name or number has it."""
    value = match.value
    if (
        not value.isascii()
        or TECHNICAL.search(value)
        or SPEAKING.search(value)
        or not is_password(match)
    ):
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    has_mark = any(c in MARKS for c in value)
    if classes(value) > 2:  # noqa: PLR2004
        is_mixed = digits > (not has_mark) or (has_mark and jumps(value) > 2)  # noqa: PLR2004
        return len(value) > 6 and letters > 1 and is_mixed  # noqa: PLR2004
    return len(value) > 7 and letters > 3 and digits > 1  # noqa: PLR2004


def is_in_column(match: Match) -> bool:
    """As `is_password`, under a head that says so: no code and no name of a method."""
    return is_password(match) and " " not in match.value and TECHNICAL.search(match.value) is None
