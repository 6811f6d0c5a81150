"""The phases as Apache Beam pipelines. The only module that knows Beam's transforms.

stage, write   descriptors of units -> a worker opens the files, works, leaves a receipt
judge          keys, as narrow Arrow tables, meet by hash range; text never crosses a shuffle

On an engine of its own, descriptors travel as elements, and nothing but files comes back: every
piece of work may be repeated there, at any time and by two workers at once, and leaves the same.
"""

import functools
import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
import grpc
import pyarrow as pa
from apache_beam import coders
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.portable_runner import JobServiceHandle

from pipeline import cutting, discretion, judging, pairing, states
from pipeline.errors import CurationError, EngineError
from pipeline.job import Job
from pipeline.stage import KeyedStage, PairedStage
from pipeline.states import Home

log = logging.getLogger(__name__)

PAUSE_S = 10.0
"""Before a pipeline is begun again: a job manager is back by then."""


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

KEYED = tuple[int, pa.Table]
Work = Callable[[Any], object]


def local_runner() -> FnApiRunner:
    """Beam's local runner by its class, with the options that its workers must see.

    `DirectRunner` would try to download another engine at each start, and the bare name
    `FnApiRunner` hands its workers no options.
    """
    return FnApiRunner(provision_info=_provision())


@functools.cache
def _provision() -> ExtendedProvisionInfo:
    """The options of the local runner, which are always the same: Beam takes 0.03 s to say them."""
    encoded = JobServiceHandle.encode_pipeline_options(PipelineOptions([]).get_all_options())
    return ExtendedProvisionInfo(beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded))


@dataclass(frozen=True)
class Flow:
    """Pipelines, and where they run.

    Attributes:
        arguments: Beam's options of a runner elsewhere; none: the local runner, in this process.
        attempts: how often a pipeline is begun that the runner gives up.
        memory_mb: data a remote worker process may hold; 0: as much as there is.
    """

    arguments: tuple[str, ...] = ()
    attempts: int = 1
    memory_mb: int = 0

    def map_work(self, work: Work, items: Iterable[Any]) -> None:
        """Do the work for each item; here, one is asked for when the one before it is done."""
        if not self.arguments:
            _map_here(work, items)
            return
        chosen = list(items)
        if chosen:
            self._run(lambda start: start(chosen) | "Work" >> self._flat(_worked, work))

    def judge(self, job: Job) -> None:
        """All keyed stages, then the cut: a pipeline each, for what lies between is on disk."""
        homes = states.homes(job)
        self._run(lambda start: start(homes) | "Begin" >> self._flat(_begin, job))
        for step, stage in enumerate(job.recipe.keyed):
            job = replace(job, step=step)
            if isinstance(stage, PairedStage):
                for work, items in pairing.phases(stage, job):
                    self.map_work(work, items)
            else:
                self._run(functools.partial(self.judged, stage=stage, job=job))
        job = replace(job, step=len(job.recipe.keyed))
        self._run(functools.partial(self._cut, job=job))

    def built(self, build: Callable[[Any], object]) -> beam.Pipeline:
        """A pipeline, not yet run.

        Args:
            build: is given `start`, which makes a collection of elements, spread over workers.
        """
        options = PipelineOptions(list(self.arguments))
        runner = None if self.arguments else local_runner()
        pipeline = beam.Pipeline(runner=runner, options=options)

        def start(items: Sequence[Any]) -> Any:
            found = pipeline | "Descriptors" >> beam.Create(items, reshuffle=False)
            return found | "Spread" >> beam.Reshuffle() if self.arguments else found

        build(start)
        return pipeline

    def _run(self, build: Callable[[Any], object]) -> None:
        """Build a pipeline and run it to its end, again if the engine breaks down.

        Raises:
            CurationError: as the work raised it, without Beam's remark on where.
            EngineError: the engine broke down as often as it may.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                self._run_once(build)
            except EngineError as error:
                if attempt == self.attempts:
                    raise
                log.warning("attempt %d of %d: %s", attempt, self.attempts, error)
                time.sleep(PAUSE_S)
            else:
                return

    def _run_once(self, build: Callable[[Any], object]) -> None:
        try:
            self.built(build).run().wait_until_finish()
        except CurationError as error:
            raise type(error)(discretion.brief(str(error))) from error
        except (RuntimeError, grpc.RpcError, grpc.FutureTimeoutError) as error:
            if not self.arguments:
                raise
            raise discretion.understood(error) from None  # its text may hold data

    def _flat(self, work: Callable[..., object], *more: Any) -> Any:
        if not self.arguments:
            return beam.FlatMap(_listed, work, *more)
        return beam.FlatMap(discretion.guarded, self.memory_mb, work, *more)

    def judged(self, start: Any, stage: KeyedStage, job: Job) -> Any:
        """One keyed stage: its decisions are written into the states of their homes."""
        decisions = self._choices(start(states.homes(job)), stage, job)
        return decisions | "Home" >> beam.GroupByKey() | "Settle" >> self._flat(_settle, stage, job)

    def _choices(self, homes: Any, stage: KeyedStage, job: Job) -> Any:
        """Rows that share a key meet in a partition of keys, and are decided on there."""
        parts = (
            homes
            | "Scatter" >> self._flat(_scattered, stage, job).with_output_types(KEYED)
            | "By key" >> beam.GroupByKey()
            | "Together" >> beam.Map(_together).with_output_types(pa.Table)
        )
        surveys = []
        if type(stage).survey is not KeyedStage.survey:
            survey = self._flat(_surveyed, stage).with_output_types(pa.Table)
            surveys = [beam.pvalue.AsList(parts | "Survey" >> survey)]
        choose = self._flat(_chosen, stage, *surveys)
        return parts | "Choose" >> choose.with_output_types(KEYED)

    def _cut(self, start: Any, job: Job) -> Any:
        return (
            start(states.homes(job))
            | "Sentence" >> self._flat(_sentence, job).with_output_types(KEYED)
            | "By interval" >> beam.GroupByKey()
            | "Cut" >> self._flat(_cut, job)
        )


_FEEDS: dict[int, Iterator[Any]] = {}
"""Items of running phases; the local runner's pipeline runs in this process and finds them."""
_TICKETS = itertools.count()


