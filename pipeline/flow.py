"""The phases as Apache Beam pipelines. The only module that knows Beam.

stage, write   descriptors of units -> a worker opens the files, works, leaves a receipt
judge          keys, as narrow Arrow tables, meet by hash range; text never crosses a shuffle
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam import coders
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.portable_runner import JobServiceHandle

from pipeline import cutting, judging
from pipeline.errors import CurationError
from pipeline.job import Job
from pipeline.judging import Home
from pipeline.stage import KeyedStage, PairedStage


class TableCoder(coders.Coder):
    """Arrow IPC: a pickled slice of a table would carry its whole parent (32 times the bytes)."""

    def encode(self, value: pa.Table) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as writer:
            writer.write_table(value)
        return bytes(sink.getvalue())

    def decode(self, encoded: bytes) -> pa.Table:
        return pa.ipc.open_stream(encoded).read_all()

    def estimate_size(self, value: pa.Table) -> int:
        """Bytes of the columns; without it Beam encodes tables only to know their size."""
        return int(value.nbytes)

    def is_deterministic(self) -> bool:
        return False

    def to_type_hint(self) -> type:
        return pa.Table


coders.registry.register_coder(pa.Table, TableCoder)

HOMED = tuple[int, pa.Table]


def local_runner(options: PipelineOptions) -> FnApiRunner:
    """Beam's local runner by its class, with the options that its workers must see.

    `DirectRunner` would try to download another engine at each start, and the bare name
    `FnApiRunner` hands its workers no options.
    """
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    return FnApiRunner(provision_info=ExtendedProvisionInfo(info))


def run(build: Callable[[beam.Pipeline], object], arguments: Sequence[str] = ()) -> None:
    """Build a pipeline and run it to its end on the local runner.

    Raises:
        CurationError: as the work raised it, without Beam's remark on where.
    """
    options = PipelineOptions(list(arguments))
    pipeline = beam.Pipeline(runner=local_runner(options), options=options)
    build(pipeline)
    try:
        pipeline.run().wait_until_finish()
    except CurationError as error:
        raise type(error)(str(error).split(" [while running ")[0]) from error


def map_work(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    """Do the work for each item; one is asked for when the one before it is done."""
    ticket = next(_TICKETS)
    _FEEDS[ticket] = iter(items)

    def build(pipeline: beam.Pipeline) -> None:
        _ = (
            pipeline
            | "Ticket" >> beam.Create([ticket], reshuffle=False)
            | "Units" >> beam.FlatMap(_feed)
            | "Work" >> beam.Map(_worked, work)
        )

    try:
        run(build)
    finally:
        del _FEEDS[ticket]


_FEEDS: dict[int, Iterator[Any]] = {}
"""Items of running phases; the local runner's pipeline runs in this process and finds them."""
_TICKETS = itertools.count()


def _feed(ticket: int) -> Iterator[Any]:
    return _FEEDS[ticket]


def _worked(item: Any, work: Callable[[Any], object]) -> None:
    work(item)


def judge(job: Job) -> None:
    """All keyed stages, then the cut."""

    def build(pipeline: beam.Pipeline) -> None:
        states = (
            pipeline
            | "Homes" >> beam.Create(judging.homes(job), reshuffle=False).with_output_types(int)
            | "Open" >> beam.Map(_opened, job).with_output_types(HOMED)
        )
        for stage in job.recipe.keyed:
            states = states | stage.name >> Judge(stage, job)
        _ = (
            states
            | "Sentence" >> beam.FlatMap(_sentence, job).with_output_types(HOMED)
            | "By interval" >> beam.GroupByKey()
            | "Cut" >> beam.Map(_cut, job)
        )

    run(build)


