"""Prints the evaluation: no number is written down here, all are simulated, loaded and measured.

The result of each desk is stored when it is done, in a temporary folder for this state of the code: stopped
and started again, the evaluation goes on. First a line for each desk as it is done, then the tables.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.evaluation import report
from tests.evaluation.jobs import Jobs
from tests.evaluation.result_store import folder, results


def main() -> None:
    options = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    options.add_argument("--seeds", type=int, default=10, help="simulated desks of each size with trouble")
    options.add_argument("--calm", type=int, help="simulated desks without trouble; five times the seeds")
    options.add_argument("--parts", nargs="*", choices=report.PARTS, default=report.PARTS)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--store", type=Path, default=None, help="folder of the results")
    arguments = options.parse_args()
    store = arguments.store or folder()
    print(f"Results are in {store}", flush=True)  # noqa: T201
    calm = 5 * arguments.seeds if arguments.calm is None else arguments.calm
    jobs = Jobs(arguments.seeds, calm)
    # Each process computes on one core; polars does not survive a fork.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as pool:
        frames = dict(results(report.needed(jobs, arguments.parts), pool, store))
    for part in arguments.parts:
        report.print_part(part, jobs, frames)


if __name__ == "__main__":
    main()
