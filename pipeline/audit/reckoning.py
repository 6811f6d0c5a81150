"""What the verdicts of one or two reviewers come to."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from pipeline.audit import bounds
from pipeline.audit.queue import Item, Result, Share

Verdicts = tuple[bool | None, ...]
"""What each reviewer says of a span."""


def result(release: str, filled: Sequence[Sequence[Item]]) -> Result:
    """Put together the verdicts of all reviewers, item by item."""
    sample = [told for told in filled if told[0].part == "sample"]
    judged = [told for told in sample if any(item.left is not None for item in told)]
    flags = [any(item.left for item in told) for told in judged]
    weighted = bounds.weighted(flags, [told[0].weight for told in judged])
    left = _upper(flags)
    ruled = _ruled(filled)
    by_kind = defaultdict(list)
    for kind, ones in ruled:
        by_kind[kind].append(_is_right(ones))
    agreement = {}
    if filled and len(filled[0]) > 1:
        pairs = [[bool(i.left) for i in t] for t in judged if all(i.left is not None for i in t)]
        both = [[bool(a) for a in one] for _, ones in ruled for one in ones if None not in one]
        agreement = {"left": _kappa(pairs), "spans": _kappa(both)}
    return Result(
        release=release,
        reviewers=len(filled[0]) if filled else 0,
        unjudged=len(sample) - len(judged),
        left=left,
        weighted=weighted,
        bound=max(left.bound, weighted[1]),
        kinds=dict(Counter(k for t in judged for k in {k for i in t for k in i.left or ()})),
        precision=_lower([_is_right(ones) for _, ones in ruled]),
        precision_by_kind={kind: _lower(rights) for kind, rights in sorted(by_kind.items())},
        agreement=agreement,
        strata=_by_stratum([told[0].stratum for told in judged], flags),
    )


def _ruled(filled: Sequence[Sequence[Item]]) -> list[tuple[str, list[Verdicts]]]:
    """Each redacted value of a conversation once: its kind, and the verdicts on its spans.

    A name that a long talk repeats is one finding of the redactor, not hundreds.
    """
    values: dict[tuple[str, str, str], list[Verdicts]] = defaultdict(list)
    for told in filled:
        for spans in zip(*(item.spans for item in told), strict=True):
            rights = tuple(span.right for span in spans)
            if set(rights) != {None}:
                span, item = spans[0], told[0]
                shown = item.text[span.start : span.end]
                values[item.conversation_id, span.kind, shown].append(rights)
    return [(kind, ones) for (_, kind, _), ones in values.items()]


def _is_right(ones: Sequence[Verdicts]) -> bool:
    return all(right is not False for rights in ones for right in rights)


def _kappa(pairs: Sequence[Sequence[bool]]) -> float | None:
    return bounds.kappa([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _upper(flags: Sequence[bool]) -> Share:
    return Share(sum(flags), len(flags), bounds.upper(sum(flags), len(flags)))


def _lower(flags: Sequence[bool]) -> Share:
    return Share(sum(flags), len(flags), bounds.lower(sum(flags), len(flags)))


def _by_stratum(
    names: Sequence[dict[str, str]], flags: Sequence[bool]
) -> dict[str, dict[str, Share]]:
    """By each dimension alone, and by the whole stratum."""
    found: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name, flag in zip(names, flags, strict=True):
        for dimension, value in (*name.items(), ("stratum", "/".join(name.values()))):
            found[dimension][value].append(flag)
    return {
        dimension: {value: _upper(found[dimension][value]) for value in sorted(found[dimension])}
        for dimension in found
    }
