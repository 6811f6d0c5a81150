"""E-mail addresses: written as such, and spelled out to hide from machines."""

# ruff: noqa: RUF001, SIM905 (other scripts are the subject; a list would take a line a word)

import functools
from collections.abc import Iterator

import re2
import tldextract

from pipeline.pii.rule import WINDOW, Find, Match, Rule

ADDRESS = re2.compile(
    r'(?:"[A-Za-z0-9._ \-]+"|(?:\b[odOD][\x27’])?[\p{L}\p{N}_][\p{L}\p{M}\p{N}._%+\-]*)'
    r"(?:@|＠)"
    r"(?:(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?[.．])+(?:xn--[A-Za-z0-9\-]+|[A-Za-z]+)"
    r"|(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}\-]*[\p{L}\p{M}\p{N}])?[.．])+"
    r"(?:xn--[A-Za-z0-9\-]+|[A-Za-z]+|[\p{L}\p{M}]+))".encode()
)
TRIM = re2.compile(rb"[A-Za-z0-9_][A-Za-z0-9._%+\-]*$")
UNSPACED = re2.compile(rb"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]")
GATE = (
    r"(?:[A-Za-z0-9_.%+\-\x22\x80-\xff]@|\xef\xbc\xa0)[A-Za-z0-9\x80-\xff]"
    r"[A-Za-z0-9.\-\x80-\xff]*(?:\.|\xef\xbc\x8e)[A-Za-z\x80-\xff]"
)
MAX_LOCAL, MAX_ADDRESS = 64, 254
"""Bytes, RFC 5321 section 4.5.3.1."""

RESERVED_TLDS = frozenset({"example", "test", "invalid", "localhost", "local", "localdomain"})
RESERVED_NAMES = frozenset({"example.com", "example.org", "example.net", "example.edu"})
MACHINES = frozenset({"git", "hg", "svn", "ssh", "cvs"})
ROLES = frozenset(
    (
        "abuse accounting accounts admin administrator all alerts bookings billing career "
        "careers contact contacto contactus customercare customerservice daemon dev editor "
        "editorial enquiries enquiry events feedback finance ftp hello help helpdesk hostmaster "
        "hr info information inquiries investors it jobs kontakt legal list mail mailer-daemon "
        "majordomo marketing media news newsletter no-reply nobody noc noreply notifications "
        "notify office orders partners postmaster press privacy recruiting recruitment register "
        "registrar replies reply reservations root sales secretary security service services "
        "spam staff subscribe support sysadmin team tech undisclosed-recipients unsubscribe "
        "usenet uucp webadmin webmaster welcome www do-not-reply donotreply customer.service "
        "customer.support customersupport atendimento contato vendas soporte ventas bewerbung "
        "vertrieb datenschutz servicio"
    ).split()
)
PLACEHOLDERS = frozenset(
    (
        "a aaa abc address bar company customer email emailaddress emailid example firstname "
        "firstname.lastname first.last first_name.last_name foo foobar jane.doe janedoe "
        "jane_doe johndoe john.doe john_doe john.smith johnsmith lastname me my_email my.email "
        "my-email myemail myname name recipient receiver recipient1 recipient2 sample sender "
        "somebody someone test test1 test2 test123 tester testuser testing to from user user1 "
        "user2 user3 user123 username useremail user_email x xx xxx xxxx xyz you your "
        "your-email your-name your.email your.name your_email your_email_address your_name "
        "your_username youremail youremailaddress yourmail yourname yourusername new_email "
        "newemail old_email invalid valid nombre correo usuario prenom.nom nom.prenom "
        "vorname.nachname max.mustermann mustermann"
    ).split()
)
PLACEHOLDER_LABELS = frozenset(
    (
        "abc acme bar beispiel business companyname company corp dominio domena domain domaine "
        "domein doména ejemplo email emailprovider empresa esempio example examplecompany exemple "
        "exemplo fake firma foo foobar fulano host mailserver miempresa mycompany mydomain "
        "myserver mysite organization ornek örnek otherdomain placeholder priklad příklad primjer "
        "provider przyklad przykład sample server site some somecompany somedomain someserver "
        "somewhere subdomain test tests university voorbeeld website xxx xyz your your-company "
        "your-domain yourcompany yourdomain yourmail yourorg yourorganization yourprovider "
        "yourserver yoursite yourwebsite yyy companyx companya companyb anotherdomain contoso "
        "ejemplos tudominio tuempresa seudominio suaempresa votredomaine entreprise bedrijf"
    ).split()
)
PLACEHOLDER_NAMES = re2.compile(
    r"(?:^(?:your|my|ваш|votre|deine?|tu|seu|sua|twoj|twój|vas|váš|uw|jouw|din|senin|anda|email|"
    r"adres)[-_.]?"
    r"(?:e?[-_.]?mail|correo|address|name|login|adres\p{L}*|user\p{L}*|id|account)"
    r"|^(?:user|usuario|usuário|utilisateur|benutzer|utente|gebruiker|uzytkownik|kullanici|test|"
    r"example|exemple|"
    r"exemplo|ejemplo|esempio|beispiel|przyklad|ornek|sample|recipient|sender|admin|member|"
    r"employee|family|person|"
    r"nome|nombre|name|email|mail|correo|contact|customer|client|student|someone|foo|bar|abc|"
    r"xyz)[-_.]?\d*$"
    r"|^(?:john|jane)[-_.]?doe\d*$)".encode()
)
ALGORITHMS = frozenset({"openssh.com", "libssh.org", "lysator.liu.se"})
"""Hosts in the names of ciphers: chacha20-poly1305@openssh.com."""
LOGIN = re2.compile(rb"\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)\b[^\n]*$")
PASSWORD = re2.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#]*$")
"""What stands before the @ of user:password@host."""


