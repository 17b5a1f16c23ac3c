"""Whether the flow agrees with pm4py's, for developers alone: pm4py (AGPL) has an environment of its own.

    python -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py
    python -m benchmarks.compare_pm4py LOG.xes … --pm4py /tmp/pm4py/bin/python

The published figures of the helpdesk are of the runs that begin and end as they should:

    python -m benchmarks.compare_pm4py helpdesk.xes.gz --pm4py /tmp/pm4py/bin/python
        --starts "Assign seriousness" "Insert ticket" --ends Closed

Prints a line per log and fails where directly-follows pairs, self-loops, variants, or runs that repeat a step
differ. The events are numbered first: pm4py counts exact copies of an event, which Stepsight loads once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import polars as pl

from etl.mapping.mapping_file import read_mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.process.flow import Runs, edges, steps, variants
from metrics.refresh.facts import refresh

MAPPING = Path(__file__).parents[1] / "data" / "mappings" / "xes.toml"
THEIRS = """
import json, sys, pm4py
log, starts, ends = pm4py.read_xes(sys.argv[1]), *map(json.loads, sys.argv[2:])
log = pm4py.filter_start_activities(log, starts) if starts else log
log = pm4py.filter_end_activities(log, ends) if ends else log
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


def ours(log: Path, runs: Runs) -> dict[str, Counter[object]]:
    """The flow of the log as Stepsight tells it."""
    with tempfile.TemporaryDirectory() as folder, open_writer(Path(folder) / "warehouse") as connection:
        archive = Archive(Path(folder) / "warehouse" / "archive")
        load(
            [_numbered(log, Path(folder))],
            connection,
            archive,
            now=datetime.now(UTC),
            mapping=read_mapping(MAPPING),
        )
        refresh(connection)
        graph = edges(connection, runs=runs)
        between = graph.filter(pl.col("step").is_not_null() & pl.col("next_step").is_not_null())
        begun, ended = graph.filter(pl.col("step").is_null()), graph.filter(pl.col("next_step").is_null())
        return {
            "pairs": Counter({(a, b): n for a, b, n in between.select("step", "next_step", "moves").rows()}),
            "self-loops": Counter(
                {s: n for s, n in steps(connection, runs=runs).select("step", "self_loops").rows() if n}
            ),
            "starts": Counter(dict(begun.select("next_step", "moves").rows())),
            "ends": Counter(dict(ended.select("step", "moves").rows())),
            "rework": Counter(
                {s: n for s, n in steps(connection, runs=runs).select("step", "runs_again").rows() if n}
            ),
            "variants": Counter(
                {tuple(p): n for p, n in variants(connection, runs=runs).select("path", "runs").rows()}
            ),
        }


def _numbered(log: Path, folder: Path) -> Path:
    """A copy of the log in which no event equals another."""
    text = (gzip.decompress(log.read_bytes()) if log.suffix == ".gz" else log.read_bytes()).decode()
    number = count()
    copy = folder / log.name.removesuffix(".gz")
    copy.write_text(
        re.sub(r"<event>", lambda _: f'<event><string key="row" value="{next(number)}"/>', text), "utf-8"
    )
    return copy


def theirs(log: Path, runs: Runs, python: Path) -> dict[str, Counter[object]]:
    """The same as pm4py tells it."""
    command = [str(python), "-c", THEIRS, str(log), json.dumps(runs.starts), json.dumps(runs.ends)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("told:"))
    told = json.loads(line.removeprefix("told:"))
    return {
        "pairs": Counter({(a, b): n for a, b, n in told["pairs"]}),
        "self-loops": Counter({a: n for a, b, n in told["pairs"] if a == b}),
        **{name: Counter(told[name]) for name in ("starts", "ends", "rework")},
        "variants": Counter({tuple(way): count for way, count in told["variants"]}),
    }


def main() -> None:
    """Compare each log; exit with 1 where one differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("logs", nargs="+", type=Path)
    options.add_argument("--starts", nargs="*", default=[], help="only runs that begin with one of these")
    options.add_argument("--ends", nargs="*", default=[], help="only runs that end with one of these")
    options.add_argument("--pm4py", required=True, type=Path, help="Python of an environment that has pm4py")
    chosen = options.parse_args()
    differ, runs = False, Runs(starts=tuple(chosen.starts), ends=tuple(chosen.ends))
    for log in chosen.logs:
        mine, other = ours(log, runs), theirs(log, runs, chosen.pm4py)
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
