"""Made-up values that look like the real ones and belong to nobody.

Each is chosen by a keyed hash of the conversation, the kind and the value as it was first written:
the same in one conversation, in all its spellings, and another one in any other. A value carries a
keyed check of itself, so that a text that is redacted again keeps it. How often a value that is
not ours passes for one: at most 1 in 1,000 of those of the same reserved range, where the range
holds 16,000 values or more; in smaller ranges 16 of all. A value outside of our ranges never does.

    e-mail, URL, user name, passport-like and national numbers, account, IBAN    1 in 1,000
    telephone +1 NXX 555 01xx; secret, wallet                                    1 in 1,000; 2,200
    telephone 7946 0xxx, 7700 900xxx; 555-01xx; IPv4; MAC                        1 in 62; 6; 47; 16
    coordinates with four decimals; street address                               1 in 1,000
    date of birth on the first of January, 1950 to 1999                          1 in 3
    card                                                   half of the published test numbers
    name of a person                                       see pipeline/pii/fakes/people.py
"""

import functools
import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import NamedTuple

from pipeline.pii.entities import identity
from pipeline.pii.fakes import hidden, numbers, online, people, places
from pipeline.pii.fakes.draw import Draw

_PIECE = re.compile(r"[0-9]+|[^\W\d_](?:[^\W\d_]|['\u2019](?=[^\W\d_]))*")
MOST_PIECES, LONGEST = 24, 6
"""Words of a value in which a surrogate is looked for, and of the longest surrogate."""


class _Maker(NamedTuple):
    """Makes the values of a kind, and knows them: what is written, the seed, the conversation."""

    made: Callable[[str, str, Draw], str]
    is_ours: Callable[[str, Draw], bool]


def _of(kind: str) -> _Maker:
    return _MAKERS.get(kind) or _Maker(partial(numbers.made, kind), partial(numbers.is_ours, kind))


_MAKERS = {
    "email": _Maker(online.email, online.is_our_email),
    "username": _Maker(online.username, online.is_our_username),
    "ip": _Maker(online.ip, online.is_our_ip),
    "address": _Maker(places.address, places.is_our_address),
    "coordinates": _Maker(places.coordinates, places.is_our_point),
    "date_of_birth": _Maker(places.day, places.is_our_day),
    "wallet": _Maker(hidden.wallet, hidden.is_our_wallet),
    **{
        kind: _Maker(partial(online.url, kind), partial(online.is_our_url, kind))
        for kind in ("url", "url_secret")
    },
    **{
        kind: _Maker(partial(hidden.secret, kind), partial(hidden.is_our_secret, kind))
        for kind in ("secret", "password")
    },
}


def surrogate(
    kind: str, written: str, first: str, key: bytes, conversation_id: str, *, attempt: int = 0
) -> str:
    """A value of the same shape, chosen by the key.

    Args:
        kind: a name of pipeline/pii/kinds.py.
        written: the value as it is written here.
        first: the value as it was written first; a person by the fullest spelling.
        key: 32 bytes or more.
        conversation_id: the same value has another surrogate in another conversation.
        attempt: another number, another surrogate: for values that would get the same one.
    """
    draw = _draw(key, conversation_id)
    seed = f"{attempt}|{identity(kind, first)}"
    if kind == "person":
        return people.made(written, first, seed, draw)
    return _of(kind).made(written, seed, draw)


def is_ours(kind: str, value: str, key: bytes, conversation_id: str) -> bool:
    """Whether a value is a surrogate that we made for this conversation."""
    draw = _draw(key, conversation_id)
    if kind == "person":
        return people.is_ours(value.strip(), draw)
    return _of(kind).is_ours(value.strip(), draw)


def holds(kind: str, value: str, key: bytes, conversation_id: str) -> bool:
    """Whether a surrogate of ours stands in a value, with words around it that were taken in.

    A detector may take more beside a surrogate than it took beside the value itself, or less: a
    country behind a street, a word before a name, a letter that an escape had kept. A name of one
    word counts where nobody is called so, in Latin letters; of other scripts two words must be
    ours, for one in thirteen of their names is.
    """
    if kind == "username":
        return is_ours(kind, value[1:], key, conversation_id)
    if kind not in {"person", "address"}:
        return False
    pieces = [piece.span() for piece in islice(_PIECE.finditer(value), MOST_PIECES)]
    for first, (start, _) in enumerate(pieces):
        for _, end in pieces[first : first + LONGEST]:
            part = value[start:end]
            is_telling = " " in part or (kind == "person" and people.script_of(part) == "Latin")
            if is_telling and is_ours(kind, part, key, conversation_id):
                return True
    return False


@functools.lru_cache(256)
def _draw(key: bytes, conversation_id: str) -> Draw:
    return Draw.of(key, conversation_id)
