"""Made-up addresses of the net: of domains and blocks kept for documentation.

Sources:
    RFC 2606 (example.com, .net, .org), RFC 5737 (IPv4), RFC 3849 (IPv6).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.pii.fakes.draw import Draw, Slots
from pipeline.pii.fakes.given import SPACED
from pipeline.pii.fakes.lettering import cased

DOMAINS = ("example.com", "example.net", "example.org")
_BLOCKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_HOSTS = tuple(str(host) for host in range(1, 255))
_GIVEN = tuple(name.lower() for name in SPACED["Latin"].given)
_GIVEN_SET = frozenset(_GIVEN)
_LONGEST = max(map(len, _GIVEN))
_FAMILIES = tuple(name.lower() for name in SPACED["Latin"].families)
_DIGITS = "0123456789"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_HEX = tuple(f"{value:04x}" for value in range(1 << 16))
_SLUG = 10
_V4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_V6 = re.compile(r"[0-9A-Fa-f:]{2,}")
_FULL_V6 = 7
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SEPARATED = re.compile(r"[a-z0-9]([._-])[a-z0-9]", re.IGNORECASE)
_SPELLED = re.compile(
    r"(?P<local>.+?)(?P<at>\s*(?:@|[\[({]\s*at\s*[\])}]|\bat\b|\(a\))\s*)(?P<domain>.+)",
    re.IGNORECASE | re.DOTALL,
)
_DOT = re.compile(r"\s*(?:[\[({]\s*dot\s*[\])}]|\bdot\b)\s*", re.IGNORECASE)
_EMAIL: Slots = (_GIVEN, _FAMILIES, DOMAINS)


class _Spelling(NamedTuple):
    """How an address is written: its signs for @ and dot, and what joins the words before it."""

    at: str
    dot: str
    joint: str


def email(written: str, seed: str, draw: Draw) -> str:
    """An address of an example domain, spelled as this one is."""
    spelling = _spelling(written)
    given, family, domain = draw.filled("email", seed, _EMAIL)
    joint = spelling.dot if spelling.joint == "." else spelling.joint
    made = f"{given}{joint}{family}{spelling.at}{domain.replace('.', spelling.dot)}"
    return cased(written, made)


def is_our_email(value: str, draw: Draw) -> bool:
    """Whether `email` gives it."""
    found = _SPELLED.fullmatch(value.lower().removeprefix("mailto:"))
    if found is None:
        return False
    domain = re.sub(r"\s+", "", _DOT.sub(".", found["domain"]))
    local = re.sub(r"\s+", "", _DOT.sub(".", found["local"]))
    return any(
        draw.has_filled("email", (given, family, domain), _EMAIL)
        for given, family in _halves(local)
    )


def _spelling(written: str) -> _Spelling:
    found = _SPELLED.fullmatch(written)
    if found is None:
        return _Spelling("@", ".", ".")
    dot = _DOT.search(found["domain"])
    local = _DOT.sub(".", found["local"])
    joint = _SEPARATED.search(local)
    return _Spelling(found["at"], dot[0] if dot else ".", joint[1] if joint else "")


def _halves(local: str) -> Iterator[tuple[str, str]]:
    """A given name and what is behind it, the joint left out."""
    for size in range(1, min(_LONGEST, len(local)) + 1):
        if local[:size] in _GIVEN_SET:
            yield local[:size], local[size:].lstrip("._-")


def username(written: str, seed: str, draw: Draw) -> str:
    """A family name and four digits."""
    name, *digits = draw.filled("username", seed, (_FAMILIES, *[_DIGITS] * 4))
    return "@" * written.startswith("@") + cased(written, name + "".join(digits))


def is_our_username(value: str, draw: Draw) -> bool:
    """Whether `username` gives it."""
    found = re.fullmatch(r"@?([a-z]+)([0-9]{4})", value.lower())
    slots = (_FAMILIES, *[_DIGITS] * 4)
    return found is not None and draw.has_filled("username", (found[1], *found[2]), slots)


def url(kind: str, written: str, seed: str, draw: Draw) -> str:
    """An address at example.org with a path that says nothing."""
    scheme = _SCHEME.match(written)
    path = "".join(draw.filled(kind, seed, [_LETTERS] * _SLUG))
    return f"{scheme[0] if scheme else ''}example.org/{_segment(kind)}/{path}"


def is_our_url(kind: str, value: str, draw: Draw) -> bool:
    """Whether `url` gives it."""
    address = value[found.end() :] if (found := _SCHEME.match(value)) else value
    path = address.rstrip("/.").removeprefix(f"example.org/{_segment(kind)}/")
    return draw.has_filled(kind, path, [_LETTERS] * _SLUG)


def _segment(kind: str) -> str:
    return "s" if kind == "url_secret" else "u"


def ip(written: str, seed: str, draw: Draw) -> str:
    """An address of a documentation block; a port or prefix length stays."""
    if (":" in written and "." not in written) or "::" in written:
        return _V6.sub(lambda found: _six(found[0], seed, draw), written, count=1)
    return _V4.sub("".join(draw.filled("ip", seed, (_BLOCKS, _HOSTS))), written, count=1)


def is_our_ip(value: str, draw: Draw) -> bool:
    """Whether `ip` gives it."""
    if found := _V4.search(value):
        block, _, host = found[0].rpartition(".")
        return draw.has_filled("ip", (block + ".", host), (_BLOCKS, _HOSTS))
    found = _V6.search(value)
    groups = [group for group in found[0].lower().split(":") if group] if found else []
    if groups[:2] != ["2001", "db8"]:
        return False
    slots = _groups(found[0]) if found else ()
    return draw.has_filled("ip6", [group.zfill(4) for group in groups[2:]], slots)


def _six(written: str, seed: str, draw: Draw) -> str:
    groups = draw.filled("ip6", seed, _groups(written))
    if len(groups) < _FULL_V6 - 1:
        made = f"2001:db8::{':'.join(groups)}"
    else:
        made = ":".join(("2001", "db8", *groups))
    return cased(written, made)


def _groups(written: str) -> Slots:
    """Two groups where zeros are left out, six where not."""
    return (_HEX,) * (2 if "::" in written else _FULL_V6 - 1)
