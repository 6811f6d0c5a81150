"""Section: models and users over time, battles and votes."""

from collections import Counter

import numpy as np
import pyarrow as pa

from pipeline import files
from pipeline.report import charts, people, tables
from pipeline.report.safety import shown
from pipeline.report.sources import Sources
from pipeline.statistics import cells
from schemas.report import Figure, Section

SAYS = "Who answered and how many asked, over time; and what users voted in battles."
MOST_MODELS, MOST_RIVALS = 9, 15
BATTLES, VOTED, PLACE = "battles", ("vote", "model_a", "model_b"), ("file", "offset")
OFFSET_BITS = 44
VOTES = {"leftvote": "A is better", "rightvote": "B is better", "tievote": "tie",
         "bothbad_vote": "both are bad"}  # fmt: skip


def sections(sources: Sources) -> list[Section]:
    """Models and users over time; votes; who met whom."""
    votes, pairs, wins = _battles(sources)
    return tables.section(
        "activity",
        "Models, users, battles",
        SAYS,
        _models(sources),
        _users(sources),
        _votes(votes, sources.minimum),
        _rivals(pairs, wins, sources.minimum),
        _met(pairs, sources.minimum),
    )


def _models(sources: Sources) -> list[Figure]:
    """Conversations by time and model: at each time, models with few of them are other."""
    names = tables.groups(sources.survey.models, sources.minimum, MOST_MODELS)
    times: dict[str, Counter[str]] = {}
    for (time, model), count in sources.survey.times.items():
        times.setdefault(time, Counter())[names[model]] += count
    rows = []
    for time, found in sorted(times.items()):
        small = cells.hidden(found, sources.minimum)
        told: Counter[str] = Counter()
        for model, count in found.items():
            told[tables.OTHER if model in small else model] += count
        rows += [(time, model, told[model]) for model in sorted(told)]
    totals = Counter({names[m]: 0 for m in names})
    for model, count in sources.survey.models.items():
        totals[names[model]] += count
    order = sorted(totals, key=lambda one: (one == tables.OTHER, -totals[one], one))
    return tables.figure(
        "models-over-time",
        ("Models over time", f"Released conversations; {len(sources.survey.models):,} models."),
        [("time", "Time", "text"), ("model", "Model", "text"),
         ("conversations", "Conversations", "count")],
        rows,
        charts.columns("time", "conversations", "model", order=order),
    )  # fmt: skip


def _users(sources: Sources) -> list[Figure]:
    if sources.run.plan.key is None:
        return []
    is_days = sources.survey.times is sources.survey.days
    users = people.by_time(sources.index, days=is_days)
    conversations: Counter[str] = Counter()
    for (time, _), count in sources.survey.times.items():
        conversations[time] += count
    rows: list[tuple[str, str, int | None]] = []
    for time in sorted(conversations):
        told = shown(users.get(time, 0), sources.minimum)
        rows += [(time, "users", told), (time, "conversations", conversations[time])]
    total = sources.statistics.users
    all_told = f"{total:,} distinct users in all" if total else "not known how many in all"
    return tables.figure(
        "users-over-time",
        ("Users over time",
         f"Distinct users ({all_told}) and their released conversations."),
        [("time", "Time", "text"), ("of", "Of", "text"), ("count", "Count", "count")],
        rows,
        charts.grouped("time", "count", "of"),
    )  # fmt: skip


Pairs = Counter[tuple[str, str]]


def _places(rows: pa.Table) -> np.ndarray:
    """The lines that rows come from, as one number each: shape (rows,) int64."""
    lines: np.ndarray = rows["file"].to_numpy().astype(np.int64) << OFFSET_BITS
    return lines | rows["offset"].to_numpy()


def _battles(sources: Sources) -> tuple[Counter[str], Pairs, Counter[str]]:
    """Votes by answer, kept battles by pair of models, and wins by model; from staged rows."""
    votes: Counter[str] = Counter()
    pairs: Pairs = Counter()
    wins: Counter[str] = Counter()
    for unit in sources.run.plan.units:
        with files.open_parquet(sources.folders.staged(unit.id, BATTLES)) as source:
            if not source.metadata.num_rows:
                continue
            rows = source.read([*VOTED, *PLACE], use_threads=False)
        gone = sources.folders.dropped(unit.id, BATTLES)
        kept = np.ones(rows.num_rows, bool)
        if files.exists(gone):
            kept = ~np.isin(_places(rows), _places(files.read_table(gone, list(PLACE))))
        rows = rows.select(list(VOTED))
        grouped = rows.filter(pa.array(kept)).group_by(list(VOTED)).aggregate([([], "count_all")])
        for one in grouped.to_pylist():
            vote, a, b, count = one["vote"], one["model_a"], one["model_b"], one["count_all"]
            votes[vote] += count
            pairs[(a, b) if a <= b else (b, a)] += count
            if vote in {"leftvote", "rightvote"}:
                wins[a if vote == "leftvote" else b] += count
    return votes, pairs, wins


def _votes(votes: Counter[str], minimum: int) -> list[Figure]:
    rows = [
        (says, shown(votes[vote], minimum), tables.share(votes[vote], votes.total()))
        for vote, says in VOTES.items()
        if votes[vote] >= minimum
    ]
    return tables.figure(
        "votes",
        ("Votes", f"{votes.total():,} valid battles."),
        [("vote", "Vote", "text"), ("battles", "Battles", "count"), ("share", "Share", "share")],
        rows,
        charts.bars("vote", "battles", count=len(rows)),
    )


def _rivals(pairs: Pairs, wins: Counter[str], minimum: int) -> list[Figure]:
    fought: Counter[str] = Counter()
    for (a, b), count in pairs.items():
        fought[a] += count
        fought[b] += count
    rows = [
        (model, count, shown(wins[model], minimum),
         tables.share(wins[model], count) if shown(wins[model], minimum) is not None else None)
        for model, count in sorted(fought.items(), key=lambda one: (-one[1], one[0]))
        if count >= minimum
    ]  # fmt: skip
    rows = rows[: tables.MOST_NAMES]
    return tables.figure(
        "battles-by-model",
        ("Battles by model",
         "A count, no ranking: who was met is not taken into account. Ties are no wins."),
        [("model", "Model", "text"), ("battles", "Battles", "count"), ("won", "Won", "count"),
         ("share", "Share won", "share")],
        rows,
        charts.bars("model", "battles", count=len(rows)),
    )  # fmt: skip


def _met(pairs: Pairs, minimum: int) -> list[Figure]:
    fought: Counter[str] = Counter()
    for (a, b), count in pairs.items():
        fought[a] += count
        fought[b] += count
    order = [model for model, _ in fought.most_common(MOST_RIVALS)]
    rows = []
    for one in order:
        for other in order:
            count = pairs[(one, other) if one <= other else (other, one)]
            if count >= minimum:
                rows.append((one, other, count))
    return tables.figure(
        "who-met-whom",
        ("Who met whom",
         (f"Battles by pair, of the {len(order)} models with most; pairs of fewer than {minimum} "
         "are blank.")),
        [("model", "Model", "text"), ("other", "Met", "text"), ("battles", "Battles", "count")],
        rows,
        charts.heat(("other", order), ("model", order), "battles"),
    )  # fmt: skip
