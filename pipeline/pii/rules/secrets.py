"""Secrets that no vendor's prefix tells: key blocks, headers, database URLs, assignments."""

import re

from pipeline.pii.placeholders import (
    entropy,
    is_code,
    is_placeholder,
    is_repetitive,
    is_words,
    jumps,
)
from pipeline.pii.rule import Match, Rule

UUID = re.compile(r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
PATH = re.compile(r"^(?:\.{0,2}/|~/)?[\w.-]+(?:/[\w.-]+)*\.[a-z]{1,5}$")
LOCAL = re.compile(r"^(?:pass(?:word|wd)?|user(?:name)?|root|admin|secret|postgres|mysql|guest"
                   r"|mypass(?:word)?|test|pw|pwd|mongo|redis|db_?pass(?:word)?|123456?)\d*$",
                   re.IGNORECASE)  # fmt: skip


def is_random(match: Match) -> bool:
    """Whether it could be a key: letters and digits mixed, no words, no code, no stand-in."""
    value = match.value
    if is_placeholder(value) or is_code(value) or is_words(value):
        return False
    if UUID.match(value) or PATH.match(value) or match.after[:1] in {"(", "["}:
        return False
    least = 3.0 if match.before[-1:] in {'"', "'", "`"} else 3.3
    has_digit = any(c.isdigit() for c in value) and not value.isdigit()
    return has_digit and entropy(value) >= least and jumps(value) >= min(5, len(value) / 4)


def is_written_out(match: Match) -> bool:
    """Whether a block or header holds a value and no stand-in for it."""
    return not is_placeholder(match.value) and not is_code(match.value)


def is_no_stand_in(match: Match) -> bool:
    """Whether it is no stand-in; points between its parts are no code."""
    return not is_placeholder(match.value)


def is_key_block(match: Match) -> bool:
    """Whether a key stands between the armour lines, not dots or a word."""
    body = re.sub(r"-----[A-Z0-9 ]+-----|\\[nr]|\s", "", match.value)
    return len(body) > 39 and not is_repetitive(body) and entropy(body) > 4  # noqa: PLR2004


def is_database_password(match: Match) -> bool:
    """Whether a URL's password is one, not the word for it."""
    value = match.value
    is_word = is_placeholder(value) or LOCAL.match(value) is not None or is_code(value)
    return len(value) > 3 and not is_word  # noqa: PLR2004


NAMES = r"(?:key(?:[_.\- ]?id)?|secret|token|credentials?|passphrase|session[_.\- ]?id|csrf)"
LINK = r"""["'`\]}*]{0,3}\s{0,3}(?:[:=]{1,2}>?|=>|:=|\bis\b:?)\s{0,3}["'`*]{0,3}"""
VALUE = r"[A-Za-z0-9_\-./+=~]{14,}"
ASSIGNED = (
    r"(?i)(?:key|secret|token|credentials?|passphrase|session_?id|csrf)"
    r"[\"'`\]*]{0,3} {0,2}(?:[:=]|is )[:=>]? {0,2}[\"'`*]{0,2}[A-Za-z0-9_\-./+=~]{14}"
)
RULES = (
    Rule(
        "secret_private_key",
        "secret",
        "-----BEGIN [A-Z0-9 ]*PRIVATE KEY",
        r"(?s)-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        r"[A-Za-z0-9+/=\s\\:,.\-()]*?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)",
        check=is_key_block,
        score=0.97,
        priority=90,
        source="RFC 7468, RFC 4880",
    ),
    Rule(
        "secret_private_key_cut",
        "secret",
        "-----BEGIN [A-Z0-9 ]*PRIVATE KEY",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n)*"
        r"(?:[A-Za-z0-9-]+: [^\n]*\n)*[A-Za-z0-9+/=\s\\]{40,}",
        check=is_key_block,
        score=0.95,
        priority=89,
    ),
    Rule(
        "secret_jwt",
        "secret",
        r"eyJ[A-Za-z0-9_-]{8}",
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
        score=0.9,
        check=is_no_stand_in,
        priority=61,
        source="RFC 7519",
    ),
    Rule(
        "secret_database_url",
        "secret",
        r"[a-z+]://[^\s:/@]*:[^\s/@]+@",
        r"(?i:\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|oracle"
        r"|clickhouse|cockroachdb|cassandra|neo4j|bolt|couchdb|kafka|mqtts?|nats|ldaps?|smtps?|imaps?"
        r"|ssh)(?:\+[a-z0-9]+)?://)"
        r"[^\s:/@\"'<>]*:(?P<value>[^\s/@\"'<>{}]+)@[\w.-]",
        check=is_database_password,
        score=0.85,
        priority=62,
        source="RFC 3986",
    ),
    Rule(
        "secret_bearer",
        "secret",
        r"(?i)bearer[ :]{1,3}[\"'`]?[a-z0-9._~+/-]{16}",
        r"(?i:\bbearer[ :]{1,3}[\"'`]?)(?P<value>[A-Za-z0-9._~+/-]{16,}=*)",
        check=is_random,
        score=0.9,
        priority=50,
        source="RFC 6750",
    ),
    Rule(
        "secret_basic",
        "secret",
        r"(?i)basic [a-z0-9+/]{10}",
        r"(?i:authorization[\"']?\s*[:=,]\s*[\"'`]?basic )(?P<value>[A-Za-z0-9+/]{10,}={0,2})",
        check=is_random,
        score=0.9,
        priority=50,
        source="RFC 7617",
    ),
    Rule(
        "secret_cookie",
        "secret",
        r"(?i)(?:cookie[\"']?[:=]|sess(?:ion)?(?:_?id)?=|phpsessid|jsessionid)",
        r"(?i:\b(?:set-)?cookie[\"']?\s*[:=]\s*[\"']?(?:[\w.-]+=[^;\s]*;\s*)*[\w.-]*"
        r"(?:sess(?:ion)?|sid|auth|token|phpsessid|jsessionid|connect\.sid)[\w.-]*=)"
        r"(?P<value>[A-Za-z0-9%._~+/=-]{16,})",
        check=is_random,
        score=0.85,
        priority=50,
        source="RFC 6265",
    ),
    Rule(
        "secret_azure_key",
        "secret",
        "(?i)(?:account|sharedaccess)key=",
        r"(?i:(?:account|sharedaccess)key=)(?P<value>[A-Za-z0-9+/]{40,88}={0,2})",
        check=is_random,
        score=0.98,
        priority=61,
        source="Azure connection strings",
    ),
    Rule(
        "secret_aws_secret_key",
        "secret",
        r"(?i)aws.{0,24}['\"=: ][a-z0-9/+]{40}",
        r"(?i:aws[\w -]{0,10}(?:secret|sk)[\w -]{0,14}[\"']?\s*(?:[:=]{1,2}>?|is)\s*[\"'`]?)"
        r"(?P<value>[A-Za-z0-9/+]{40})\b",
        check=is_random,
        score=0.97,
        priority=61,
        source="AWS documentation",
    ),
    Rule(
        "secret_seed_otp",
        "secret",
        "otpauth://",
        r"(?i)otpauth://[^\s\"']*secret=(?P<value>[A-Z2-7]{16,})",
        check=is_written_out,
        score=0.95,
        priority=61,
    ),
    Rule(
        "secret_assigned",
        "secret",
        ASSIGNED,
        rf"(?i:{NAMES}{LINK})(?P<value>{VALUE})",
        check=is_random,
        score=0.9,
        priority=20,
        source="gitleaks' idea of a generic key; limits measured",
    ),
)
