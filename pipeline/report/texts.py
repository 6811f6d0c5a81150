"""Released texts that a report may show: post-redaction, cut, and passed by independent checks."""

import unicodedata
from typing import Any

from pipeline.audit import checks
from pipeline.audit.check import GAP

COLUMNS = ("conversation", "redactions")
PROMPT_CHARS = 240
MESSAGE_CHARS = 500
MESSAGES = 4


def is_clean(row: dict[str, Any]) -> bool:
    """Whether the checks, which share no rule with the redactor, find nothing in the row.

    What the policy lets stand is a hit as well: an example can be another one.
    """
    return not any(
        any(checks.found(bare))
        for at in range(len(row["conversation"]))
        for bare in [_bare(row, at)]
    )


def _bare(row: dict[str, Any], at: int) -> str:
    """A message with a gap in the place of each redaction."""
    text = row["conversation"][at]["content"] or ""
    spans = [span for span in row.get("redactions") or () if span["message"] == at]
    for span in sorted(spans, key=lambda span: -int(span["start"])):
        text = text[: span["start"]] + GAP + text[span["end"] :]
    return unicodedata.normalize("NFKC", text)


def cut(text: str, most: int) -> str:
    """The beginning of a text; signs that are neither printed nor white space become a dot."""
    plain = "".join(sign if sign.isprintable() or sign in "\n\t" else "·" for sign in text)
    return plain if len(plain) <= most else plain[:most].rstrip() + " …"


def pieces(row: dict[str, Any], at: int, most: int) -> list[tuple[str, str]]:
    """A message as runs of text, each with the kind of what was redacted there, or "".

    Args:
        row: of the release.
        at: the message.
        most: code points that are shown.
    """
    text = row["conversation"][at]["content"] or ""
    spans = [span for span in row.get("redactions") or () if span["message"] == at]
    found, begin = [], 0
    for span in sorted(spans, key=lambda span: int(span["start"])):
        if span["start"] >= most:
            break
        found.append((cut(text[begin : span["start"]], most), ""))
        found.append((cut(text[span["start"] : span["end"]], most), span["kind"]))
        begin = span["end"]
    if begin < most:
        found.append((cut(text[begin:], most - begin), ""))
    return [(run, kind) for run, kind in found if run]
