"""Writers and readers in processes of their own never block or fail one another."""

from __future__ import annotations

from pathlib import Path

from etl.store.warehouse import latest_snapshot, open_latest, open_writer, publish
from tests.lengths import LONG
from tests.processes import PROCESSES

PUBLISHED = 200 if LONG else 15
READERS = 3 if LONG else 2


def write(warehouse: Path) -> None:
    """Publish again and again; in every snapshot both tables hold as many rows."""
    for number in range(PUBLISHED):
        with open_writer(warehouse) as connection:
            connection.execute("INSERT INTO applied VALUES (?)", [number])
            connection.execute("INSERT INTO stale_tickets VALUES (?)", [str(number)])
            publish(connection, warehouse)


def read(warehouse: Path) -> None:
    """Look again and again; each look sees one whole state, and none older than the last."""
    seen = 0
    while seen < PUBLISHED:
        with open_latest(warehouse) as snapshot:
            page = [snapshot.execute(query).fetchall()[0][0] for query in (APPLIED, STALE, APPLIED)]
        assert page[0] == page[1] == page[2] >= seen
        seen = page[0]


APPLIED, STALE = "SELECT count(*) FROM applied", "SELECT count(*) FROM stale_tickets"


def test_readers_always_see_one_whole_state_while_a_writer_publishes(tmp_path: Path) -> None:
    processes = [PROCESSES.Process(target=read, args=(tmp_path,)) for _ in range(READERS)]
    processes.append(PROCESSES.Process(target=write, args=(tmp_path,)))
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(processes)
    latest = latest_snapshot(tmp_path)
    assert list((tmp_path / "snapshots").iterdir()) == [latest]
