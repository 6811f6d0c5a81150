"""Write what code knows into the documents: tables, real output, the JSON Schema of recipes.

`python docs/generate.py` rewrites the parts of README.md between `<!-- name -->` and
`<!-- end -->`; with `--check` it only says whether something is out of date.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from pipeline import api, cli, recipe_schema
from pipeline.commands.run import told
from pipeline.contract import verifying
from pipeline.identity import new_key
from pipeline.pii import policy, ruleset
from pipeline.pii.kinds import KINDS
from pipeline.sample import logs
from pipeline.stages import STAGES
from schemas.released import COLUMNS, CONFIGS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
REDACTION = ROOT / "docs" / "redaction.md"
CONTRACT = ROOT / "docs" / "contract.md"
PRECISION = ROOT / "benchmarks" / "pii" / "precision.json"
PRESETS: tuple[policy.Preset, ...] = ("release", "strict", "minimal")
SCHEMA = ROOT / "schemas" / "recipe.schema.json"


def stages() -> str:
    """The table of stages."""
    rows = [
        f"| `{name}` | {recipe_schema.summary(stage)} | {_codes(stage.reasons)} |"
        for name, stage in STAGES.items()
    ]
    return "\n".join(["| stage | effect | reasons |", "|---|---|---|", *rows])


def columns() -> str:
    """The table of released columns."""
    rows = [
        f"| `{c.field.name}` | `{c.field.type}` | {c.meaning} | {_origin(c.by, c.asked)} |"
        for c in COLUMNS
    ]
    return "\n".join(["| column | type | meaning | when |", "|---|---|---|---|", *rows])


def _origin(by: str | None, asked: str | None) -> str:
    parts = [f"`{by}`"] if by else []
    if asked == "variants":
        parts.append("`keep: all`")
    elif asked:
        parts.append(f"`release.{asked}`")
    return " with ".join(parts) or "always"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def exit_codes() -> str:
    """The exit codes, as `curate --help` shows them."""
    return f"```\n{cli.EXIT_CODES.rstrip()}\n```"


def output() -> str:
    """What `make run` prints of its books; times left out."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "id.key"
        new_key(key)
        logs.write(Path(folder) / "logs")
        manifest = api.curate(
            str(ROOT / "configs" / "release.yaml"),
            [f"{folder}/logs/**/*-conv.json"],
            f"{folder}/out",
            id_key_file=str(key),
            engine="plain",
            workers=1,
        )
    lines = [line for line in told(manifest, "build/sample/out") if "seconds" not in line]
    return "\n".join(["```", *lines[1:], "```"])


def kinds() -> str:
    """The table of kinds of personal data: what each is, and what the presets do."""
    rows = [
        f"| `{kind.name}` | {kind.meaning} | `{kind.token}_1` | {_rules_of(kind.name)} | "
        + " | ".join(_done(policy.preset(name, kind.name)) for name in PRESETS)
        + f" | {'yes' if kind.may_be_public else 'never'} |"
        for kind in KINDS.values()
    ]
    head = "| kind | meaning | placeholder | rules | release | strict | minimal | may be public |"
    return "\n".join([head, "|---" * 8 + "|", *rows])


def _rules_of(kind: str) -> int:
    return sum(rule.kind == kind for rule in (*ruleset.RULES, *ruleset.NAME_RULES))


def _done(ruling: policy.Ruling) -> str:
    """What a preset does about a kind, and from which score on in prompts and in answers."""
    if ruling.action == "keep":
        return "-"
    scores = dict.fromkeys((ruling.threshold, ruling.threshold_assistant))
    said = "drop" if ruling.action == "drop_conversation" else ruling.action
    return f"{said} from {' / '.join(map(str, scores))}"


def rules() -> str:
    """The table of rules, with the hits of each on our labelled set."""
    counted = json.loads(PRECISION.read_text("utf-8"))
    rows = []
    for rule in (*ruleset.RULES, *ruleset.NAME_RULES):
        found = counted.get(rule.id, {"hits": 0, "wrong": 0})
        cued = f" / {rule.cued}" if rule.cues else ""
        source = " ".join(rule.source.split()).replace("|", "\\|")
        rows.append(
            f"| `{rule.id}` | {source} | {rule.score}{cued} | "
            f"{found['hits'] - found['wrong']} of {found['hits']} |"
        )
    head = "| rule | what it looks for | score / with a cue | right, of our set |"
    return "\n".join([head, "|---|---|---|---|", *rows])


def contract_rules() -> str:
    """The table of what every release keeps."""
    rows = [f"| `{name}` | {says} |" for name, says in verifying.rules().items()]
    return "\n".join(["| rule | what it says |", "|---|---|", *rows])


def configs() -> str:
    """The table of configs."""
    rows = [f"| `{name}` | {says} |" for name, says in CONFIGS.items()]
    return "\n".join(["| config | what it holds |", "|---|---|", *rows])


CONTRACT_PARTS: dict[str, Callable[[], str]] = {"configs": configs, "rules": contract_rules}
REDACTION_PARTS: dict[str, Callable[[], str]] = {"kinds": kinds, "rules": rules}
PARTS: dict[str, Callable[[], str]] = {
    "stages": stages,
    "columns": columns,
    "exit codes": exit_codes,
    "output": output,
}


def rendered(path: Path, parts: dict[str, Callable[[], str]]) -> str:
    """A document with its generated parts made anew."""
    text = path.read_text("utf-8")
    for name, part in parts.items():
        pattern = re.compile(rf"<!-- {name} -->\n.*?<!-- end -->", re.DOTALL)
        made = f"<!-- {name} -->\n{part()}\n<!-- end -->"
        text, count = pattern.subn(lambda _, made=made: made, text)  # type: ignore[misc]
        if count != 1:
            raise SystemExit(f"{path.name}: expected one part {name!r}, found {count}")
    return text


def json_schema() -> str:
    """schemas/recipe.schema.json."""
    data = msgspec.json.encode(recipe_schema.schema(), order="sorted")
    return msgspec.json.format(data, indent=1).decode() + "\n"


def main() -> int:
    """Write, or check, all generated parts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    made = {
        README: rendered(README, PARTS),
        REDACTION: rendered(REDACTION, REDACTION_PARTS),
        CONTRACT: rendered(CONTRACT, CONTRACT_PARTS),
        SCHEMA: json_schema(),
    }
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        if args.check:
            print(f"{path.name} is out of date: make fix")
        else:
            path.write_text(made[path], "utf-8")
    return int(args.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
