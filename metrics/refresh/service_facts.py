"""Keeping what depends on opening hours and targets up to date, from the tickets as they stand.

The calendar reaches from the year before the first event to the end of the second year after the newest, so
that an instant at which a target runs out lies within it. Another year of data, other hours or other targets
make everything here anew; else only the stale tickets are.
"""

from __future__ import annotations

import hashlib

import duckdb

from etl.health.profile import has_table
from etl.store.statements import run_statements
from metrics.settings.model import Settings

Years = tuple[int, int]
_EARLIEST, _LATEST = 1970, 2100  # what a mistyped year may cost


def refresh_service(
    connection: duckdb.DuckDBPyConnection, settings: Settings, of_stale: list[str], *, anew: bool
) -> None:
    """Business times and targets agree with `tickets` and the settings; `stale_tickets` are still listed.

    Within the caller's transaction. `of_stale`: the statements that make them for stale tickets. `anew`: for
    every ticket, whatever it was made with.
    """
    years = _years(connection)
    if anew or not is_made_with(connection, settings, years):
        from metrics.refresh.calendar_tables import lay_out  # importing takes longer than most loads do
        from metrics.refresh.statements import served_anew

        lay_out(connection, settings, years, _fingerprint(settings, years))
        of_stale = list(served_anew(_unused(settings)))
    run_statements(connection, *of_stale)


def _unused(settings: Settings) -> tuple[str, ...]:
    """Without targets nobody asks how tickets were classified, and without pauses not whose turn it was."""
    pauses = any(target.pauses_while for target in settings.targets)
    return (*(() if settings.targets else ("classifications",)), *(() if pauses else ("turns",)))


def is_made_with(
    connection: duckdb.DuckDBPyConnection, settings: Settings, years: Years | None = None
) -> bool:
    """Whether the stored times were made with the hours and targets of these settings."""
    if not has_table(connection, "service_made_with"):
        return False
    made_with = connection.execute("SELECT fingerprint FROM service_made_with").fetchall()
    return made_with == [(_fingerprint(settings, years or _years(connection)),)]


def _years(connection: duckdb.DuckDBPyConnection) -> Years:
    """The first and the last year of the calendar."""
    ((first, newest),) = connection.execute(
        "SELECT year(min(occurred_at)), year(max(occurred_at)) FROM events"
    ).fetchall()
    if first is None:
        return _EARLIEST, _EARLIEST
    return max(first - 1, _EARLIEST), min(max(newest + 2, _EARLIEST), _LATEST)


def _fingerprint(settings: Settings, years: Years) -> str:
    service = settings.model_dump_json(include={"time_zone", "schedules", "targets"})
    return hashlib.sha256(f"{years} {settings.has_opening_hours} {service}".encode()).hexdigest()
