"""Keeping what depends on opening hours and targets up to date, from the tickets as they stand.

The calendar reaches from the year before the first event to the end of the second year after the newest, so
that an instant at which a target runs out lies within it. Another year of data, other hours or other targets
make everything here anew; else only the stale tickets are.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache, lru_cache

import duckdb
import polars as pl
from sqlglot import exp

from metrics.opening import open_intervals
from metrics.relations import DIALECT, SERVED, derived, relations, with_definitions
from metrics.service_tables import SCHEMAS
from metrics.settings import Settings
from metrics.targets import Target

Years = tuple[int, int]
_EARLIEST, _LATEST = 1970, 2100  # what a mistyped year may cost
_PRECEDENCE = {(False, False): 0, (True, False): 1, (False, True): 2, (True, True): 3}


def refresh_service(connection: duckdb.DuckDBPyConnection, settings: Settings, *, anew: bool) -> None:
    """Business times and targets agree with `tickets` and the settings; `stale_tickets` are still listed.

    Within the caller's transaction. `anew`: for every ticket, whatever it was made with.
    """
    years = _years(connection)
    if anew or not is_made_with(connection, settings, years):
        _lay_out(connection, settings, years)
        for name in SERVED:
            connection.execute(_over_all(name))
        return
    for name in SERVED:
        connection.execute(_deleting(name))
        connection.execute(_inserting(name))


def is_made_with(
    connection: duckdb.DuckDBPyConnection, settings: Settings, years: Years | None = None
) -> bool:
    """Whether the stored times were made with the hours and targets of these settings."""
    tables = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'service_made_with'"
    ).fetchall()
    if tables == [(0,)]:
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
    return hashlib.sha256(f"{years} {service}".encode()).hexdigest()


def _lay_out(connection: duckdb.DuckDBPyConnection, settings: Settings, years: Years) -> None:
    """The settings as tables: the hours as intervals, the rules as rows."""
    first, last = (date(year, *day) for year, day in zip(years, ((1, 1), (12, 31)), strict=True))
    laid_out = {
        "open_intervals": _calendar(settings.schedules, settings.time_zone, first, last),
        "schedule_rules": _schedule_rules(settings),
        "target_rules": _target_rules(settings.targets),
        "service_made_with": pl.DataFrame({"fingerprint": [_fingerprint(settings, years)]}),
    }
    for name, frame in laid_out.items():
        connection.register("laid_out", frame.to_arrow())
        connection.execute(_replacing(name, exp.select("*").from_("laid_out")))
        connection.unregister("laid_out")


_calendar = lru_cache(maxsize=4)(open_intervals)  # the same for every load of a year


def _schedule_rules(settings: Settings) -> pl.DataFrame:
    rules = {
        (schedule.name, channel, team, _PRECEDENCE[channel is not None, team is not None])
        for schedule in settings.schedules
        for channel, team in schedule.rules()
    }
    return pl.DataFrame(list(rules), schema=SCHEMAS["schedule_rules"], orient="row").sort(pl.all())


def _target_rules(targets: tuple[Target, ...]) -> pl.DataFrame:
    rules = [
        (
            *(measure, channel, priority),
            _PRECEDENCE[channel is not None, priority is not None],
            round((target.minutes(measure) or 0) * 6e7),
            target.clock == "business",
        )
        for target in targets
        for measure, channel, priority in target.rules()
    ]
    return pl.DataFrame(rules, schema=SCHEMAS["target_rules"], orient="row").sort(pl.all())


def _of_stale(table: str) -> exp.Select:
    stale = exp.column("ticket_id").isin(query=exp.select("ticket_id").from_("stale_tickets"))
    return exp.select("*").from_(exp.table_(table, db="main")).where(stale)


def _replacing(name: str, query: exp.Query) -> str:
    return exp.Create(this=exp.table_(name), kind="TABLE", replace=True, expression=query).sql(
        dialect=DIALECT
    )


def _made(name: str, **instead: exp.Query) -> exp.Select:
    definitions = derived() | {name: relations()[name].query} | instead
    return with_definitions(exp.select("*").from_(name), definitions)


@cache
def _over_all(name: str) -> str:
    return _replacing(name, _made(name))


@cache
def _deleting(name: str) -> str:
    stale = exp.column("ticket_id").isin(query=exp.select("ticket_id").from_("stale_tickets"))
    return exp.delete(name, where=stale).sql(dialect=DIALECT)


@cache
def _inserting(name: str) -> str:
    before = ("tickets", *SERVED[: SERVED.index(name)])
    return exp.insert(_made(name, **{table: _of_stale(table) for table in before}), name).sql(dialect=DIALECT)
