"""Options as a recipe gives them -> dataclasses; what is wrong becomes lines of faults."""

import dataclasses
import datetime as dt
import difflib
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from pipeline.card_options import TextFile


def instance(kind: type, options: Any, where: str, folder: Path, faults: list[str]) -> Any:
    """An instance of a dataclass of options; None, and lines in `faults`, if any is wrong."""
    if not isinstance(options, Mapping):
        faults.append(f"{where}: expected options, found {shown(options)}")
        return None
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.name: hints[field.name] for field in dataclasses.fields(kind)}
    before, values = len(faults), {}
    for option, value in options.items():
        if option not in fields:
            faults.append(f"{where}.{option}: no such option; {meant(str(option), fields)}")
            continue
        given = _from_file(value, fields[option], folder, f"{where}.{option}", faults)
        values[option] = converted(given, fields[option], f"{where}.{option}", faults)
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


def converted(value: Any, hint: Any, where: str, faults: list[str]) -> Any:
    """A value of the type that is asked for; None, and a line in `faults`, if it is none."""
    try:
        return msgspec.convert(_json_like(value), hint, strict=True)
    except msgspec.ValidationError as error:
        problem = str(error).replace(" - at `$", " (at `$")
        problem += ")" if "(at `$" in problem else ""
        if typing.get_origin(hint) is Literal:
            problem = f"expected one of {', '.join(map(str, typing.get_args(hint)))}"
        faults.append(f"{where}: found {shown(value)}; {problem[0].lower()}{problem[1:]}")
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


def meant(name: str, known: Any) -> str:
    """The known name that was probably meant, or all of them."""
    close = difflib.get_close_matches(name, list(known), 1)
    listed = ", ".join(known) or "none"
    return f"did you mean {close[0]!r}?" if close else f"there are: {listed}"


def shown(value: Any) -> str:
    """A value as it stands in a fault, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 (fits a line)
