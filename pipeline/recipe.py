"""Read a recipe (configs/*.yaml) and check all of it before anything runs."""

import dataclasses
import datetime as dt
import difflib
import hashlib
import logging
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import yaml

from pipeline import ordering
from pipeline.card_options import Card, TextFile
from pipeline.errors import RecipeError
from pipeline.identity import KeySource
from pipeline.ingest.lines import Limits
from pipeline.stage import BatchStage, EditingStage, KeyedStage, Stage
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
        minimum: conversations that a cell must have to be shown in documents; smaller ones are
            folded. 10 is usual in official statistics; 1 shows all.
    """

    interval: Literal["day", "week", "month", "all"] = "week"
    timestamp: Literal["exact", "hour", "day", "none"] = "day"
    user_id: bool = False
    generation: bool = False
    shard_mb: Annotated[float, msgspec.Meta(gt=0, le=1024)] = 96.0
    row_group_mb: Annotated[float, msgspec.Meta(gt=0, le=256)] = 32.0
    sample: Annotated[int, msgspec.Meta(ge=0)] = 200
    minimum: Annotated[int, msgspec.Meta(ge=1)] = 10


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
        """SHA-256 of all options as they are used, defaults and tables included."""
        stages = [
            [s.name, msgspec.to_builtins(s, str_keys=True), s.fingerprint] for s in self.stages
        ]
        whole = [stages, self.limits, self.identity is not None, self.release, self.damaged_files]
        whole.append(self.card)
        return hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()


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
        raise RecipeError(f"{where}: expected a mapping with `stages`, found {_shown(content)}")
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
    made: T = _dataclass(kind, content, where, Path(), faults)
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
            return _converted(value, Literal["stop", "quarantine"], key, faults)
        case _ if key in kinds:
            return _dataclass(kinds[key], value, key, folder, faults)
        case _:
            known = ["stages", *kinds, "damaged_files"]
            faults.append(f"{key}: no such section; {_meant(key, known)}")
            return None


def _stages(steps: Any, folder: Path, faults: list[str]) -> tuple[Stage, ...]:
    if not isinstance(steps, list):
        faults.append(f"stages: expected a list, found {_shown(steps)}")
        return ()
    built: list[Stage] = []
    for number, step in enumerate(steps, start=1):
        pairs = {step: None} if isinstance(step, str) else step
        if not isinstance(pairs, Mapping) or len(pairs) != 1:
            faults.append(f"stages[{number}]: expected `name: {{options}}`, found {_shown(step)}")
            continue
        ((name, options),) = pairs.items()
        if name not in STAGES:
            faults.append(f"stages[{number}]: no stage {name!r}; {_meant(str(name), STAGES)}")
            continue
        stage = _dataclass(STAGES[name], options or {}, name, folder, faults)
        if stage is not None:
            built.append(stage)
    faults.extend(ordering.faults(built))
    return tuple(built)


def _dataclass(kind: type, options: Any, where: str, folder: Path, faults: list[str]) -> Any:
    """An instance of a dataclass of options; None, and lines in `faults`, if any is wrong."""
    if not isinstance(options, Mapping):
        faults.append(f"{where}: expected options, found {_shown(options)}")
        return None
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.name: hints[field.name] for field in dataclasses.fields(kind)}
    before, values = len(faults), {}
    for option, value in options.items():
        if option not in fields:
            faults.append(f"{where}.{option}: no such option; {_meant(str(option), fields)}")
            continue
        given = _from_file(value, fields[option], folder, f"{where}.{option}", faults)
        values[option] = _converted(given, fields[option], f"{where}.{option}", faults)
    if len(faults) > before:
        return None
    try:
        return kind(**values)
    except ValueError as error:
        faults.append(f"{where}: {error}")
        return None


def _from_file(value: Any, hint: Any, folder: Path, where: str, faults: list[str]) -> Any:
    """A table may be given as the name of a YAML file beside the recipe, a long text must be."""
    is_text = hint is TextFile
    if not isinstance(value, str) or (typing.get_origin(hint) is not tuple and not is_text):
        return value
    try:
        text = (folder / value).read_text("utf-8")
        return text if is_text else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        what = "text" if is_text else "table"
        faults.append(f"{where}: cannot read the {what} {value!r}: {type(error).__name__}")
        return "" if is_text else []


def _converted(value: Any, hint: Any, where: str, faults: list[str]) -> Any:
    try:
        return msgspec.convert(_json_like(value), hint, strict=True)
    except msgspec.ValidationError as error:
        problem = str(error).replace(" - at `$", " (at `$")
        problem += ")" if "(at `$" in problem else ""
        if typing.get_origin(hint) is Literal:
            problem = f"expected one of {', '.join(map(str, typing.get_args(hint)))}"
        faults.append(f"{where}: found {_shown(value)}; {problem[0].lower()}{problem[1:]}")
        return None


def _json_like(value: Any) -> Any:
    """YAML's dates as text, so that one rule converts dates from YAML and the command line."""
    match value:
        case dt.date():
            return value.isoformat()
        case list():
            return [_json_like(item) for item in value]
        case dict():
            return {key: _json_like(item) for key, item in value.items()}
        case _:
            return value


def _meant(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    listed = ", ".join(known) or "none"
    return f"did you mean {close[0]!r}?" if close else f"there are: {listed}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 (fits a line)