def _map_here(work: Work, items: Iterable[Any]) -> None:
    ticket = next(_TICKETS)
    _FEEDS[ticket] = iter(items)

    def build(start: Any) -> Any:
        return (
            start([ticket]) | "Units" >> beam.FlatMap(_feed) | "Work" >> beam.FlatMap(_worked, work)
        )

    try:
        Flow()._run(build)  # noqa: SLF001 (its own kind)
    finally:
        del _FEEDS[ticket]


def _feed(ticket: int) -> Iterator[Any]:
    return _FEEDS[ticket]


def _listed(item: Any, work: Callable[..., Any], *more: Any) -> Any:
    return work(item, *more) or ()


def _worked(item: Any, work: Work) -> tuple[()]:
    work(item)
    return ()


def _begin(key: int, job: Job) -> None:
    states.begin(Home.of(key), job)


def _scattered(key: int, stage: KeyedStage, job: Job) -> Iterator[tuple[int, pa.Table]]:
    return judging.scatter(stage, Home.of(key), job)


def _together(group: tuple[int, Iterable[pa.Table]]) -> pa.Table:
    return judging.together(list(group[1]))


def _surveyed(rows: pa.Table, stage: KeyedStage) -> list[pa.Table]:
    found = stage.survey(rows)
    return [] if found is None else [found]


def _chosen(rows: pa.Table, stage: KeyedStage, surveys: Sequence[pa.Table] = ()) -> Any:
    return judging.returned(stage.choose(rows, stage.settle(list(surveys))))


def _settle(group: tuple[int, Iterable[pa.Table]], stage: KeyedStage, job: Job) -> None:
    states.settle(stage, Home.of(group[0]), list(group[1]), job)


def _sentence(key: int, job: Job) -> Any:
    return cutting.sentence(Home.of(key), job)


def _cut(group: tuple[int, Iterable[pa.Table]], job: Job) -> None:
    cutting.cut(group[0], list(group[1]), job)
