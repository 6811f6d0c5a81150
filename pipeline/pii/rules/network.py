"""Addresses of machines: public IP addresses, and MAC addresses."""

import ipaddress
import re

import re2

from pipeline.pii.rule import Match, Rule

OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
HEX = "[0-9A-Fa-f]"
WELL_KNOWN = frozenset(
    ipaddress.ip_address(address)
    for address in (
        *("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112"),
        *("208.67.222.222", "208.67.220.220", "4.2.2.1", "4.2.2.2", "114.114.114.114"),
        *(
            "223.5.5.5",
            "223.6.6.6",
            "119.29.29.29",
            "94.140.14.14",
            "77.88.8.8",
            "1.2.3.4",
            "100.1.2.3",
            "100.1.1.1",
        ),
        *("123.45.67.89", "98.76.54.32", "12.34.56.78", "123.123.123.123", "11.22.33.44"),
        *("1.1.1.2", "8.8.8.4", "2.2.2.2", "3.3.3.3", "4.4.4.4", "5.5.5.5", "6.6.6.6", "7.7.7.7"),
        *("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111"),
        *("2606:4700:4700::1001", "2620:fe::fe", "2620:119:35::35"),
    )
)
"""Public resolvers, and what examples are made of."""
STUCK = re.compile(r"[A-Za-z\d\u00c0-\u052f._-]\Z")
HOST_CUE = re2.compile(
    (
        r"(?i)(?:\bip|ipv4|ipv6|server|host|address|adresse?|dirección|адрес|地址|アドレス|주소|"
        r"ping|"
        r"ssh"
        r"|curl|gateway|router|machine|node|from|://|@)\W{0,4}(?:\w+\W){0,2}$"
    ).encode()
)
VERSION_CUE = re2.compile(
    (
        r"(?i)(?:\bv|\bver|version[s:]?|versión|versão|версия|버전|バージョン|版本|release|build|"
        r"firmware"
        r"|update|patch|driver|\bsdk|section|chapter|figure|table|§|oid|[a-z]/|[=<>~^]=|"
        r"\br)\W{0,2}$"
    ).encode()
)
SUBNET = re.compile(r"^\d|^ ?/ ?\d|^\.\d|^-\d|^[A-Za-z_]|^:\d+\.\d")


def _is_public_v4(match: Match) -> bool:
    """A host that can be reached, not a version, a subnet, a heading, a sample."""
    if STUCK.search(match.before):
        return False
    octets = [int(octet) for octet in match.value.split(".")]
    is_round = octets[-1] in {0, 255} and octets[-2] in {0, 255}
    if is_round or len(set(match.value)) < 4 or not _is_public(match.value):  # noqa: PLR2004
        return False
    before = match.before.encode()
    if SUBNET.search(match.after) or VERSION_CUE.search(before):
        return False
    is_small = octets[0] < 10 and max(octets) < 40  # noqa: PLR2004 (a heading or a version)
    return not is_small or HOST_CUE.search(before) is not None


def _is_public_v6(match: Match) -> bool:
    """All eight groups, or a shortened address of the part that is given out."""
    if STUCK.search(match.before) or GROUP_BEFORE.search(match.before):
        return False
    if re.match(r":|\w|/\d", match.after):
        return False
    if "::" in match.value and (match.value.count(":") < 3 or match.value[0] not in "23"):  # noqa: PLR2004
        return False
    return _is_public(match.value) and len(set(match.value)) > 4  # noqa: PLR2004 (aaaa:aaaa:...)


def _is_public(value: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast and address not in WELL_KNOWN


GROUP_BEFORE = re.compile(r"(?:^|[^A-Za-z])[0-9A-Fa-f]{1,4}[:.-]$|::$")
"""A longer dump: another group stands right before, not a word and a colon."""
SAMPLE_MACS = frozenset(
    {
        *("001122334455", "aabbccddeeff", "0123456789ab", "001a2b3c4d5e", "123456789abc"),
        *("1a2b3c4d5e6f", "a1b2c3d4e5f6", "deadbeefcafe", "112233445566", "001b44113ab7"),
        *("0123456789ab", "00005e005301", "00005e0053af", "000000000001", "0a0027000000"),
        *("deadbeef0001", "abcdef123456", "123456abcdef", "001b638445e6", "00155d000000"),
    }
)


def _is_mac(match: Match) -> bool:
    """A device's own address: no group, no sample, no part of a longer dump."""
    sign = match.value[2] if match.value[2] in ":-" else "."
    around = match.before[-1:].replace(":", "") + match.after[:1]
    if re.search(r"[A-Za-z\d\u00c0-\u052f:_]", around):
        return False
    if GROUP_BEFORE.search(match.before) or re.match(rf"{re.escape(sign)}\w", match.after):
        return False
    digits = re.sub("[^0-9a-f]", "", match.value.lower())
    return (
        digits not in SAMPLE_MACS
        and not digits.startswith(("000000", "ffffff", "01005e", "3333"))
        and len(set(digits)) > 3  # noqa: PLR2004 (11:11:11:22:22:22)
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "ip_v4",
        "ip",
        gate=r"[0-9]\.[0-9][0-9]?[0-9]?\.[0-9][0-9]?[0-9]?\.[0-9]",
        pattern=rf"{OCTET}(?:\.{OCTET}){{3}}",
        check=_is_public_v4,
        score=0.96,
        priority=5,
        source="RFC 6890, RFC 5737",
    ),
    Rule(
        "ip_v6",
        "ip",
        gate=rf"{HEX}:{HEX}*:{HEX}*:{HEX}|{HEX}{HEX}{HEX}:{HEX}*:{HEX}*:",
        pattern=rf"{HEX}{{1,4}}(?::{HEX}{{1,4}}){{7}}|{HEX}{{4}}(?::{HEX}{{0,4}}){{2,7}}",
        check=_is_public_v6,
        score=0.98,
        priority=5,
        source="RFC 4291, RFC 3849",
    ),
    Rule(
        "mac",
        "mac",
        gate=rf"{HEX}{HEX}:{HEX}{HEX}:{HEX}{HEX}:{HEX}{HEX}:|{HEX}{HEX}-{HEX}{HEX}-{HEX}{HEX}-"
        rf"{HEX}{HEX}-|{HEX}{HEX}{HEX}{HEX}\.{HEX}{HEX}{HEX}{HEX}\.{HEX}",
        pattern=rf"\b{HEX}{{2}}(?:(?::{HEX}{{2}}){{5}}|(?:-{HEX}{{2}}){{5}})"
        rf"|\b{HEX}{{4}}\.{HEX}{{4}}\.{HEX}{{4}}",
        check=_is_mac,
        score=0.97,
        source="IEEE 802, RFC 7042",
    ),
)
