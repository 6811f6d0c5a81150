"""The phases as Apache Beam pipelines. The only module that knows Beam.

stage, write   descriptors of units -> a worker opens the files, works, leaves a receipt
judge          keys, as narrow Arrow tables, meet by hash range; text never crosses a shuffle
"""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam import coders
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo
from apache_beam.runners.portability.portable_runner import JobServiceHandle

from pipeline import cutting, judging, pairing, states
from pipeline.errors import CurationError
from pipeline.job import Job
from pipeline.stage import KeyedStage, PairedStage
from pipeline.states import Home


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
    """All keyed stages, then the cut: a pipeline each, for what lies between them is on disk."""
    run(lambda pipeline: _homes(pipeline, job) | "Begin" >> beam.Map(_begin, job))
    for step, stage in enumerate(job.recipe.keyed):
        job = replace(job, step=step)
        if isinstance(stage, PairedStage):
            for work, items in pairing.phases(stage, job):
                map_work(work, items)
        else:
            run(functools.partial(_judged, stage=stage, job=job))
    job = replace(job, step=len(job.recipe.keyed))

    def cut(pipeline: beam.Pipeline) -> Any:
        return (
            _homes(pipeline, job)
            | "Sentence" >> beam.FlatMap(_sentence, job).with_output_types(KEYED)
            | "By interval" >> beam.GroupByKey()
            | "Cut" >> beam.Map(_cut, job)
        )

    run(cut)


def _homes(pipeline: beam.Pipeline, job: Job) -> Any:
    return pipeline | "Homes" >> beam.Create(states.homes(job), reshuffle=False)


def _judged(pipeline: beam.Pipeline, stage: KeyedStage, job: Job) -> Any:
    """One keyed stage: its decisions are written into the states of their homes."""
    decisions = _choices(pipeline, stage, job)
    return decisions | "Home" >> beam.GroupByKey() | "Settle" >> beam.Map(_settle, stage, job)


def _choices(pipeline: beam.Pipeline, stage: KeyedStage, job: Job) -> Any:
    """Rows that share a key meet in a partition of keys, and are decided on there."""
    parts = (
        _homes(pipeline, job)
        | "Scatter" >> beam.FlatMap(_scattered, stage, job).with_output_types(KEYED)
        | "By key" >> beam.GroupByKey()
        | "Together" >> beam.Map(_together).with_output_types(pa.Table)
    )
    surveys = []
    if type(stage).survey is not KeyedStage.survey:
        surveys = [beam.pvalue.AsList(parts | "Survey" >> beam.Map(stage.survey))]
    choose = beam.FlatMap(_chosen, stage, *surveys)
    return parts | "Choose" >> choose.with_output_types(KEYED)


def _begin(key: int, job: Job) -> None:
    states.begin(Home.of(key), job)


def _scattered(key: int, stage: KeyedStage, job: Job) -> Iterator[tuple[int, pa.Table]]:
    return judging.scatter(stage, Home.of(key), job)


def _together(group: tuple[int, Iterable[pa.Table]]) -> pa.Table:
    return judging.together(list(group[1]))


def _chosen(rows: pa.Table, stage: KeyedStage, surveys: Sequence[pa.Table | None] = ()) -> Any:
    context = stage.settle([survey for survey in surveys if survey is not None])
    return judging.returned(stage.choose(rows, context))


def _settle(group: tuple[int, Iterable[pa.Table]], stage: KeyedStage, job: Job) -> None:
    states.settle(stage, Home.of(group[0]), list(group[1]), job)


def _sentence(key: int, job: Job) -> Any:
    return cutting.sentence(Home.of(key), job)


def _cut(group: tuple[int, Iterable[pa.Table]], job: Job) -> None:
    cutting.cut(group[0], list(group[1]), job)
