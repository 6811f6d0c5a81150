"""Section: where time and memory went, by phase and by stage."""

from collections import Counter
from collections.abc import Iterable

from pipeline.report import charts, tables
from pipeline.report.sources import Sources
from pipeline.run import PHASES
from schemas.manifest import StageReceipt, WriteReceipt
from schemas.report import Figure, Section

SAYS = (
    "Wall time is of the process that finished the phase; a phase that was taken over from an "
    "earlier start costs only the reading of its receipts. Memory is the highest of any one "
    "process so far, not the sum of all."
)


def sections(sources: Sources) -> list[Section]:
    """Phases, and the batch stages in them."""
    return tables.section("effort", "Time and memory", SAYS, _phases(sources), _stages(sources))


def _phases(sources: Sources) -> list[Figure]:
    peaks = {
        "stage": max((one.peak_mb for one in sources.staged), default=0),
        "judge": sources.judged.peak_mb,
        "write": max((one.peak_mb for one in sources.written), default=0),
    }
    units = {"stage": len(sources.staged), "judge": 1, "write": len(sources.written)}
    rows = [
        (phase, wall, sources.run.cpu_s.get(phase), peaks.get(phase) or None, units.get(phase, 1))
        for phase, wall in sorted(sources.run.phases.items(), key=lambda one: _place(one[0]))
    ]
    return tables.figure(
        "phases",
        ("Phases", "Seconds of wall time by phase."),
        [("phase", "Phase", "text"), ("wall_s", "Wall, s", "number"), ("cpu_s", "CPU, s", "number"),
         ("peak_mb", "Highest memory, MiB", "number"), ("units", "Units", "count")],
        rows,
        charts.bars("phase", "wall_s", count=len(rows)),
    )  # fmt: skip


def _place(phase: str) -> int:
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def _stages(sources: Sources) -> list[Figure]:
    """CPU seconds by phase and stage; what is left is reading, parsing, hashing and writing."""
    rows = []
    for phase, receipts in (("stage", sources.staged), ("write", sources.written)):
        spent = _added(receipts)
        rest = sum(one.cpu_s for one in receipts) - sum(spent.values())
        found = [*spent.items(), ("everything else", max(0.0, rest))]
        rows += [(name, phase, round(s, 3)) for name, s in found if spent]
    rows.append(("all keyed stages", "judge", sources.judged.cpu_s))
    rows.sort(key=lambda row: (-row[2], row[0]))
    names = {row[0] for row in rows}
    totals = Counter({name: sum(r[2] for r in rows if r[0] == name) for name in names})
    rows.sort(key=lambda row: (-totals[row[0]], row[0], row[1]))
    return tables.figure(
        "stages",
        ("Stages",
         "CPU seconds over all processes. Everything else: reading, parsing, hashing, writing."),
        [("stage", "Stage", "text"), ("phase", "Phase", "text"), ("cpu_s", "CPU, s", "number")],
        rows,
        charts.bars("stage", "cpu_s", color="phase", count=len(names),
                    order=("stage", "judge", "write")),
    )  # fmt: skip


def _added(receipts: Iterable[StageReceipt | WriteReceipt]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in receipts:
        for name, seconds in one.stages.items():
            total[name] += seconds  # type: ignore[assignment]
    return total
