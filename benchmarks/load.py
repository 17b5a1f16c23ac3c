"""How long loading takes beside hand-written SQL, in one run on one machine: `make bench`.

The measure is a ratio, since machines differ and are shared: the time of `stepsight load` (validate, drop
duplicates, archive, build facts, publish) over that of DuckDB statements that only create an events table
and a visits table from the same file. Targets: at most 4; at most 6 GB; CSV at least 500,000 rows a second;
10,000 new events onto a loaded history under 5 % of the full load.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from etl.simulator import simulate
from etl.sources import read

EVENTS_PER_TICKET = 23.3

EVENTS = "CREATE TABLE events AS SELECT * FROM read_parquet(?)"
VISITS = """
CREATE TABLE visits AS
WITH stepped AS (
    SELECT *, count(*) FILTER (WHERE kind = 'entered') OVER run AS visit
    FROM events
    WHERE run_id IS NOT NULL
    WINDOW run AS (PARTITION BY ticket_id, run_id ORDER BY occurred_at, seq, event_id)
)
SELECT
    ticket_id, run_id, visit,
    min(workflow) AS workflow, min(version) AS version, arg_min(step, occurred_at) AS step,
    min(occurred_at) AS entered_at, max(occurred_at) AS left_at,
    count(*) FILTER (WHERE kind = 'asked_help') AS helps,
    count(*) FILTER (WHERE kind = 'input_rejected') AS rejections,
    bool_or(kind = 'went_back') AS went_back, bool_or(kind = 'paused') AS paused,
    bool_or(kind = 'searched') AS searched, bool_or(kind = 'run_abandoned') AS abandoned
FROM stepped
GROUP BY ticket_id, run_id, visit
"""


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def hand_written(file: Path, folder: Path) -> None:
    with duckdb.connect(str(folder / "hand.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(EVENTS, [str(file)])
        connection.execute(VISITS)


def stepsight_load(file: Path, warehouse: Path) -> float:
    """Load a file in a process of its own; the most memory it had at a time, in GB.

    Asked of the process while it runs: the figure that the system keeps of ended children counts what their
    parent had when it started them, and here the parent simulates the history.
    """
    command = [sys.executable, "-m", "stepsight", "load", str(file), "--warehouse", str(warehouse), "--json"]
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, peak_gigabytes(process.pid))
            time.sleep(0.05)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


def peak_gigabytes(process: int) -> float:
    """The most memory a running process has had at a time; 0 where the system does not tell."""
    with suppress(ProcessLookupError, FileNotFoundError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1e6
    return 0.0


def main(events: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = simulate(tickets=round(events / EVENTS_PER_TICKET), seed=1, weeks=26).events
        history = history.sort("occurred_at", "event_id")
        new, old = history.tail(10_000), history.head(-10_000)
        for frame, file in ((old, "history"), (new, "new")):
            frame.write_parquet(folder / f"{file}.parquet")
        csv_rows = min(2_000_000, old.height)
        old.head(csv_rows).write_csv(folder / "history.csv")
        say(f"{old.height:,} events, {old['ticket_id'].n_unique():,} tickets")

        start_up = timed(lambda: subprocess.run([sys.executable, "-c", "import stepsight"], check=True))
        hand = timed(lambda: hand_written(folder / "history.parquet", folder))
        say(f"hand-written events and visits   {hand:7.1f} s")
        warehouse = folder / "warehouse"
        peaks: list[float] = []
        full = timed(lambda: peaks.append(stepsight_load(folder / "history.parquet", warehouse)))
        say(f"stepsight load                   {full:7.1f} s   {full / hand:4.1f} x hand-written (target 4)")
        say(f"  peak memory                    {peaks[0]:7.1f} GB  (target 6)")
        more = timed(lambda: stepsight_load(folder / "new.parquet", warehouse))
        say(f"10,000 new events                {more:7.1f} s   {more / full:4.1%} of it (target 5 %)")
        say(f"  of which starting Python       {start_up:7.1f} s")
        again = timed(lambda: stepsight_load(folder / "history.parquet", warehouse))
        say(f"the same file again              {again:7.1f} s")
        rate = csv_rows / timed(lambda: sum(batch.height for batch in read(folder / "history.csv").batches()))
        say(f"reading CSV                      {rate:12,.0f} rows a second (target 500,000)")
        whole = csv_rows / timed(lambda: stepsight_load(folder / "history.csv", folder / "csv"))
        say(f"loading CSV, facts and all       {whole:12,.0f} rows a second")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    main(parser.parse_args().events)
