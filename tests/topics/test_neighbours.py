"""Texts become the mean of their neighbours': groups draw together, languages do not."""

import numpy as np

from pipeline.topics import neighbours
from pipeline.topics.vectors import unit


def groups(spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of 300 texts about three directions, and the direction of each."""
    rng = np.random.default_rng(seed)
    truth = np.arange(300) % 3
    return unit(np.eye(8)[truth] + spread * rng.normal(size=(300, 8))), truth


def apart(rows: np.ndarray, truth: np.ndarray) -> float:
    """How much more alike texts of one group are than those of two."""
    cosines, same = rows @ rows.T, truth[:, None] == truth
    return float(cosines[same].mean() - cosines[~same].mean())


def test_texts_draw_near_to_those_that_are_like_them() -> None:
    """Groups in noise are farther apart after smoothing, and rows keep length 1."""
    rows, truth = groups(0.35)
    smooth = neighbours.smoothed(rows, np.zeros(300, int))

    assert apart(smooth, truth) > apart(rows, truth) + 0.1
    assert np.allclose(np.linalg.norm(smooth, axis=1), 1, atol=1e-5)


def test_languages_do_not_draw_texts_together() -> None:
    """Where texts of a language are nearest to each other, what they are about still shows."""
    rows, truth = groups(0.2)
    spoken = np.arange(300) // 150
    mixed = unit(rows + np.eye(8)[6 + spoken])
    smooth = neighbours.smoothed(mixed, spoken)
    alone = neighbours.smoothed(mixed, np.zeros(300, int))

    assert apart(smooth, spoken) < 0.1 < apart(alone, spoken)
    assert apart(smooth, truth) > 0.5


def test_few_texts_are_their_own_neighbours() -> None:
    """A sample of one or two texts is no error."""
    for count in (1, 2):
        assert neighbours.smoothed(np.eye(4)[:count], np.zeros(count, int)).shape == (count, 4)
