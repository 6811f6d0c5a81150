"""The rules: what speaks for a name, and how sure that makes it."""

from dataclasses import dataclass

from pipeline.pii.names import cues
from pipeline.pii.names.extents import Extent

NAME_RULES = (
    ("name_self", "a person says it is theirs: 'my name is X'"),
    ("name_am", "weaker: 'I am X', 'this is X'"),
    ("name_named", "of another: 'her name is X', 'a man named X'"),
    ("name_hello", "a greeting: 'Dear X,' 'Hi X,'"),
    ("name_bye", "a signature: 'Regards, X'"),
    ("name_field", "a field of a form, JSON or a table: 'Contact: X'"),
    ("name_kin", "a relative or colleague: 'my wife X'"),
    ("name_author", "a writer or signer: '(written by X'"),
    ("name_beside", "directly beside an e-mail address, a telephone number or the like"),
    ("name_titled", "an honorific: 'Dr. X'"),
    ("name_full", "the model is sure of a name of two words or more"),
    ("name_public", "the model sees a name that everyone knows, without a cue"),
    ("name_bare", "the model sees a name of one word, or is not sure"),
)
"""Identifier of each rule, and its evidence."""
RULE = {name: place for place, (name, _) in enumerate(NAME_RULES)}
CUED = tuple(f"name_{kind}".replace("header", "field") for kind in cues.KINDS)
RELEASE_USER = (
    *("name_self", "name_am", "name_hello", "name_bye", "name_field", "name_kin", "name_beside"),
)
"""Rules whose findings the default policy redacts where a user writes."""
RELEASE_ASSISTANT = ("name_self",)
"""Likewise where an assistant does; names of the user's turns come on top."""

LIKELY, SURE = 24, 64
"""Margins of the model: what counts without a cue, and what a full name needs."""
AFTER_HELLO = frozenset(",!.:?\n)-;\uff0c\u3002\uff01\u3001\u060c\u061f\u0964")
SCORES = {
    "name_self": 0.95,
    "name_am": 0.8,
    "name_named": 0.6,
    "name_hello": 0.9,
    "name_bye": 0.9,
    "name_field": 0.85,
    "name_kin": 0.9,
    "name_author": 0.6,
    "name_beside": 0.9,
}
SMALL_FACTOR, UNLISTED_FACTOR = 0.8, 0.85


@dataclass(frozen=True)
class Seen:
    """A name behind a cue, and what speaks for it.

    Attributes:
        name: its extent.
        margin: the model's, the best of its words.
        after: the sign behind it, or nothing.
        is_public: whether everyone knows it.
        is_abroad: whether it is in another script than the cue.
    """

    name: Extent
    margin: int
    after: str
    is_public: bool
    is_abroad: bool


def judged(rule: str, seen: Seen, *, is_near: bool) -> tuple[str, float]:
    """The rule of a name behind a cue, and how sure it is; 0: it is none."""
    name, margin = seen.name, seen.margin
    is_known = name.listed > 0 or margin > 0 or name.titled or seen.is_abroad
    ends_well = not seen.after or seen.after in AFTER_HELLO
    is_bounded = ends_well or name.stopped
    is_whole = name.listed == name.words and margin > 0
    refused = {
        "name_self": (seen.is_public and name.words == 1 and not name.listed)
        or not (is_known or is_bounded or name.cased),
        "name_am": margin <= (0 if name.cased else SURE)
        or not (name.listed or name.words > 1)
        or not (name.cased or is_whole),
        "name_named": margin <= 0 or not name.cased,
        "name_hello": not ends_well
        or (seen.after == ":" and not name.listed)
        or (name.small and not is_whole)
        or not (name.listed or name.titled or seen.is_abroad or margin > SURE),
        "name_bye": not (ends_well or seen.after.isspace()) or (name.small and not is_whole),
        "name_field": (name.small and not is_whole)
        or (name.words == 1 and (margin <= 0 or not name.listed or name.camel)),
        "name_kin": name.small and not is_whole,
        "name_author": name.small or (margin <= 0 and not seen.is_abroad),
    }[rule]
    if refused or (rule != "name_self" and (seen.is_public or not is_known)):
        return rule, 0.0
    if is_near and rule in {"name_am", "name_named", "name_author"}:
        rule = "name_beside"
    score = SCORES[rule] * (SMALL_FACTOR if name.small else 1)
    return rule, round(score * (1 if is_known else UNLISTED_FACTOR), 2)
