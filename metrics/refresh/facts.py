"""Bringing the stored facts up to date: work for the tickets that changed, and for nothing else."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from etl.health.profile import has_table
from etl.health.run_checks import run_checks
from etl.store.statements import run_statements
from etl.store.warehouse import publish, transaction
from metrics.facts import fact_files
from metrics.refresh.service_facts import is_made_with, refresh_service
from metrics.settings.model import Privacy, Settings
from metrics.settings.names import setting_names
from metrics.settings.thresholds import Thresholds


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, warehouse: Path, settings: Settings) -> None:
    """Facts and findings agree with the events, and readers get both in a new snapshot.

    Neither asks for the other, so they are made side by side. Whoever calls this has the lock.
    """
    clear_outdated(connection, settings)
    _state_run_rules(connection, settings)
    with ThreadPoolExecutor(max_workers=1) as beside:
        names, own, zone = setting_names(settings), settings.dimensions, settings.stated_time_zone
        examined = beside.submit(run_checks, connection.cursor(), names=names, dimensions=own, time_zone=zone)
        refresh(connection, settings)
        examined.result()
    publish(connection, warehouse)


def refresh(connection: duckdb.DuckDBPyConnection, settings: Settings | None = None) -> None:
    """All facts agree with `events`, `workflow_steps` and the settings; `stale_tickets` is empty.

    One transaction: killed at any instant, the facts are as before and the tickets still stale. Facts made
    with other limits or by other SQL are made anew; those of a changed workflow definition, too, and with
    other hours or targets what depends on them.
    """
    settings = settings or Settings()
    with transaction(connection):
        _state_run_rules(connection, settings)
        made_with, guided_before = _made_with(connection), {}
        if has_table(connection, "guided_workflows"):
            guided_before = _guided(connection)
        if made_with.get("sources") == _sources(settings.thresholds):
            anew = False
            _replace_stale(connection, made_with["of_stale"])
        else:
            fingerprint = made_with.get("fingerprint")
            made_with = _by_sources_of_today(connection, settings.thresholds, fingerprint)
            anew = made_with["fingerprint"] != fingerprint
        guided = _guided(connection)
        # Time in a state takes none from guided steps: a workflow of another kind changes all tickets' work.
        anew |= any(guided.get(name, is_guided) != is_guided for name, is_guided in guided_before.items())
        refresh_service(connection, settings, made_with["served_of_stale"], anew=anew)
        connection.execute("DELETE FROM stale_tickets")
        connection.execute(
            "CREATE OR REPLACE TABLE small_group_rules AS SELECT $smallest::INTEGER AS smallest_group",
            {"smallest": settings.privacy.smallest_group},
        )
        connection.execute("CREATE OR REPLACE TABLE known_definitions AS FROM workflow_steps")


def clear_outdated(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Facts of which `refresh` would make every one anew go first: those take their room in the file.

    Else the file would grow by half, and every snapshot with it. Readers have theirs, and `refresh` makes
    what is missing: killed at any instant, nothing is lost. Nobody else may be writing meanwhile.
    """
    made_with = _made_with(connection)
    if not made_with or made_with.get("sources") == _sources(settings.thresholds):
        return
    from metrics.refresh import statements

    if made_with["fingerprint"] == statements.fingerprint(settings.thresholds):
        return
    with transaction(connection):
        run_statements(connection, *statements.facts_dropped())
    connection.execute("CHECKPOINT")


