"""Where phases are carried out: here, in one process or several, or on a cluster.

An engine is a small file of configs/engines/; the release does not depend on it.
"""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from pipeline import files, recipe
from pipeline.errors import OutputError, RecipeError
from pipeline.job import Job

WORTH_WORKERS = 32 << 20
"""Bytes of log from which on workers are forked: 6 seconds of work against 3 for loading all models
and forking."""
TAKEN_OVER = 24
"""As many bytes of a log that an earlier run staged are as much work as one of a new log."""
Count = Annotated[int, msgspec.Meta(ge=1)]


@dataclass(frozen=True)
class Options:
    """How an engine is reached, and what it gives a run.

    Attributes:
        runner: `plain` (a loop), `local` (Beam in this process), `portable` (a job server of
            Flink, Spark or another), `dataflow`.
        parallelism: tasks at once, or machines at most; `local` and `plain` go by --workers.
        worker_processes: Python processes a machine.
        worker_memory_mb: data a Python process may hold; 0: no limit.
        package: how workers come by the code: `installed` in a pool, in an `image`, or as a `wheel`
            that is sent to them with its requirements.
        pool: `installed`: address of the pool of workers, as each machine sees its own.
        image: `image`: its name.
        wheel: `wheel`: path of the wheel.
        requirements: `wheel`: path of the locked requirements.
        shares_disk: whether all workers see this machine's disk under the same paths.
        attempts: how often a pipeline is begun that the engine gives up.
        options: further options of Beam's runner, by their names.
    """

    runner: Literal["plain", "local", "portable", "dataflow"] = "local"
    parallelism: Count = 1
    worker_processes: Count = 1
    worker_memory_mb: Annotated[int, msgspec.Meta(ge=0)] = 0
    package: Literal["installed", "image", "wheel"] = "installed"
    pool: str = ""
    image: str = ""
    wheel: str = ""
    requirements: str = ""
    shares_disk: bool = False
    attempts: Count = 1
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.runner in {"portable", "dataflow"}:
            needed = {"installed": "pool", "image": "image", "wheel": "wheel"}[self.package]
            if not getattr(self, needed):
                raise ValueError(f"package {self.package!r} needs `{needed}`")
            if self.runner == "dataflow" and self.package == "installed":
                raise ValueError("dataflow has no pools: expected package `image` or `wheel`")

    @property
    def is_elsewhere(self) -> bool:
        """Whether the work is done by other machines or processes than ours."""
        return self.runner in {"portable", "dataflow"}

    def arguments(self) -> tuple[str, ...]:
        """What Beam is told, as on a command line."""
        if not self.is_elsewhere:
            return ()
        is_portable = self.runner == "portable"
        given: dict[str, Any] = {
            "runner": "PortableRunner" if is_portable else "DataflowRunner",
            "parallelism" if is_portable else "max_num_workers": self.parallelism,
            "sdk_worker_parallelism": self.worker_processes if is_portable else None,
            **self._package(is_portable=is_portable),
        }
        if self.runner == "dataflow" and self.worker_memory_mb:
            given["resource_hints"] = f"min_ram={self.worker_memory_mb}MB"
        return tuple(_arguments(given | self.options))

    def _package(self, *, is_portable: bool) -> Mapping[str, Any]:
        match self.package:
            case "installed":
                return {"environment_type": "EXTERNAL", "environment_config": self.pool}
            case "image" if is_portable:
                return {"environment_type": "DOCKER", "environment_config": self.image}
            case "image":
                return {"sdk_container_image": self.image, "sdk_location": "container"}
            case _:
                return {
                    "extra_packages": [self.wheel],
                    "requirements_file": self.requirements or None,
                }


def _arguments(given: Mapping[str, Any]) -> Iterator[str]:
    names = {"extra_packages": "extra_package"}
    for name, value in given.items():
        for each in value if isinstance(value, list) else [value]:
            if each is True:
                yield f"--{name}"
            elif each is not None and each is not False:
                yield f"--{names.get(name, name)}={each}"


class Engine:
    """How units are mapped, and how the judge is run."""

    def __init__(self, map_work: Any, judge: Callable[[Job], None]) -> None:
        self.map_work: Callable[[Callable[[Any], object], Iterable[Any]], None] = map_work
        self.judge = judge


def load(name: str) -> Options:
    """The options of an engine: a file, or one that the project ships, by its name.

    Raises:
        RecipeError: there is none of that name, or it is faulty; lists every fault.
    """
    found = [Path(name)] if name.endswith((".yaml", ".yml")) else []
    found += [folder / "engines" / f"{name}.yaml" for folder in recipe.SHIPPED]
    path = next((path for path in found if path.is_file()), None)
    if path is None:
        raise RecipeError(f"no engine {name!r}: give a file, or one of {', '.join(shipped())}")
    try:
        content = yaml.safe_load(path.read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RecipeError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    return recipe.options(Options, content, str(path))


def shipped() -> list[str]:
    """Names of the engines that come with the project."""
    found = (path for folder in recipe.SHIPPED for path in (folder / "engines").glob("*.yaml"))
    return sorted({path.stem for path in found})


def engine(name: str, workers: int, job: Job, stack: contextlib.ExitStack) -> Engine:
    """The engine of a run; worker processes only where there is work for them.

    Args:
        name: as `load` has it.
        workers: processes at most, of an engine in this machine's own processes.
        job: the work.
        stack: ends the workers.

    Raises:
        OutputError: the engine's workers could not see the files of the run.
    """
    options = load(name)
    if options.runner == "plain":
        from pipeline import plain  # noqa: PLC0415

        module: Any = plain
    else:
        from pipeline import flow  # noqa: PLC0415 (Beam takes two seconds to import)

        module = flow.Flow(options.arguments(), options.attempts, options.worker_memory_mb)
    if options.is_elsewhere:
        _refuse_hidden(name, options, job)
        return Engine(module.map_work, module.judge)
    workers = min(workers, len(job.plan.units))
    if workers > 1 and _work(job) >= WORTH_WORKERS:
        from pipeline import warming  # noqa: PLC0415
        from pipeline.workers import Pool, apart  # noqa: PLC0415

        warming.warm(job.recipe, stack)
        pool = stack.enter_context(Pool(workers, module.map_work))
        return Engine(pool.map_work, functools.partial(apart, module.judge))
    return Engine(module.map_work, module.judge)


def _work(job: Job) -> int:
    """Bytes of log to work on; what is taken over counts little."""
    weights = [unit.weight for unit in job.plan.units]
    known = job.plan.after.units if job.plan.after else 0
    return sum(weights[known:]) + sum(weights[:known]) // TAKEN_OVER


def _refuse_hidden(name: str, options: Options, job: Job) -> None:
    """Refuse paths that only this machine sees."""
    paths = [job.folders.output, *(source.path for source in job.plan.inputs), *job.former]
    hidden = [path for path in paths if files.is_local(path)]
    if hidden and not options.shares_disk:
        raise OutputError(
            f"the workers of engine {name} do not see this machine's disk: {hidden[0]}; give "
            "inputs and output as s3://, gs:// or hdfs://, or set `shares_disk: true` in its file"
        )
