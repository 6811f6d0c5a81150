"""`curate explain RELEASE CONVERSATION_ID`: why a row is in, changed or out."""

import argparse
import sys

import msgspec

from pipeline import explain
from pipeline.explain import Trace


def run(args: argparse.Namespace) -> int:
    """Print every log line that speaks of the conversation and what became of it."""
    traces = explain.explain(args.release, args.conversation_id)
    if args.json:
        sys.stdout.write(msgspec.json.encode(traces).decode() + "\n")
        return 0
    released = [trace for trace in traces if trace.fate == "released"]
    print(f"{args.conversation_id}: {'released' if released else 'not released'}")
    for trace in traces:
        print(f"  {trace.time or '-':19}  {_fate(trace)}")
        print(f"  {'':19}  {trace.log}, byte {trace.offset:,}")
    return 0


def _fate(trace: Trace) -> str:
    if trace.fate == "released":
        joined = ", ".join(f"{name} {value}" for name, value in trace.columns.items())
        return f"released: {trace.shard}, row {trace.row}" + (f" ({joined})" if joined else "")
    why = f"{trace.by}: {trace.reason}" if trace.by else str(trace.reason)
    return f"{trace.fate} by {why}" + (f" -> {trace.into}" if trace.into else "")
