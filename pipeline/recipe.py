"""Read a recipe (configs/*.yaml) and check all of it before anything runs."""

import dataclasses
import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import yaml

from pipeline import ordering
from pipeline.card_options import Card
from pipeline.errors import RecipeError
from pipeline.identity import KeySource
from pipeline.ingest.lines import Limits
from pipeline.options import converted, instance, meant, shown
from pipeline.stage import BatchStage, EditingStage, FittedStage, KeyedStage, Stage
from pipeline.stages import STAGES

T = TypeVar("T")

log = logging.getLogger(__name__)

SHIPPED = (Path(__file__).parent / "configs", Path(__file__).parent.parent / "configs")
"""Where the recipes of the project are: in a wheel, in a checkout."""


@dataclasses.dataclass(frozen=True)
class Release:
    """How the release is cut and which optional columns it has.

    Attributes:
        interval: what one group of immutable files covers, in UTC; weeks begin on Monday.
        timestamp: how the time of a conversation is coarsened; `none` leaves it out.
        user_id: whether to release the keyed user id.
        generation: whether to release the sampling parameters.
        shard_mb: text of one Parquet file in MiB, before compression.
        row_group_mb: text of one row group in MiB; the Hub's viewer refuses more than 286.
        sample: conversations of each interval in the config `sample`; 0: no such config.
        minimum: distinct users that a cell must have to be shown in documents (conversations,
            where no user is known); smaller ones are folded. 10 is usual in official statistics;
            1 shows all.
        residual_rate: what a review must show, at 95 %, of messages with anything personal left,
            before `curate publish` makes the release public; none: a person may approve by name.
    """

    interval: Literal["day", "week", "month", "all"] = "week"
    timestamp: Literal["exact", "hour", "day", "none"] = "day"
    user_id: bool = False
    generation: bool = False
    shard_mb: Annotated[float, msgspec.Meta(gt=0, le=1024)] = 96.0
    row_group_mb: Annotated[float, msgspec.Meta(gt=0, le=256)] = 32.0
    sample: Annotated[int, msgspec.Meta(ge=0)] = 200
    minimum: Annotated[int, msgspec.Meta(ge=1)] = 10
    residual_rate: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A checked recipe.

    Attributes:
        stages: in the order of the recipe.
        identity: where the key is found; None: no user ids at all.
        damaged_files: `stop` before a release is made, or `quarantine` what cannot be read.
        card: what the release tells its readers beyond what the pipeline knows.
    """

    stages: tuple[Stage, ...]
    limits: Limits = dataclasses.field(default_factory=Limits)
    identity: KeySource | None = dataclasses.field(default_factory=KeySource)
    release: Release = dataclasses.field(default_factory=Release)
    damaged_files: Literal["stop", "quarantine"] = "stop"
    card: Card = dataclasses.field(default_factory=Card)

    @property
    def early(self) -> tuple[BatchStage | EditingStage, ...]:
        """Stages that look at rows when they are staged: up to the last that drops or is keyed."""
        last = max(
            (i for i, s in enumerate(self.stages) if isinstance(s, KeyedStage) or s.reasons),
            default=-1,
        )
        kinds = (BatchStage, EditingStage)
        return tuple(s for s in self.stages[: last + 1] if isinstance(s, kinds))

    @property
    def late(self) -> tuple[BatchStage, ...]:
        """Batch stages that run on survivors, when rows are written."""
        return tuple(s for s in self.stages if isinstance(s, BatchStage) and s not in self.early)

    @property
    def editing(self) -> tuple[EditingStage, ...]:
        """Stages that edit survivors before any late stage looks at them."""
        return tuple(s for s in self.stages if isinstance(s, EditingStage))

    @property
    def models(self) -> dict[str, str]:
        """The id of the model of each fitted stage that has one."""
        fitted = (s for s in self.stages if isinstance(s, FittedStage))
        return {stage.name: stage.fingerprint for stage in fitted if stage.fingerprint}

    @property
    def keyed(self) -> tuple[KeyedStage, ...]:
        """Keyed stages, in order."""
        return tuple(s for s in self.stages if isinstance(s, KeyedStage))

    @property
    def asked(self) -> set[str]:
        """The optional columns that the recipe asks for."""
        release = self.release
        return {
            name
            for name, is_asked in (
                ("timestamp", release.timestamp != "none"),
                ("user_id", release.user_id and self.identity is not None),
                ("generation", release.generation),
                ("variants", any(getattr(s, "keep", "last") == "all" for s in self.stages)),
                ("omni", any(getattr(s, "taxonomy", "text") == "omni" for s in self.stages)),
            )
            if is_asked
        }

    def digest(self) -> str:
        """SHA-256 of all options that rows depend on, defaults and tables included."""
        stages = [
            [s.name, msgspec.to_builtins(s, str_keys=True), s.fingerprint] for s in self.stages
        ]
        whole = [stages, self.limits, self.identity is not None, self.release, self.damaged_files]
        return hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()

    def card_digest(self) -> str:
        """SHA-256 of what is told to readers; a release may go on from one that told otherwise."""
        return hashlib.sha256(msgspec.json.encode(self.card, order="sorted")).hexdigest()


def load(name: str) -> Recipe:
    """Build a recipe from a file, or from one that the project ships, by its name.

    Raises:
        RecipeError: if it could not run; lists everything that is wrong with it.
    """
    path = find(name)
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"cannot read {path}: {error}") from error
    except yaml.YAMLError as error:
        raise RecipeError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    return build(content, path.parent, str(path))


def find(name: str) -> Path:
    """The file of a recipe: a path, or the name of a shipped one such as `release`."""
    path = Path(name)
    if path.is_file() or path.suffix in {".yaml", ".yml"}:
        return path
    for folder in SHIPPED:
        if (folder / f"{name}.yaml").exists():
            return folder / f"{name}.yaml"
    raise RecipeError(f"no recipe {name!r}: give a file, or one of {', '.join(shipped())}")


def shipped() -> list[str]:
    """Names of the recipes that come with the project."""
    found = [p for folder in SHIPPED for p in sorted(folder.glob("*.yaml"))]
    return sorted({p.stem for p in found if "stages:" in p.read_text("utf-8")})


def build(content: Any, folder: Path = Path(), where: str = "recipe") -> Recipe:
    """Turn the content of a recipe file into a recipe, checking all of it.

    Args:
        content: what the YAML holds.
        folder: where files that options name are looked for.
        where: how the recipe is called in the error.

    Raises:
        RecipeError: with one line a fault: the key, what was found, what was expected.
    """
    faults: list[str] = []
    if not isinstance(content, Mapping):
        raise RecipeError(f"{where}: expected a mapping with `stages`, found {shown(content)}")
    sections = {
        str(key): _section(str(key), value, folder, faults) for key, value in content.items()
    }
    if "stages" not in content:
        faults.append("stages: missing; expected a list of stages")
    if sections.get("identity", True) is None:
        faults += [
            f"{stage.name}: replaces values by a key, and `identity: none` has none"
            for stage in sections.get("stages") or ()
            if isinstance(stage, EditingStage) and stage.needs_key
        ]
    if faults:
        raise RecipeError("\n".join([f"{where}: {len(faults)} fault(s)", *faults]))
    for doubt in ordering.doubts(sections["stages"]):
        log.warning("%s: %s", where, doubt)
    return Recipe(**sections)


def options(kind: type[T], content: Any, where: str) -> T:
    """An instance of a dataclass of options.

    Raises:
        RecipeError: with one line a fault.
    """
    faults: list[str] = []
    made: T = instance(kind, content, where, Path(), faults)
    if faults:
        raise RecipeError("\n".join([f"{where}: {len(faults)} fault(s)", *faults]))
    return made


def _section(key: str, value: Any, folder: Path, faults: list[str]) -> Any:
    kinds = {"limits": Limits, "release": Release, "identity": KeySource, "card": Card}
    match key:
        case "stages":
            return _stages(value, folder, faults)
        case "identity" if value == "none":
            return None
        case "damaged_files":
            return converted(value, Literal["stop", "quarantine"], key, faults)
        case _ if key in kinds:
            return instance(kinds[key], value, key, folder, faults)
        case _:
            known = ["stages", *kinds, "damaged_files"]
            faults.append(f"{key}: no such section; {meant(key, known)}")
            return None


def _stages(steps: Any, folder: Path, faults: list[str]) -> tuple[Stage, ...]:
    if not isinstance(steps, list):
        faults.append(f"stages: expected a list, found {shown(steps)}")
        return ()
    built: list[Stage] = []
    for number, step in enumerate(steps, start=1):
        pairs = {step: None} if isinstance(step, str) else step
        if not isinstance(pairs, Mapping) or len(pairs) != 1:
            faults.append(f"stages[{number}]: expected `name: {{options}}`, found {shown(step)}")
            continue
        ((name, options),) = pairs.items()
        if name not in STAGES:
            faults.append(f"stages[{number}]: no stage {name!r}; {meant(str(name), STAGES)}")
            continue
        stage = instance(STAGES[name], options or {}, name, folder, faults)
        if stage is not None:
            built.append(stage)
    faults.extend(ordering.faults(built))
    return tuple(built)
