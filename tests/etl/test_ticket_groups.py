"""Who is forgotten is forgotten in all tickets that a run or a merge links with one of theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from etl.contract.kinds import STEP_KINDS
from etl.health.profile import update_profile
from etl.privacy.erasure import forget_customer, purge_older
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.ticket_groups import Retention, RunIds, linked_groups, old_tickets
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


def begun(ticket: str, day: int) -> str:
    return entered(ticket, day).replace("entered", "run_started").replace("ask", "")


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


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("rows", "remaining"),
    [
        (SPLIT, []),
        ((opened("t1", 2, "ada"), opened("t2", 3), merged("t2", 4, "t1")), []),
        ((opened("t1", 2, "ada"), opened("t2", 3), merged("t1", 4, "t2")), []),
        ((*SPLIT, opened("t3", 4), merged("t3", 5, "t2")), []),
        ((*SPLIT, entered("t2", 1)), ["t2"]),
        ((*SPLIT, entered("t3", 4), begun("t4", 5)), ["t2", "t3", "t4"]),
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
    purge_older(Retention(datetime(2026, 3, 3, tzinfo=UTC)), tmp_path / "w", archive, now=NOW)
    assert left_in(archive) == ["t1", "t2", "t8"]


def test_only_tickets_of_a_staged_file_decide_whether_others_are_looked_at(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, opened("t1", 2), opened("t8", 9))
    retention = Retention(datetime(2026, 3, 3, tzinfo=UTC))
    (part,) = [archive.segment(name) for record in archive.loads() for name in record.segments]
    old_event = pl.read_parquet(part).filter(pl.col("ticket_id") == "t1")
    with open_writer(tmp_path / "w") as connection:
        for ticket, old in (("t8", set[str]()), ("t7", {"t1", "t7"})):
            staged = tmp_path / f"{ticket}.parquet"
            old_event.with_columns(ticket_id=pl.lit(ticket)).write_parquet(staged)
            assert old_tickets(retention, archive, connection, [staged]) == old


def corrected(folder: Path, *rows: str, by: str) -> Archive:
    """An archive of rows whose ids are their numbers, and of one that corrects the third."""
    columns = HEADER.replace("occurred_at", "event_id,occurred_at")
    for name, lines in (("events.csv", enumerate(rows)), ("later.csv", [(2, by)])):
        (folder / name).write_text(columns + "\n".join(f"e{n},{row}" for n, row in lines) + "\n")
    archive = Archive(folder / "w" / "archive")
    with open_writer(folder / "w") as connection:
        load([folder / "events.csv"], connection, archive, now=NOW)
        load([folder / "later.csv"], connection, archive, now=NOW)
    return archive


@pytest.mark.sweep(12)
@pytest.mark.parametrize(
    ("first", "corrected_to", "remaining"),
    [
        (opened("t2", 3, "ben"), opened("t2", 3), ["t9"]),
        (opened("t2", 3), opened("t2", 3, "ben"), ["t2", "t9"]),
        (entered("t2", 1), entered("t2", 4), ["t9"]),
        (entered("t2", 4), entered("t2", 1), ["t2", "t9"]),
    ],
    ids=["customer taken back", "customer added", "instant moved apart", "instant moved into it"],
)
def test_a_corrected_row_links_as_in_the_facts(
    tmp_path: Path, first: str, corrected_to: str, remaining: list[str]
) -> None:
    rows = (opened("t1", 2, "ada"), entered("t1", 2), first, entered("t2", 3), OTHER)
    archive = corrected(tmp_path, *rows, by=corrected_to)
    with open_writer(tmp_path / "w") as connection:
        refresh(connection)
        links = connection.execute("SELECT count(*) FROM run_links").fetchall()
    assert links == [(0 if "t2" in remaining else 2,)]
    forget_customer("ada", tmp_path / "w", archive, now=NOW)
    assert left_in(archive) == remaining


def test_a_damaged_database_hinders_nobody_from_being_forgotten_and_goes_too(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, *SPLIT, OTHER)
    (tmp_path / "w" / "warehouse.duckdb").write_bytes(b"ada")
    forget_customer("ada", tmp_path / "w", archive, now=NOW)
    assert left_in(archive) == ["t9"]
    assert list((tmp_path / "w").glob("*.duckdb*")) == []


@pytest.mark.sweep(6)
@pytest.mark.parametrize("unique", [None, "source", "ticket"])
def test_runs_link_the_same_tickets_in_archive_facts_and_health(tmp_path: Path, unique: RunIds) -> None:
    rows = [*SPLIT, entered("t3", 4, "q"), entered("t4", 5, "q"), entered("t3", 6, "q")]
    rows += [entered(f"u{n}", n, "many") for n in range(2, 6)]
    rows += [entered(f"v{n}", n, "three") for n in range(2, 5)]
    rows += [
        text for n in (2, 3) for text in (opened(f"x{n}", n, f"c{n}"), entered(f"x{n}", n, "two people"))
    ]
    archive = archive_of(tmp_path, *rows)
    with open_writer(tmp_path / "w") as connection:
        refresh(connection, Settings(runs=RunRules(unique=unique)))
        update_profile(connection)
        connection.execute((files("etl.health") / "sources.sql").read_text("utf-8"))
        connection.execute("CREATE TEMP VIEW one AS FROM shared_run_ids WHERE is_one")
        in_facts, in_health = (
            {frozenset(tickets) for (tickets,) in connection.execute(query).fetchall()}
            for query in (
                "SELECT list(ticket_id) FROM run_links GROUP BY run_id",
                "SELECT list(ticket_id) FROM health_runs SEMI JOIN one USING (run_id) GROUP BY run_id",
            )
        )
    assert in_facts == in_health == set(linked_groups(archive, tmp_path / "w", unique))
    assert len(in_facts) == {None: 2, "source": 5, "ticket": 0}[unique]


def test_each_list_of_the_kinds_of_steps_has_them_all() -> None:
    lists = {
        path.name: [set(re.findall("'([a-z_]+)'", each)) for each in texts]
        for package in ("etl", "metrics")
        for path in (Path(__file__).parents[2] / package).rglob("*.sql")
        if (texts := re.findall(r"kind IN \(([^)]*'input_rejected'[^)]*)\)", path.read_text("utf-8")))
    }
    assert lists == {name: [set(STEP_KINDS)] for name in ("run_tickets.sql", "visit_events.sql", "runs.sql")}
