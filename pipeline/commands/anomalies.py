"""`curate anomalies`: is the newest interval unlike those before it?"""

import argparse
import sys

import msgspec

from pipeline import anomalies


def run(args: argparse.Namespace) -> int:
    """Print the rates; 1 if one of them is an alarm."""
    found = anomalies.rates(args.output, spreads=args.spreads, least=args.least)
    if args.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return int(any(rate.is_alarm for rate in found))
    print(f"{'newest':>8} {'before':>8} {'distance':>9}")
    for rate in found:
        mean = sum(rate.before) / max(len(rate.before), 1)
        alarm = "  <- ALARM" if rate.is_alarm else ""
        print(f"{rate.newest:>8.2%} {mean:>8.2%} {rate.distance:>9.1f}  {rate.name}{alarm}")
    return int(any(rate.is_alarm for rate in found))
