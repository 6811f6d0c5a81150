"""The `curate` command: its words. What they do is in pipeline/commands/, imported when needed."""

import argparse
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from pipeline.commands import (
    auditing,
    later_words,
    publishing,
    report_words,
    tagging,
    topic_words,
)
from pipeline.errors import CurationError

PHASES = ("plan", "stage", "judge", "fit", "write", "assemble")
EXIT_CODES = """\
exit codes:
  0    done                                5    the output folder is in use
  1    a check was not passed              6    the disk is full
  2    wrong usage, or a faulty recipe     7    no identity key, or a wrong one
  3    inputs missing or damaged           8, 9 the books do not balance, a stage broke a promise
  4    the output folder cannot be used       10   a release is not fit to be published
  11   the token may not write there          12   another release is there, or came meanwhile
  13   the Hub cannot be reached, or refuses   14   the engine gave up, or is not there
  70   a fault of this program             130  interrupted; the same command resumes
"""
INTERRUPTED, INTERNAL = 130, 70


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line, run one command, and say in one line what went wrong."""
    args = parser().parse_args(argv)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    command = importlib.import_module(f"pipeline.commands.{args.module}")
    try:
        return int(command.run(args) or 0)
    except CurationError as error:
        print(f"curate: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("curate: interrupted; the same command goes on where it stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(
            f"curate: internal error: {type(error).__name__} at {place.filename}:{place.lineno}; "
            "its text may hold data, --debug shows it",
            file=sys.stderr,
        )
        return INTERNAL


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="curate",
        description="Turn the raw serving logs of a chatbot arena into a dataset to release.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--debug", action="store_true", help="show the stack of internal errors")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _run(commands)
    _check(commands)
    _stages(commands)
    _try(commands)
    _sample(commands)
    _explain(commands)
    _verify(commands)
    _status(commands)
    _key(commands)
    _audit(commands)
    report_words.words(_add(commands, "report", "make the private report of a finished run"))
    later_words.anomalies(_add(commands, "anomalies", "is the newest interval unlike the others?"))
    later_words.diff(_add(commands, "diff", "compare two releases: rows, columns, drift"))
    later_words.purge(_add(commands, "purge", "remove private files that are no longer needed"))
    later_words.forget(_add(commands, "forget", "take conversations, users or texts out of a run"))
    later_words.rotate(_add(commands, "rotate", "release the same logs under a new identity key"))
    later_words.sign(_add(commands, "sign", "sign the manifest of a release, by OpenSSH"))
    publishing.publish(_add(commands, "publish", "publish a release, whole or not at all"))
    _train_names(commands)
    _train_moderation(commands)
    says = "fit the heads of tag_hardness to labels of a judge"
    tagging.hardness(_add(commands, "train-hardness", says))
    says = "count the tags that are null, by reason"
    tagging.tag_errors(_add(commands, "tag-errors", says))
    topic_words.topics(_add(commands, "topics", "make, show and compare models of topics"))
    return top


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add(commands: "Commands", name: str, says: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    made: argparse.ArgumentParser = commands.add_parser(  # type: ignore[attr-defined]
        name, help=says, description=says[0].upper() + says[1:] + "."
    )
    made.set_defaults(module={"try": "trial"}.get(name, name.replace("-", "_")))
    return made


def _run(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "run", "curate raw logs into a release, or go on with a run").add_argument
    add("config", help="a recipe: a file, or the name of a shipped one (release, fastchat)")
    add("--input", nargs="+", required=True, metavar="GLOB", help="raw logs; ** crosses folders")
    add("--output", required=True, metavar="DIR", help="gets release/ (public) and run/ (private)")
    add("--workers", type=_positive, default=os.cpu_count(), metavar="N", help="processes at most")
    add(
        "--engine",
        default="local",
        metavar="NAME",
        help="local, plain, flink, spark, dataflow; or a file",
    )
    add("--id-key-file", metavar="FILE", help="the identity key; else from $CURATE_ID_KEY")
    add("--since", metavar="DATE", help="drop what was logged before (UTC)")
    add("--until", metavar="DATE", help="drop what was logged at or after (UTC)")
    add("--sample", type=float, metavar="SHARE", help="keep a share of the conversations, 0 to 1")
    add("--limit", type=_positive, metavar="N", help="read only the first N lines")
    add("--against", nargs="+", default=[], metavar="DIR", help="earlier releases' output folders")
    add("--through", choices=PHASES, default=PHASES[-1], help="end with this phase, to go on later")
    add("--after", metavar="DIR", help="go on from this earlier output; only new logs are staged")
    add("--tombstones", metavar="FILE", help="what must not be released, as `curate forget` lists")
    add("--split-mb", type=float, default=32.0, metavar="MB", help="log of one unit of work")
    add("--batch-rows", type=_positive, default=2048, metavar="N", help="rows a batch")
    add("--restart", action="store_true", help="throw away what the output folder holds")
    add("--dry-run", action="store_true", help="plan; rows, disk and time expected from a sample")
    add("--no-report", action="store_true", help="do not write run/report.html at the end")
    add("--json", action="store_true", help="progress (stderr) and result (stdout) as JSON")


def _check(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "check", "check a recipe; all faults at once").add_argument
    add("config", help="a recipe: a file, or the name of a shipped one")


def _stages(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "stages", "list the stages: effect, columns, options").add_argument
    add("stage", nargs="?", help="show the manual of one")
    add("--json-schema", action="store_true", help="print the JSON Schema of recipes")


def _try(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "try", "run one stage on one log file and print what changes").add_argument
    add("stage")
    add("file", help="a raw log")
    add("--option", action="append", default=[], metavar="NAME=VALUE", help="an option, as YAML")
    add("--limit", type=_positive, default=10_000, metavar="N", help="lines read")
    add("--show", type=_positive, default=10, metavar="N", help="changed rows that are shown")
    add("--show-raw", action="store_true", help="show texts; only on a terminal")


def _sample(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "sample", "write synthetic raw logs, and what was planted").add_argument
    add("directory")
    add("--conversations", type=_positive, default=2000, metavar="N")
    add("--days", type=_positive, default=3, metavar="N")
    add("--servers", type=_positive, default=2, metavar="N")
    add("--seed", type=int, default=0, metavar="N")
    add("--gzip", action="store_true", help="write .json.gz")


def _explain(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "explain", "say why a conversation is in, changed or out").add_argument
    add("release", help="the output folder of a run, or its release folder")
    add("conversation_id")
    add("--json", action="store_true", help="as JSON")


def _verify(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "verify", "check a release against its contract; all faults").add_argument
    add("release", help="a release folder, local or a URI; nothing else is needed")
    add("--signers", metavar="FILE", help="one of these must have signed it; see `man ssh-keygen`")
    add("--json", action="store_true", help="as JSON")


def _status(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "status", "say how far a run is").add_argument
    add("output", help="the output folder of a run")
    add("--json", action="store_true", help="as JSON")


def _key(commands: "Commands") -> None:  # type: ignore[valid-type]
    add = _add(commands, "key", "write a new identity key to a file").add_argument
    add("file")


def _audit(commands: "Commands") -> None:  # type: ignore[valid-type]
    auditing.review(_add(commands, "review", "draw a sample for reviewers, reckon their verdicts"))
    auditing.leaks(_add(commands, "leaks", "look for personal data in a finished release"))
    auditing.canaries(_add(commands, "canaries", "plant known values in a copy of logs, find them"))


def _train_names(commands: "Commands") -> None:  # type: ignore[valid-type]
    says = "rebuild the model that finds names of persons"
    add = _add(commands, "train-names", says).add_argument
    add("--data", required=True, metavar="DIR", help="holds pii/*.jsonl; see docs/names.md")
    add("--output", metavar="FILE", help="default: in place of the shipped model")
    add("--sentences", type=_positive, metavar="N", help="made from templates; default 30,000")


def _train_moderation(commands: "Commands") -> None:  # type: ignore[valid-type]
    says = "fit a moderation model to labelled texts"
    add = _add(commands, "train-moderation", says).add_argument
    add("--data", required=True, nargs="+", metavar="FILE", help="JSONL; see docs/moderation.md")
    add("--beside", nargs="+", default=[], metavar="FILE", help="other texts, of less weight")
    add("--harmless", nargs="+", default=[], metavar="FILE", help="likewise; all labels count as 0")
    add("--most", type=_positive, default=1500, metavar="N", help="of equal labels in one of those")
    add("--benign", type=float, default=0.0005, metavar="SHARE", help="harmless texts let through")
    add("--output", required=True, metavar="FILE", help="an .npz; its card is put beside it")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


if __name__ == "__main__":
    raise SystemExit(main())
