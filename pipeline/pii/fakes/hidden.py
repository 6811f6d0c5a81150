"""Made-up secrets: the prefix and the length stay, a marker says that they open nothing.

The last signs are a keyed hash of those before: 1 in 2,200 of the values that carry the marker is
taken for ours falsely, 1 in 1,000 of digits alone. A value too short for marker and check becomes
longer: no short password may pass for ours.
"""

import re
import string

from pipeline.pii import checksums
from pipeline.pii.fakes.draw import Draw
from pipeline.pii.fakes.given import SPACED

MARKER = "fake"
HEX_MARKER = "facade00"
DIGIT_MARKER = "0000"
_CHECKED = 3
_HEX = "0123456789abcdef"
_PREFIX = re.compile(
    r"(?:sk-proj-|sk-ant-[a-z0-9]+-|sk-or-v1-|github_pat_|xox[a-z]-|hf_|glpat-|npm_|pypi-|SG\."
    r"|A(?:KIA|SIA|IDA|ROA)|AIza|ya29\.|GOCSPX-|eyJ|whsec_|shpat_|dop_v1_"
    r"|(?:sk|pk|rk)_(?:live|test)_|[A-Za-z]{1,8}[-_](?=\w{8}))"
)
_ARMOUR = re.compile(r"-----[A-Z0-9 ]{3,60}-----")
_DATABASE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CHAINS = re.compile(r"0x|bc1[qp]|tb1[qp]|ltc1q|addr1|(?:bitcoin|ethereum|litecoin):|[13LMDTXr4]")
_RUN = re.compile(r"[A-Za-z0-9+/=_-]+")
_BREAK = re.compile(r"(?:\\r|\\n|\s)+")
_LONG = 12
_SEED_WORDS = 12


def secret(kind: str, written: str, seed: str, draw: Draw) -> str:
    """A secret that opens nothing."""
    if _ARMOUR.search(written):
        return _armoured(kind, written, seed, draw)
    scheme = _DATABASE.match(written)
    if scheme:
        word = _body(kind, "x" * _LONG, seed, draw)
        return f"{scheme[0]}user:{word}@db.example.org/app"
    prefix = _prefix(kind, written)
    return prefix + _body(kind, written[len(prefix) :], seed, draw)


def is_our_secret(kind: str, value: str, draw: Draw) -> bool:
    """Whether `secret` gives it."""
    if _ARMOUR.search(value):
        runs = [run for run in _runs(value) if run]
        return bool(runs) and _is_body(kind, runs[0], draw)
    scheme = _DATABASE.match(value)
    if scheme:
        found = re.fullmatch(r"user:(\w+)@db\.example\.org/app", value[scheme.end() :])
        return found is not None and _is_body(kind, found[1], draw)
    return _is_body(kind, value[len(_prefix(kind, value)) :], draw) or _is_body(kind, value, draw)


def wallet(written: str, seed: str, draw: Draw) -> str:
    """An address whose checksum is wrong; for a seed phrase words that are in no list of them."""
    words = written.split()
    if len(words) >= _SEED_WORDS:
        names = SPACED["Latin"].families
        made = [names[draw.number(f"seed|{seed}|{at}", len(names))] for at in range(len(words) - 1)]
        return " ".join([*made, _checking(made, draw)]).lower()
    prefix = found[0] if (found := _CHAINS.match(written)) else ""
    rest = written[len(prefix) :]
    if prefix == "0x":
        return prefix + _mixed(
            _tailed("wallet", draw.signs(f"wallet|{seed}", len(rest), _HEX), draw)
        )
    alphabet = checksums.BECH32 if "1" in prefix[2:] else checksums.BASE58
    return prefix + _tailed("wallet", draw.signs(f"wallet|{seed}", len(rest), alphabet), draw)


def is_our_wallet(value: str, draw: Draw) -> bool:
    """Whether `wallet` gives it."""
    words = value.split()
    if len(words) >= _SEED_WORDS:
        return words[-1].lower() == _checking(words[:-1], draw).lower()
    prefix = found[0] if (found := _CHAINS.match(value)) else ""
    rest = value[len(prefix) :]
    if checksums.base58_check(value) or checksums.bech32(value):
        return False
    if prefix == "0x" and rest != _mixed(rest):
        return False
    return len(rest) > _CHECKED and _tailed("wallet", rest, draw).casefold() == rest.casefold()


def _mixed(body: str) -> str:
    """Capitals, then small letters: the checksum of EIP-55 is a case like this once in 2^30."""
    half = len(body) // 2
    return body[:half].upper() + body[half:].lower()


def _checking(words: list[str], draw: Draw) -> str:
    names = SPACED["Latin"].families
    return names[draw.number("seed|" + " ".join(words).lower(), len(names))]


def _prefix(kind: str, written: str) -> str:
    """What tells the issuer; a password has none."""
    found = _PREFIX.match(written) if kind == "secret" else None
    return found[0] if found else ""


def _body(kind: str, written: str, seed: str, draw: Draw) -> str:
    """Signs of the kinds that occur in what was written, as many, eight at least."""
    is_hex = len(written) > _LONG and all(sign in string.hexdigits for sign in written)
    marker = DIGIT_MARKER if written.isdigit() else HEX_MARKER if is_hex else MARKER
    if written.isupper():
        marker = marker.upper()
    size = max(len(written) - len(marker), _CHECKED + 1)
    chosen = draw.signs(f"{kind}|{seed}", size, _alphabet(written, is_hex))
    return _tailed(kind, marker + chosen, draw)


def _alphabet(written: str, is_hex: bool) -> str:  # noqa: FBT001 (of one caller)
    if is_hex and not written.isdigit():
        return _HEX.upper() if written.isupper() else _HEX
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    return "".join(a for a in classes if any(s in a for s in written)) or string.digits


def _is_body(kind: str, value: str, draw: Draw) -> bool:
    folded = value.casefold()
    is_marked = folded.startswith(DIGIT_MARKER if value.isdigit() else (MARKER, HEX_MARKER))
    is_whole = is_marked and len(value) > len(MARKER) + _CHECKED
    return is_whole and _tailed(kind, value, draw).casefold() == folded


def _tailed(kind: str, body: str, draw: Draw) -> str:
    """The body with its last signs made from the others."""
    head = body[:-_CHECKED]
    tail = draw.signs(f"tail|{kind}|{head.casefold()}", _CHECKED, _tails(body))
    return head + (tail.upper() if head.isupper() else tail)


def _tails(body: str) -> str:
    """Digits, or what hexadecimal numbers, base 58 and Bech32 have in common."""
    return string.digits if body.isdigit() else "23456789acdef"


def _armoured(kind: str, written: str, seed: str, draw: Draw) -> str:
    """Header, footer and the ends of lines stay; what is between them is made up."""
    made, at = [], 0
    for number, armour in enumerate((*_ARMOUR.finditer(written), None)):
        end = armour.start() if armour else len(written)
        made.append(_refilled(kind, written[at:end], f"{seed}|{number}", draw))
        if armour:
            made.append(armour[0])
            at = armour.end()
    return "".join(made)


def _refilled(kind: str, text: str, seed: str, draw: Draw) -> str:
    pieces = re.split(f"({_BREAK.pattern})", text)
    return "".join(
        piece if at % 2 or not piece else _body(kind, piece, f"{seed}|{at}", draw)
        for at, piece in enumerate(pieces)
    )


def _runs(value: str) -> list[str]:
    """The lines between header and footer."""
    return [run for part in _ARMOUR.split(value) for run in _BREAK.split(part) if _RUN.match(run)]