@functools.cache
def top_level_domains() -> frozenset[str]:
    """Last labels of the public-suffix list that tldextract brings; nothing is fetched."""
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    labels = {suffix.rsplit(".", 1)[-1] for suffix in extract.tlds}
    return frozenset(labels | RESERVED_TLDS | {_puny(label) for label in labels})


def _puny(label: str) -> str:
    return "xn--" + label.encode("punycode").decode() if not label.isascii() else label


@functools.lru_cache(maxsize=1)
def _addresses(data: bytes) -> tuple[tuple[int, int, str], ...]:
    """Each address of a text: its first byte, the byte behind it, the rule it belongs to.

    The rules of this module ask for the same text one after the other.
    """
    found = []
    for match in ADDRESS.finditer(data):
        start, end = match.span()
        at = data.rfind(b"@", start, end)
        sign = 1
        if at < 0:
            at, sign = data.rfind("＠".encode(), start, end), 3
        start = _local_start(data, start, at)
        if start < at:
            local, domain = data[start:at], data[at + sign : end].replace("．".encode(), b".")
            rule = _rule_of(data, start, local, domain)
            if rule:
                found.append((start, end, rule))
    return tuple(found)


def _local_start(data: bytes, start: int, at: int) -> int:
    """Where the local part begins: words of scripts without spaces may stick to it."""
    local = data[start:at]
    if not local.isascii() and UNSPACED.search(local):
        tail = TRIM.search(local)
        return start + tail.start() if tail else start
    return start


def _rule_of(data: bytes, start: int, local: bytes, domain: bytes) -> str:
    """Which rule an address belongs to; empty: it is none."""
    name, host = local.decode().lower(), domain.decode().lower()
    before = data[max(0, start - WINDOW) : start]
    if not _is_possible(name, host) or PASSWORD.search(before):
        return ""
    if ".".join(host.rsplit(".", 2)[-2:]) in RESERVED_NAMES or _top(host) in RESERVED_TLDS:
        return "email_reserved"
    if name in ROLES and not _is_sample(host):
        return "email_role"
    if name in PLACEHOLDERS or PLACEHOLDER_NAMES.search(name.encode()) or _is_sample(host):
        return "email_placeholder"
    return "email_login" if LOGIN.search(before) else "email"


def _top(host: str) -> str:
    return host.rsplit(".", 1)[-1]


def _is_possible(name: str, host: str) -> bool:
    """Whether mail can be sent there, and not to a machine."""
    return (
        _top(host) in top_level_domains()
        and len(name.encode()) <= MAX_LOCAL
        and len(f"{name}@{host}".encode()) <= MAX_ADDRESS
        and name not in MACHINES
        and host not in ALGORITHMS
        and ".." not in name
        and not name.endswith(".")
    )


def _is_sample(host: str) -> bool:
    """Whether the registered name stands for any: company.com, example.co.uk."""
    labels = host.split(".")
    name = labels[-2]
    if len(name) <= 3 and len(labels) > 2:  # noqa: PLR2004 (co.uk, com.br)
        return labels[-3] in PLACEHOLDER_LABELS
    return name in PLACEHOLDER_LABELS


def _only(rule: str) -> Find:
    def find(data: bytes) -> Iterator[tuple[int, int]]:
        return ((start, end) for start, end, found in _addresses(data) if found == rule)

    return find


