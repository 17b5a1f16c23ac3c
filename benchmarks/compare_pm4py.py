"""Whether the flow agrees with pm4py's, for developers alone: pm4py (AGPL) has an environment of its own.

    python -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py
    python -m benchmarks.compare_pm4py LOG.xes … --pm4py /tmp/pm4py/bin/python

Prints a line per log and fails where directly-follows pairs, variants, or runs that repeat a step differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from etl.archive import Archive
from etl.loading import load
from etl.mapping import read_mapping
from etl.warehouse import open_writer
from metrics.flow import edges, steps, variants
from metrics.refreshing import refresh

MAPPING = Path(__file__).parents[1] / "data" / "mappings" / "xes.toml"
THEIRS = """
import json, sys, pm4py
log = pm4py.read_xes(sys.argv[1])
pairs, starts, ends = pm4py.discover_dfg(log)
variants = pm4py.get_variants(log)
rework = pm4py.get_rework_cases_per_activity(log)
told = {
    "pairs": [[*pair, count] for pair, count in pairs.items()],
    "starts": dict(starts), "ends": dict(ends), "rework": dict(rework),
    "variants": [[list(way), count] for way, count in variants.items()],
}
print("told:" + json.dumps(told))
"""


def ours(log: Path) -> dict[str, Counter[object]]:
    """The flow of the log as Stepsight tells it."""
    with tempfile.TemporaryDirectory() as folder, open_writer(Path(folder)) as connection:
        archive = Archive(Path(folder) / "archive")
        load([log], connection, archive, now=datetime.now(UTC), mapping=read_mapping(MAPPING))
        refresh(connection)
        graph = edges(connection)
        between = graph.filter(pl.col("step").is_not_null() & pl.col("next_step").is_not_null())
        begun, ended = graph.filter(pl.col("step").is_null()), graph.filter(pl.col("next_step").is_null())
        return {
            "pairs": Counter({(a, b): n for a, b, n in between.select("step", "next_step", "moves").rows()}),
            "starts": Counter(dict(begun.select("next_step", "moves").rows())),
            "ends": Counter(dict(ended.select("step", "moves").rows())),
            "rework": Counter({s: n for s, n in steps(connection).select("step", "runs_again").rows() if n}),
            "variants": Counter({tuple(p): n for p, n in variants(connection).select("path", "runs").rows()}),
        }


def theirs(log: Path, python: Path) -> dict[str, Counter[object]]:
    """The same as pm4py tells it."""
    command = [str(python), "-c", THEIRS, str(log)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("told:"))
    told = json.loads(line.removeprefix("told:"))
    return {
        "pairs": Counter({(a, b): n for a, b, n in told["pairs"]}),
        **{name: Counter(told[name]) for name in ("starts", "ends", "rework")},
        "variants": Counter({tuple(way): count for way, count in told["variants"]}),
    }


def main() -> None:
    """Compare each log; exit with 1 where one differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("logs", nargs="+", type=Path)
    options.add_argument("--pm4py", required=True, type=Path, help="Python of an environment that has pm4py")
    chosen = options.parse_args()
    differ = False
    for log in chosen.logs:
        mine, other = ours(log), theirs(log, chosen.pm4py)
        for name in mine:
            agrees = mine[name] == other[name]
            differ |= not agrees
            said = (
                "agree" if agrees else f"differ: {(mine[name] - other[name])} | {(other[name] - mine[name])}"
            )
            print(f"{log.name}: {name}, {len(mine[name])} and {len(other[name])}: {said[:300]}")
    sys.exit(differ)


if __name__ == "__main__":
    main()
