"""Who is forgotten is forgotten in all tickets that a run or a merge links with one of theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.privacy.erasure import forget_customer, retain_since
from etl.privacy.ticket_groups import RunIds, linked_groups
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.settings.run_rules import RunRules

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "occurred_at,ticket_id,kind,customer_id,run_id,workflow,version,step,value,actor\n"


def opened(ticket: str, day: int, customer: str = "") -> str:
    return f"2026-03-{day:02}T08:00Z,{ticket},opened,{customer},,,,,,"


def entered(ticket: str, day: int, run: str = "r") -> str:
    return f"2026-03-{day:02}T09:00Z,{ticket},entered,,{run},w,1,ask,,"


def merged(ticket: str, day: int, into: str) -> str:
    return f"2026-03-{day:02}T10:00Z,{ticket},merged,,,,,,{into},"


def archive_of(folder: Path, *rows: str) -> Archive:
    """The archive of a warehouse in the folder that holds the rows."""
    (folder / "events.csv").write_text(HEADER + "\n".join(rows) + "\n")
    archive = Archive(folder / "w" / "archive")
    with open_writer(folder / "w") as connection:
        load([folder / "events.csv"], connection, archive, now=NOW)
    return archive


def left_in(archive: Archive) -> list[str]:
    """The tickets of which an archive has events."""
    names = [name for record in archive.loads() for name in record.segments]
    return sorted(
        {ticket for name in names for ticket in pl.read_parquet(archive.segment(name))["ticket_id"]}
    )


SPLIT = (opened("t1", 2, "ada"), entered("t1", 2), opened("t2", 3), entered("t2", 3))
OTHER = opened("t9", 2, "ben")


@pytest.mark.parametrize(
    ("rows", "remaining"),
    [
        (SPLIT, []),
        ((opened("t1", 2, "ada"), opened("t2", 3), merged("t2", 4, "t1")), []),
        ((opened("t1", 2, "ada"), opened("t2", 3), merged("t1", 4, "t2")), []),
        ((*SPLIT, opened("t3", 4), merged("t3", 5, "t2")), []),
        ((*SPLIT, entered("t2", 1)), ["t2"]),
        ((*SPLIT, entered("t3", 4), entered("t4", 5)), ["t2", "t3", "t4"]),
        ((opened("t1", 2, "ada"), opened("t2", 3, "ben"), merged("t2", 4, "t1")), []),
        ((opened("t1", 2, "ada"), merged("t1", 4, "elsewhere")), []),
    ],
    ids=["run", "into theirs", "theirs into it", "run and merge", "at once", "many", "of another", "missing"],
)
def test_linked_tickets_go_and_others_stay(
    tmp_path: Path, rows: tuple[str, ...], remaining: list[str]
) -> None:
    archive = archive_of(tmp_path, *rows, OTHER)
    forget_customer("ada", tmp_path / "w", archive, now=NOW)
    assert left_in(archive) == [*remaining, "t9"]


@pytest.mark.parametrize(("unique", "remaining"), [("ticket", ["t2", "t9"]), ("source", ["t9"])])
def test_the_settings_say_which_tickets_a_run_links(
    tmp_path: Path, unique: RunIds, remaining: list[str]
) -> None:
    archive = archive_of(tmp_path, *SPLIT, entered("t2", 1), OTHER)
    forget_customer("ada", tmp_path / "w", archive, now=NOW, run_ids=unique)
    assert left_in(archive) == remaining


def test_old_tickets_stay_while_one_that_is_linked_does(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, *SPLIT, OTHER, opened("t8", 9))
    retain_since(datetime(2026, 3, 3, tzinfo=UTC), tmp_path / "w", archive, now=NOW)
    assert left_in(archive) == ["t1", "t2", "t8"]


@pytest.mark.parametrize("unique", [None, "source", "ticket"])
def test_runs_link_the_same_tickets_in_the_archive_and_in_the_facts(tmp_path: Path, unique: RunIds) -> None:
    rows = [*SPLIT, entered("t3", 4, "q"), entered("t4", 5, "q"), entered("t3", 6, "q")]
    rows += [entered(f"u{n}", n, "many") for n in range(2, 6)]
    archive = archive_of(tmp_path, *rows)
    with open_writer(tmp_path / "w") as connection:
        refresh(connection, Settings(runs=RunRules(unique=unique)))
        pairs = connection.execute("SELECT run_id, list(ticket_id) FROM run_links GROUP BY run_id").fetchall()
    assert {frozenset(tickets) for _, tickets in pairs} == set(linked_groups(archive, unique))
