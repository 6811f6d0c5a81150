"""What stands in a text where a secret would: stand-ins, names of variables, words."""

import math
import re
from collections import Counter

STAND_IN = re.compile(
    r"(?:your|my|the|any|some|insert|enter|put|add|replace|change|paste|set|use|actual|real)"
    r"[-_ .]?(?:own|new|secret|api|access|auth|private|strong|secure|key|token|pass|client|app"
    r"|account|database|user|actual|real|here|this|default|value|super|random)"
    r"|example|sample|dummy|placeholder|redacted|censored|changeme|foobar|foo_?bar|lorem"
    r"|xxxx|\*\*\*|\.\.\.|…|___|----|0000000|1111111|1234567|12345$|abcdef|abc123|qwerty"
    r"|deadbeef|test[-_]?(?:key|token|secret|pass|api)|(?-i:fake|FAKE|Fake|mock|MOCK|Mock|todo|TODO|dein|DEIN|Dein)|fixme|hidden|secret[-_]?key"
    r"|api[-_]?key|access[-_]?token|goes[-_]?here|[-_]here$|undefined|insecure|supersecret"
    r"|super[-_]secret|mysecret|my[-_]?token|generated|votre|^(?:ihr|tu|sua?)[-_]"
    r"|clave[-_]|chave[-_]|ваш|твой|你的|您的|あなた|당신|여기|ここ|здесь",
    re.IGNORECASE,
)
TEMPLATE = re.compile(r"^[<\[{(%$#]|\$\{|\{\{|\$\(|%\(|%s|\{\w*\}|<[a-zA-Z_ -]+>|[>)\]}]$")
CODE = re.compile(
    r"^(?:os|process|env|self|this|config|settings|request|req|res|args|params|options|data"
    r"|import|await|new|function|lambda|getenv|secrets|Deno|System|session|user|app|ctx|state"
    r"|response|event|form|body|headers|props|json)\b[.\[(]|^[\w.]+\(\)?;?$|^\w+\(|^\w+\[|::|->|=>"
    r"|^[A-Z]{2,}(?:_[A-Z0-9]+)+$|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\(?$|^[A-Za-z_]+(?:[-_./][A-Za-z_]+)+$"
)
JUMP = re.compile(r"[a-z](?=[^a-z])|[0-9](?=[^0-9])|[A-Z](?=[^A-Za-z])|[^A-Za-z0-9](?=[A-Za-z0-9])")
CHAIN = re.compile(
    r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\(?$|^[A-Za-z_]+(?:[-_./][A-Za-z_]+)+$|::|->|=>"
)
WORDS = re.compile(r"^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,2}$|^[A-Za-z]+$")
ALPHABET = re.compile(r"abcdefg|ABCDEFG|23456789|98765432|0123456|qrstuv", re.IGNORECASE)


def is_placeholder(value: str) -> bool:
    """Whether it stands for a value that the reader is to put in."""
    return (
        STAND_IN.search(value) is not None
        or TEMPLATE.search(value) is not None
        or ALPHABET.search(value) is not None
        or is_repetitive(value)
    )


def is_repetitive(value: str) -> bool:
    """Whether few different characters make it up, or the same piece over and over."""
    if len(value) > 7 and len(set(value)) <= max(3, len(value) // 12):  # noqa: PLR2004
        return True
    return len(value) > 11 and (value + value).find(value, 1) <= len(value) // 2  # noqa: PLR2004


def is_code(value: str) -> bool:
    """Whether it reads as an expression or a name of a program."""
    return CODE.search(value) is not None


def is_chain(value: str) -> bool:
    """Whether it is words joined by points, hyphens or the like: a name, a host, a compound."""
    return CHAIN.search(value) is not None


def is_words(value: str) -> bool:
    """Whether it is letters alone, or words in camel case."""
    return WORDS.match(value) is not None


def entropy(value: str) -> float:
    """Bits a character, from how often each occurs in the value."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def jumps(value: str) -> int:
    """How often small letters, capitals, digits and others follow each other.

    A capital before a small letter is none: words begin so. Random keys jump at half of their
    characters, names of programs at the borders of their words.
    """
    return len(JUMP.findall(value))


def classes(value: str) -> int:
    """Of small letters, capitals, digits and others: how many occur."""
    return (
        any(c.islower() for c in value)
        + any(c.isupper() for c in value)
        + any(c.isdigit() for c in value)
        + any(not c.isalnum() for c in value)
    )