# Words that stand for the sign and the dot; letters of either case.
SPOKEN_AT = (
    r"arroba|arobase|ät|klammeraffe|chiocciola|собака|małpa|apenstaartje|"
    r"zavináč|kukac|snabel-?a|krøllalfa|alfakrøll|アット(?:マーク)?|골뱅이|艾特|שטרודל"
)
AT_WORDS = rf"at|chez|{SPOKEN_AT}"
DOT_WORDS = (
    r"dot|punto|ponto|point|punkt|punt|точка|kropka|tečka|bodka|pont|nokta|prik|punct|"
    r"ドット|닷|点|點|נקודה|نقطة"
)
OPEN, SHUT = r"[\[({<]", r"[\])}>]"
NAME = r"[\p{L}\p{N}][\p{L}\p{M}\p{N}_%+\-]*"
BRACKET_AT = rf" ?{OPEN} ?(?:{AT_WORDS}|@) ?{SHUT} ?"
BRACKET_DOT = rf"(?: ?{OPEN} ?(?:{DOT_WORDS}|\.) ?{SHUT} ?| (?:{DOT_WORDS}) |\.)"
SPOKEN_DOT = rf"(?: (?:{DOT_WORDS}) | ?{OPEN} ?(?:{DOT_WORDS}|\.) ?{SHUT} ?)"
PLAIN_DOT = rf"(?: (?:dot|punkt|tečka|prik) | ?{OPEN} ?(?:dot|punkt|\.) ?{SHUT} ?)"
COMMON_TLDS = frozenset(
    (
        "com org net edu gov io co info biz me de fr es it nl be ch at uk ie pl cz sk hu ro bg "
        "ru ua gr tr il ir in cn jp kr tw hk sg my id vn th ph au nz ca us mx br ar cl pe pt se "
        "no dk fi eu dev app ai tv za ng ke eg ma sa ae pk bd lk"
    ).split()
)


def _is_spelled(match: Match) -> bool:
    """Whether it ends like a domain, and nothing of it is a word of prose."""
    top = re2.search(r"\p{L}+$", match.value.lower())
    name = re2.search(r"^[^ \[({<]+", match.value.lower())
    return (
        top is not None
        and top.group() in COMMON_TLDS
        and name is not None
        and name.group() not in PROSE
        and not match.after[:1].isalnum()
    )


PROSE = frozenset("look looking available a the is are was be me us it him her them".split())


def _rule(identity: str, score: float, why: str) -> Rule:
    return Rule(identity, "email", GATE, find=_only(identity), score=score, priority=10, source=why)


RULES: tuple[Rule, ...] = (
    _rule("email", 0.98, "RFC 5321, RFC 6531; top level by the public-suffix list"),
    _rule("email_reserved", 0.98, "RFC 2606, RFC 6761"),
    _rule("email_role", 0.6, "RFC 2142 and common names of departments"),
    _rule("email_placeholder", 0.6, "names of no one: your.name@company.com"),
    _rule("email_login", 0.6, "ssh alice@host.org"),
    Rule(
        "email_bracketed",
        "email",
        gate=rf"(?i){OPEN} ?(?:{AT_WORDS}|@) ?{SHUT} ?[A-Za-z0-9\x80-\xff]",
        pattern=rf"(?i){NAME}(?:{BRACKET_DOT}{NAME})*{BRACKET_AT}{NAME}(?:{BRACKET_DOT}{NAME})+",
        check=_is_spelled,
        score=0.95,
        source="name [at] domain (dot) com, name(at)domain.de",
    ),
    Rule(
        "email_spaced",
        "email",
        gate=rf"@[A-Za-z0-9\-]+ ?{OPEN} ?(?:{DOT_WORDS}) ?{SHUT}|[A-Za-z0-9] @ [A-Za-z0-9\-]+ \. "
        rf"[A-Za-z]",
        pattern=rf"(?i){NAME}(?:\.{NAME})*(?:@{NAME}(?:\.{NAME})*(?: ?{OPEN} ?(?:{DOT_WORDS}) "
        rf"?{SHUT} ?"
        rf"{NAME})+|(?: \. {NAME})* @ {NAME}(?: \. {NAME})+)",
        check=_is_spelled,
        score=0.95,
        source="name@domain(dot)com, name @ domain . com",
    ),
    Rule(
        "email_spelled",
        "email",
        gate=rf"(?i) (?:at|{SPOKEN_AT}) [A-Za-z0-9\x80-\xff\-]+ ?{OPEN}?(?:{DOT_WORDS}){SHUT}? ?",
        pattern=rf"(?i){NAME}(?:(?:\.|{SPOKEN_DOT}){NAME})*(?: at {NAME}(?:{PLAIN_DOT}{NAME})+"
        rf"| (?:{SPOKEN_AT}) {NAME}(?:{SPOKEN_DOT}{NAME})+)",
        check=_is_spelled,
        score=0.9,
        source="name at domain dot com",
    ),
)
