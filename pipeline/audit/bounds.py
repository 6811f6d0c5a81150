"""What a sample says of the whole: exact bounds of a share, weighted shares, agreement."""

from collections.abc import Sequence

from scipy import special

CONFIDENCE = 0.95


def upper(hits: float, trials: float, confidence: float = CONFIDENCE) -> float:
    """One-sided upper bound of a share; 1 without trials.

    No hit in 300 trials bounds the share by 0.00994 at 95 %.

    Source:
        Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the
        case of the binomial".
    """
    if hits >= trials:
        return 1.0
    return float(special.betaincinv(hits + 1, trials - hits, confidence))


def lower(hits: float, trials: float, confidence: float = CONFIDENCE) -> float:
    """One-sided lower bound of a share; 0 without trials."""
    if hits <= 0:
        return 0.0
    return float(special.betaincinv(hits, trials - hits + 1, 1 - confidence))


def weighted(flags: Sequence[bool], weights: Sequence[float]) -> tuple[float, float]:
    """The share of a whole in which each drawn one stands for `weight` others, and its bound.

    The bound is that of Clopper and Pearson for as many trials as the weights are worth: the
    squared sum of the weights over the sum of their squares, which is all of them if the weights
    are equal.

    Source:
        Korn and Graubard 1998, "Confidence intervals for proportions with small expected number
        of positive counts estimated from survey data"; Kish 1965 for the effective size.
    """
    total = sum(weights)
    if not total:
        return 0.0, 1.0
    share = sum(w for flag, w in zip(flags, weights, strict=True) if flag) / total
    size = total * total / sum(w * w for w in weights)
    return share, upper(share * size, size)


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float | None:
    """Cohen's agreement of two judges beyond chance; None where both always say the same one thing.

    Source:
        Cohen 1960, "A coefficient of agreement for nominal scales".
    """
    size = len(one)
    if not size:
        return None
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / size
    yes = sum(one) / size, sum(other) / size
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return None if chance == 1 else (agreed - chance) / (1 - chance)