class Judge(beam.PTransform):
    """One keyed stage: (home, state) -> (home, state), with its verdicts and columns in it."""

    def __init__(self, stage: KeyedStage, job: Job) -> None:
        super().__init__()
        self.stage = stage
        self.job = job

    def expand(self, states: Any) -> Any:
        parts = (
            states
            | "Scatter" >> beam.FlatMap(_scattered, self.stage, self.job).with_output_types(HOMED)
            | "Former" >> Former(self.stage, self.job)
            | "By key" >> beam.GroupByKey()
            | "Together" >> beam.Map(_together).with_output_types(pa.Table)
        )
        if isinstance(self.stage, PairedStage):
            decisions = self._pairs(parts)
        else:
            decisions = self._choices(parts)
        return (
            (states, decisions)
            | "Both" >> beam.Flatten()
            | "Home" >> beam.GroupByKey()
            | "Settle" >> beam.Map(_settled, self.stage).with_output_types(HOMED)
        )

    def _choices(self, parts: Any) -> Any:
        """Each partition is decided on where it is."""
        surveys = []
        if type(self.stage).survey is not KeyedStage.survey:
            surveys = [beam.pvalue.AsList(parts | "Survey" >> beam.Map(self.stage.survey))]
        choose = beam.FlatMap(_chosen, self.stage, *surveys)
        return parts | "Choose" >> choose.with_output_types(HOMED)

    def _pairs(self, parts: Any) -> Any:
        """Rows that share a key are gathered, and decided on in one place."""
        return (
            parts
            | "Meet"
            >> beam.Map(lambda rows, stage: (0, stage.meet(rows)), self.stage).with_output_types(
                HOMED
            )
            | "Gather" >> beam.GroupByKey()
            | "Resolve" >> beam.FlatMap(_resolved, self.stage, self.job).with_output_types(HOMED)
        )


class Former(beam.PTransform):
    """Adds the keys of earlier releases to those of this one."""

    def __init__(self, stage: KeyedStage, job: Job) -> None:
        super().__init__()
        self.stage = stage
        self.job = job

    def expand(self, keys: Any) -> Any:
        if not self.job.former or not isinstance(self.stage, PairedStage):
            return keys
        numbers = range(len(self.job.former))
        before = (
            keys.pipeline
            | "Indexes" >> beam.Create(numbers, reshuffle=False).with_output_types(int)
            | "Read" >> beam.FlatMap(_former, self.stage, self.job).with_output_types(HOMED)
        )
        return (keys, before) | beam.Flatten()


def _former(number: int, stage: PairedStage, job: Job) -> Any:
    return judging.former(stage, number, job)


def _resolved(group: tuple[int, Iterable[pa.Table]], stage: PairedStage, job: Job) -> Any:
    return judging.returned(judging.resolved(stage, list(group[1]), job))


def _opened(key: int, job: Job) -> tuple[int, pa.Table]:
    return key, judging.opened(Home.of(key), job)


def _scattered(home: tuple[int, pa.Table], stage: KeyedStage, job: Job) -> Any:
    return judging.scatter(stage, Home.of(home[0]), home[1], job)


def _together(group: tuple[int, Iterable[pa.Table]]) -> pa.Table:
    return judging.together(list(group[1]))


def _chosen(rows: pa.Table, stage: KeyedStage, surveys: Sequence[pa.Table | None] = ()) -> Any:
    context = stage.settle([survey for survey in surveys if survey is not None])
    return judging.returned(stage.choose(rows, context))


def _settled(group: tuple[int, Iterable[pa.Table]], stage: KeyedStage) -> tuple[int, pa.Table]:
    """A home's state and the decisions on it, which lack the state's verdict columns."""
    key, found = group[0], list(group[1])
    (state,) = (table for table in found if "dropped_by" in table.column_names)
    made = [table for table in found if "dropped_by" not in table.column_names]
    return key, judging.settled(stage, state, made)


def _sentence(home: tuple[int, pa.Table], job: Job) -> Any:
    return cutting.sentence(Home.of(home[0]), home[1], job)


def _cut(group: tuple[int, Iterable[pa.Table]], job: Job) -> None:
    cutting.cut(group[0], list(group[1]), job)