def has_facts(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the facts of this warehouse have ever been made."""
    return has_table(connection, "facts_made_with")


def is_up_to_date(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the stored facts were made with these settings."""
    made_with = connection.sql("FROM thresholds").pl().to_dicts()
    has_rules = has_table(connection, "run_rules")  # a snapshot of an older version has none
    run_rules = _run_rules(connection) if has_rules else None
    is_by_rules = (
        run_rules == settings.runs.unique and _smallest_group(connection) == settings.privacy.smallest_group
    )
    return (
        is_by_rules and made_with == [settings.thresholds.model_dump()] and is_made_with(connection, settings)
    )


def _guided(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """By workflow, whether it guides agents as the facts stand."""
    return dict(connection.execute("SELECT workflow, is_guided FROM guided_workflows").fetchall())


def _smallest_group(connection: duckdb.DuckDBPyConnection) -> int:
    """The fewest agents that numbers may be about, as the settings said when the facts were made."""
    if not has_table(connection, "small_group_rules"):  # a snapshot of an older version
        return Privacy().smallest_group
    return int(connection.execute("SELECT smallest_group FROM small_group_rules").fetchall()[0][0])


def _run_rules(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Within what run ids are unique, where that was stated."""
    rows = connection.execute("SELECT unique_within FROM run_rules").fetchall()
    return str(rows[0][0]) if rows else None


def _state_run_rules(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The rules for run ids as the settings state them; the links are made by them at each refresh."""
    if _run_rules(connection) != settings.runs.unique:
        connection.execute("DELETE FROM run_rules")
        if settings.runs.unique:
            connection.execute("INSERT INTO run_rules VALUES ($unique)", {"unique": settings.runs.unique})


def is_of_this_version(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the stored facts were made by the SQL of this version, or were never made."""
    if not has_facts(connection):
        return True
    limits_then = connection.sql("FROM thresholds").pl().to_dicts()
    if [set(row) for row in limits_then] != [set(Thresholds.model_fields)]:
        return False
    made_with, thresholds = _made_with(connection), Thresholds(**limits_then[0])
    if made_with.get("sources") == _sources(thresholds):
        return True
    from metrics.refresh import statements  # importing and writing takes longer than most commands do

    return bool(made_with["fingerprint"] == statements.fingerprint(thresholds))


def _made_with(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the stored facts were made with, and the statements for stale tickets; empty without facts."""
    if not has_facts(connection):
        return {}
    return dict(connection.sql("FROM facts_made_with").pl().row(0, named=True))


@cache
def _sources(thresholds: Thresholds) -> str:
    """The same for the same limits and the same files that statements are written from, whatever they say."""
    modules = ("refresh/statements.py", "facts/relations.py", "catalog/signs.py")
    sources = {name: files("metrics") / name for name in modules} | fact_files()
    texts = [name.encode() + file.read_bytes() for name, file in sources.items()]
    return hashlib.sha256(b"\n".join([*texts, thresholds.model_dump_json().encode()])).hexdigest()


def _by_sources_of_today(
    connection: duckdb.DuckDBPyConnection, thresholds: Thresholds, fingerprint_before: str | None
) -> dict[str, Any]:
    """Facts by statements written now, of every ticket where the SQL is another; what they are made with."""
    from metrics.refresh import statements  # importing and writing takes longer than most loads do

    made_with: dict[str, Any] = {
        "fingerprint": statements.fingerprint(thresholds),
        "sources": _sources(thresholds),
        "of_stale": list(statements.facts_of_stale()),
        "served_of_stale": list(statements.served_of_stale()),
    }
    if made_with["fingerprint"] != fingerprint_before:
        run_statements(connection, *statements.facts_anew(thresholds))
    else:
        _replace_stale(connection, made_with["of_stale"])
    connection.execute(
        "CREATE OR REPLACE TABLE facts_made_with AS SELECT $fingerprint AS fingerprint, $sources AS sources, "
        "$of_stale AS of_stale, $served_of_stale AS served_of_stale",
        made_with,
    )
    return made_with


def _replace_stale(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    """The rows of stale tickets anew, and of those whose workflow definition has changed."""
    connection.execute(_MARK_CHANGED_DEFINITIONS)
    run_statements(connection, *statements)


_MARK_CHANGED_DEFINITIONS = """
WITH added AS (FROM workflow_steps EXCEPT FROM known_definitions),
     removed AS (FROM known_definitions EXCEPT FROM workflow_steps),
     changed AS (SELECT workflow, version FROM added UNION SELECT workflow, version FROM removed)
INSERT INTO stale_tickets
SELECT DISTINCT ticket_id FROM visits SEMI JOIN changed USING (workflow, version)
"""
