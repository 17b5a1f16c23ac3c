"""Opening hours and targets of the settings as tables of a warehouse."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import duckdb
import polars as pl
from sqlglot import exp

from etl.store.statements import run_statements
from metrics.facts.service_tables import SCHEMAS
from metrics.refresh.opening_hours import open_intervals
from metrics.refresh.statements import replacing
from metrics.settings.model import Settings
from metrics.settings.targets import Target

_PRECEDENCE = {(False, False): 0, (True, False): 1, (False, True): 2, (True, True): 3}


def lay_out(
    connection: duckdb.DuckDBPyConnection, settings: Settings, years: tuple[int, int], fingerprint: str
) -> None:
    """The settings as tables: the hours as intervals over the years, the rules as rows."""
    first, last = (date(year, *day) for year, day in zip(years, ((1, 1), (12, 31)), strict=True))
    laid_out = {
        "open_intervals": _calendar(settings.schedules, settings.time_zone, first, last),
        "schedule_rules": _schedule_rules(settings),
        "target_rules": _target_rules(settings.targets),
        "service_made_with": pl.DataFrame({"fingerprint": [fingerprint]}),
    }
    for name, frame in laid_out.items():
        connection.register("laid_out", frame.to_arrow())
        run_statements(connection, _replacing(name))
        connection.unregister("laid_out")


@cache
def _replacing(name: str) -> str:
    return replacing(name, exp.select("*").from_("laid_out"))


_calendar = lru_cache(maxsize=4)(open_intervals)  # the same for every load of a year


def _schedule_rules(settings: Settings) -> pl.DataFrame:
    rules = {
        (
            *(schedule.name, channel, team, _PRECEDENCE[channel is not None, team is not None]),
            not settings.has_opening_hours,
        )
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
            "customer" in target.pauses_while,
            "hold" in target.pauses_while,
        )
        for target in targets
        for measure, channel, priority in target.rules()
    ]
    return pl.DataFrame(rules, schema=SCHEMAS["target_rules"], orient="row").sort(pl.all())
