"""Section: topics, as a map one can walk in: near topics lie near each other."""

from typing import NamedTuple

import numpy as np

from pipeline.errors import CurationError
from pipeline.recipe import find, load, shipped
from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from pipeline.stages.topics import TagTopics
from pipeline.statistics import cells
from pipeline.topics import model
from pipeline.topics.model import Model
from schemas.report import Figure, Section

SAYS = (
    "What the prompts are about, by the frozen model that tagged the release. On the map the "
    "distance between two topics stands for how different their words are."
)
STEPS, NEIGHBOURS, NAME_CHARS = 300, 3, 28


class Named(NamedTuple):
    """A topic of the release: number, name, conversations."""

    number: int
    name: str
    conversations: int


def sections(sources: Sources) -> list[Section]:
    """Sizes of topics, and their map where the model is at hand; none without topics."""
    shown, other = _shown(sources)
    total = sum(sources.survey.topics.values())
    rows = [(one.name, one.conversations, tables.share(one.conversations, total)) for one in shown]
    if other:
        rows.append((tables.OTHER, other, tables.share(other, total)))
    return tables.section(
        "topics",
        "Topics",
        SAYS,
        _map(sources, shown),
        tables.figure(
            "topics",
            ("Conversations by topic", "Small topics, and what is of no topic, are other."),
            [("topic", "Topic", "text"), ("conversations", "Conversations", "count"),
             ("share", "Share", "share")],
            rows,
            charts.bars("topic", "conversations", count=len(rows)),
        ),
    )  # fmt: skip


def _shown(sources: Sources) -> tuple[list[Named], int]:
    """Topics with enough conversations, the largest first; and how many are of the others."""
    found = {f"{n}": count for (n, _), count in sources.survey.topics.items() if n >= 0}
    names = dict(sources.survey.topics.keys())
    rest = sum(count for (n, _), count in sources.survey.topics.items() if n < 0)
    small = cells.hidden(found, sources.minimum)
    kept = [Named(int(n), names[int(n)], c) for n, c in found.items() if n not in small]
    kept.sort(key=lambda one: (-one.conversations, one.number))
    return kept, rest + sum(found[number] for number in small)


def _map(sources: Sources, shown: list[Named]) -> list[Figure]:
    frozen = _model(sources)
    if frozen is None or len(shown) < 3:  # noqa: PLR2004 (a triangle is the first map)
        return []
    directions = _directions(frozen)
    known = [one for one in shown if one.number in directions]
    vectors = np.array([directions[one.number] for one in known])
    likeness = vectors @ vectors.T
    places = laid_out(1 - likeness)
    terms = {topic["id"]: ", ".join(topic.get("terms", ())) for topic in frozen.card["topics"]}
    rows = []
    for at, one in enumerate(known):
        order = np.argsort(-likeness[at], kind="stable").tolist()
        near = [other for other in order if other != at][:NEIGHBOURS]
        rows.append(
            (one.name, _short(one.name), terms.get(one.number, ""), one.conversations,
             round(float(places[at, 0]), 3), round(float(places[at, 1]), 3),
             round(float(likeness[at, near[0]]), 3),
             " | ".join(known[other].name for other in near))
        )  # fmt: skip
    figures = tables.figure(
        "topic-map",
        ("Map of topics",
         ("Size: conversations. Drag to move, shift and wheel to zoom; or choose a topic below and "
         "walk on to its neighbours.")),
        [("topic", "Topic", "text"), ("name", "Name on the map", "text"),
         ("terms", "Terms", "text"), ("conversations", "Conversations", "count"),
         ("x", "x", "number"), ("y", "y", "number"), ("cosine", "Cosine to the nearest", "number"),
         ("near", "Nearest topics", "text")],
        rows,
        charts.scatter(_box(places)),
    )  # fmt: skip
    return [Figure(f.id, f.title, f.says, f.columns, f.rows, f.chart, walk=True) for f in figures]


def _box(places: np.ndarray) -> dict[str, float]:
    """What of the plane is in sight at first: all points, and a margin."""
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.maximum((high - low) * 0.1, 1e-3)
    ends = {"0": low - margin, "1": high + margin}
    return {
        f"{axis}{end}": round(float(found[at]), 4)
        for at, axis in enumerate("xy")
        for end, found in ends.items()
    }


def _model(sources: Sources) -> Model | None:
    """The clusters that tagged the release, if they are still at hand."""
    wanted = sources.release.models.get(TagTopics.name)
    if wanted is None:
        return None
    name = sources.run.plan.recipe_name
    folders = [sources.folders.at("models", wanted)]
    try:
        if name in shipped():
            stages = load(str(find(name))).stages
            folders += [s.model for s in stages if isinstance(s, TagTopics) and s.model]
        for folder in folders:
            if model.is_there(folder) and model.fingerprint(folder) == wanted:
                frozen = model.load(folder)
                return frozen if frozen.kind == "clusters" else None
    except CurationError:
        return None
    return None


def _directions(frozen: Model) -> dict[int, np.ndarray]:
    """The direction of each topic: the mean of its centroids, of length 1."""
    sizes = np.linalg.norm(frozen.centroids, axis=1, keepdims=True)
    units = frozen.centroids / np.maximum(sizes, 1e-9)
    found = {}
    for number in np.unique(frozen.topic_of[frozen.topic_of >= 0]).tolist():
        mean = units[frozen.topic_of == number].mean(axis=0)
        found[number] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


def laid_out(distances: np.ndarray) -> np.ndarray:
    """Places in the plane whose distances are like those given: (points, points) -> (points, 2).

    Classical scaling, then majorization of the stress; the same input gives the same map.

    Source:
        de Leeuw 1977, "Applications of convex analysis to multidimensional scaling".
    """
    size = len(distances)
    centre = np.eye(size) - 1 / size
    values, vectors = np.linalg.eigh(-centre @ distances**2 @ centre / 2)
    places: np.ndarray = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-9))
    places *= np.sign(places[np.abs(places).argmax(axis=0), [0, 1]])
    for _ in range(STEPS):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        ratio = -distances / np.maximum(apart, 1e-9)
        np.fill_diagonal(ratio, 0)
        np.fill_diagonal(ratio, -ratio.sum(axis=1))
        places = ratio @ places / size
    return places


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARS else name[:NAME_CHARS].rsplit(",", 1)[0] + " …"
