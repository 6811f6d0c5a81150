"""Made-up names of persons, of the same script and written the same way.

In scripts that space words, a conversation uses one given name in fifty of its list, four at least,
and one family name in fifty, two at least; a name is ours if all of its words are. So a part of a
name, later in the conversation, is known as ours too. Latin names are put together, and hardly
anybody has them. Of those who have names of the lists, we take for ours falsely, by both names:
Latin 1 in 2,500, Cyrillic 1 in 850, Arabic, Hebrew, Devanagari 1 in 220 to 290; by one name: Latin
1 in 50, others 1 in 13 to 53. Names that are not in the lists are never ours. Chinese and Korean
names: 1 in 1,000, of two syllables 1 in 70; Japanese 1 in 64, a given name in kana any of the list.
"""

import functools
import re
from collections.abc import Sequence

from pipeline.pii import seen
from pipeline.pii.fakes import given as lists
from pipeline.pii.fakes.draw import Draw
from pipeline.pii.fakes.lettering import cased
from pipeline.pii.words import TITLES

SHARE = 50
LEAST_GIVEN = 4
LEAST_FAMILIES = 2
MIDDLES = 2
"""Different middle names of a person."""
_PARTICLES = frozenset(
    """da das de del della den der di do dos du e el la las le los ten ter van von y zu al bin ibn
    bint ben bat""".split()  # noqa: SIM905 (a list of them takes a page)
)
_WORD = re.compile(r"[^\s,;()\"\u201c\u201d]+")
_TAIL = re.compile(r"(?i)['\u2019]s$|['\u2019]$|(?<=\w\w)\.$")
_HAN = re.compile(r"[\u3400-\u9fff\u3005]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fc]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_SCRIPTS = (
    ("Cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("Arabic", re.compile(r"[\u0600-\u06ff]")),
    ("Hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("Devanagari", re.compile(r"[\u0900-\u097f]")),
)
_MARKS = re.compile(r"[\s\u3000\u30fb\u00b7]+")
"""Between the words of such a name."""
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

Slots = Sequence[Sequence[str]]


def script_of(written: str) -> str:
    """The first of our scripts that occurs in it; Latin where none does."""
    return next((name for name, pattern in _SCRIPTS if pattern.search(written)), "Latin")


def made(written: str, whole: str, seed: str, draw: Draw) -> str:
    """A name as this one is written.

    Args:
        written: a spelling of the name, or a part of it.
        whole: the fullest spelling of the conversation.
        seed: chooses the person.
        draw: of the conversation.
    """
    shapes = _unspaced(written)
    if shapes:
        return _laid(written, draw.filled("person", seed, shapes[0]))
    script = script_of(written)
    roles = _roles(_in_order(whole))
    is_turned = "," in written
    state = [0, is_turned]

    def one(match: re.Match[str]) -> str:
        word, tail = _cut(match[0])
        if _is_kept(word):
            return match[0]
        role = roles.get(_bare(word), _next_role(state))
        state[0] += 1
        return _as(word, _person(script, role, seed, draw)) + tail

    return _WORD.sub(one, written)


def is_ours(value: str, draw: Draw) -> bool:
    """Whether `made` gives this name, or this part of a name."""
    shapes = _unspaced(value)
    if shapes:
        return any(draw.has_filled("person", _parts(value, shape), shape) for shape in shapes)
    script = script_of(value)
    words = _in_order(value)
    if not words:
        return False
    known = _known(draw, script)
    return all(any(_fits(word, name) for name in known) for word in words)


@functools.lru_cache(1024)
def _known(draw: Draw, script: str) -> frozenset[str]:
    """All words of the names of a conversation, folded."""
    names = lists.SPACED[script]
    forms = (names.families, names.feminine or names.families)
    families = (form[at] for at in _kept_families(draw, script) for form in forms)
    return frozenset(seen.folded(name) for name in (*_kept_given(draw, script), *families))


def _person(script: str, role: str, seed: str, draw: Draw) -> str:
    """One name of the person: `given`, `family`, `middle0`, `middle1`."""
    first = _kept_given(draw, script)
    name = first[draw.number(f"given|{seed}", len(first))]
    if role == "given":
        return name
    if role.startswith("middle"):
        return _middle(draw, script, name, int(role[-1]))
    families = _kept_families(draw, script)
    at = families[draw.number(f"family|{seed}", len(families))]
    names = lists.SPACED[script]
    is_feminine = bool(names.ends) and name.endswith(names.ends)
    return (names.feminine if is_feminine else names.families)[at]


@functools.lru_cache(1024)
def _kept_given(draw: Draw, script: str) -> tuple[str, ...]:
    """The given names that a conversation uses."""
    names = lists.SPACED[script].given
    kept = _some(draw, f"kept|{script}", len(names), LEAST_GIVEN)
    return tuple(names[at] for at in kept)


@functools.lru_cache(1024)
def _kept_families(draw: Draw, script: str) -> tuple[int, ...]:
    """The family names that a conversation uses, as places in the list."""
    return _some(draw, f"families|{script}", len(lists.SPACED[script].families), LEAST_FAMILIES)


def _some(draw: Draw, label: str, size: int, least: int) -> tuple[int, ...]:
    """Different numbers below `size`, one in `SHARE` of them, not less than `least`."""
    found: dict[int, None] = {}
    at = 0
    while len(found) < max(least, size // SHARE):
        found[draw.number(f"{label}|{at}", size)] = None
        at += 1
    return tuple(found)


def _middle(draw: Draw, script: str, name: str, at: int) -> str:
    """Another given name of the conversation."""
    names = [other for other in _kept_given(draw, script) if other != name]
    return names[(draw.number(f"middle|{name}", len(names)) + at) % len(names)]


def _fits(word: str, name: str) -> bool:
    """Whether a folded word is the name or its first letter."""
    return word == name or word.rstrip(".") == name[0]


def _named(value: str) -> list[str]:
    """The words of a name that are replaced: no titles, no particles."""
    return [word for word in _WORD.findall(value) if not _is_kept(_cut(word)[0])]


def _in_order(value: str) -> list[str]:
    """The folded words of a name, the given name first also where a comma says otherwise."""
    words = [_bare(word) for word in _named(value)]
    return words[1:] + words[:1] if "," in value else words


def _is_kept(word: str) -> bool:
    bare = _bare(word)
    is_particle = word.islower() and bare in _PARTICLES
    return is_particle or _is_title(bare) or not any(sign.isalpha() for sign in word)


def _is_title(bare: str) -> bool:
    return bare in TITLES and len(bare) > 1


def _cut(word: str) -> tuple[str, str]:
    """A word, and the mark of a possessive or the end of a sentence behind it."""
    found = _TAIL.search(word)
    if found is None or _is_title(_bare(word)):
        return word, ""
    return word[: found.start()], found[0]


def _bare(word: str) -> str:
    return seen.folded(_TAIL.sub("", word)).strip(".,")


def _roles(words: Sequence[str]) -> dict[str, str]:
    """Which part of the name each word of its fullest spelling is."""
    if len(words) < 2:  # noqa: PLR2004 (no family name)
        return {}
    roles = {word: f"middle{at % MIDDLES}" for at, word in enumerate(words[1:-1])}
    return {words[-1]: "family"} | roles | {words[0]: "given"}


def _next_role(state: list[int]) -> str:
    count, is_turned = state
    return "family" if (count > 0) != bool(is_turned) else "given"


def _as(word: str, name: str) -> str:
    """A name in the case of a word; an initial for an initial."""
    if len(word.rstrip(".")) == 1 and (word.isupper() or word.endswith(".")):
        name = name[0] + "." * word.endswith(".")
    return cased(word, name)


def _unspaced(value: str) -> list[Slots]:
    """What may stand at each place of a name of a script without spaces; none for other scripts."""
    signs = _MARKS.sub("", value)
    if _HANGUL.fullmatch(signs):
        syllables = [lists.HANGUL_GIVEN] * min(2, len(signs) - 1)
        return [(lists.HANGUL_FAMILIES, *syllables) if syllables else (lists.HANGUL_GIVEN,)]
    kana = _KANA.search(signs)
    if _HAN.fullmatch(signs) and len(signs) < 4:  # noqa: PLR2004 (two and two is Japanese)
        return [(lists.HAN_FAMILIES, *[lists.HAN_GIVEN] * max(1, len(signs) - 1))]
    if _HAN.fullmatch(signs) or (kana and _HAN.search(signs)):
        return [(lists.JAPANESE_FAMILIES, lists.JAPANESE_GIVEN)]
    if kana is None:
        return []
    given, families = (
        [_in_kana(signs, name) for name in names]
        for names in (lists.KANA_GIVEN, lists.KANA_FAMILIES)
    )
    is_whole = _MARKS.search(value.strip()) is not None or len(signs) > max(map(len, given))
    return [(families, given), (given,)] if is_whole else [(given,), (families, given)]


def _in_kana(signs: str, name: str) -> str:
    is_hiragana = "\u3041" <= signs[0] <= "\u3096"
    return name.translate(_TO_HIRAGANA) if is_hiragana else name


def _laid(written: str, parts: Sequence[str]) -> str:
    """The parts, with the mark between the words of `written` behind the family name."""
    mark = _MARKS.search(written.strip())
    return (mark[0] if mark and len(parts) > 1 else "").join((parts[0], "".join(parts[1:])))


def _parts(value: str, slots: Slots) -> list[str]:
    """The parts of a name as the slots have them; none where they do not fit."""
    signs = _MARKS.sub("", value)
    parts: list[str] = []
    for slot in slots:
        parts += [name for name in slot if signs.startswith(name)][:1]
        signs = signs.removeprefix(parts[-1]) if parts else signs
    return parts if not signs else []
