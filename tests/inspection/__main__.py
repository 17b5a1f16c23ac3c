"""Prints how far the mappings that `inspect` writes are right, per system and file."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.inspection.comparison import Outcome, Share, is_good, outcome
from tests.inspection.expectation import expectations

EXAMPLES = 3
HEADINGS = (
    "system",
    "files",
    "columns right",
    "of those that tell",
    "wrong instants",
    "rejected",
    "facts wrong",
)
WIDTHS = (12, 7, 19, 20, 16, 16, 13)


def main() -> int:
    options = argparse.ArgumentParser(prog="make inspect-report", description=__doc__)
    options.add_argument("names", nargs="*", help="only files whose name contains one of these, as zendesk")
    names = options.parse_args().names
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    of_system: dict[str, list[Outcome]] = defaultdict(list)
    for expectation in expectations():
        if names and not any(name in expectation.name for name in names):
            continue
        if not expectation.source.exists():
            print(f"{expectation.name}: not on this machine")
            continue
        with TemporaryDirectory() as folder:
            result = outcome(expectation, Path(folder))
        of_system[expectation.system].append(result)
        print("\n".join(details(result)), flush=True)
    print(f"\n{_line(HEADINGS)}")
    for system, results in of_system.items():
        print(summary(system, results))
    wrong = [system for system, results in of_system.items() if not is_good(results)]
    files = [result for results in of_system.values() for result in results]
    print(f"\n{sum(result.is_right for result in files)} of {len(files)} files are right in everything.")
    print(f"Not good enough: {', '.join(wrong)}." if wrong else "Every system is good enough.")
    return bool(wrong)


def details(result: Outcome) -> list[str]:
    """What is wrong of one file."""
    lines = [f"{result.expectation.name}: {result.columns} columns right"]
    lines += [f"  problem: {result.problem}"] if result.problem else []
    if result.columns.right:
        lines += [f"  column {column!r}: {why}" for column, why in result.wrong_columns.items()]
    given = ", ".join(f"{kind} {share}" for kind, share in result.events.items())
    lines += [f"  events: {given}"] if given else []
    lines += [f"  too few events: {rule}" for rule in result.missed_events]
    if result.wrong_instants:
        examples = "; ".join(result.wrong_instants[:EXAMPLES])
        lines.append(f"  {len(result.wrong_instants)} wrong events or instants: {examples}")
    lines += [f"  rejected: {result.rejected} of {result.rows} rows"] if result.rejected else []
    return lines + [f"  fact: {fact}" for fact in result.wrong_facts]


def summary(system: str, results: Sequence[Outcome]) -> str:
    columns = sum((result.columns for result in results), Share(0, 0))
    telling = sum((result.telling_columns for result in results), Share(0, 0))
    cells = (
        system,
        len(results),
        f"{columns} {columns.right / columns.total:.0%}",
        f"{telling} {telling.right / (telling.total or 1):.0%}",
        sum(len(result.wrong_instants) for result in results),
        Share(sum(result.rejected for result in results), sum(result.rows for result in results)),
        sum(len(result.wrong_facts) + len(result.missed_events) for result in results),
    )
    lost = sum(result.rejects_everything for result in results)
    return _line(cells) + (f"   {lost} not loaded" if lost else "")


def _line(cells: Sequence[object]) -> str:
    return "".join(
        f"{cell!s:{width}}" if place == 0 else f"{cell!s:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )


if __name__ == "__main__":
    sys.exit(main())
