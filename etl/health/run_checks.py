"""Every check of a warehouse: what it finds is stored in the table `health`, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb
import polars as pl

from etl.health import rules_clocks, rules_days, rules_loads, rules_names, rules_tickets
from etl.health.finding import Check, Finding, Outcome, Row, Severity, check_message, fine
from etl.health.limits import Limits
from etl.health.profile import has_table, update_profile
from etl.health.setting_names import SettingName, put_beside
from etl.health.zone_days import put_zones_beside
from etl.messages import Message

CHECKS: tuple[Check, ...] = (
    *rules_clocks.CHECKS,
    *rules_days.CHECKS,
    *rules_tickets.CHECKS,
    *rules_loads.CHECKS,
    *rules_names.CHECKS,
)

_COLUMNS = pl.Schema(
    {
        "position": pl.Int32(),
        "load_id": pl.Int64(),
        **dict.fromkeys(("check", "severity", "source", "message", "numbers"), pl.String()),
        "is_known": pl.Boolean(),
    }
)
_JSON_COLUMNS = ("message", "numbers")


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    limits: Limits | None = None,
    checks: Sequence[Check] = CHECKS,
    *,
    names: Sequence[SettingName] = (),
    dimensions: Mapping[str, str] | None = None,
    time_zone: str | None = None,
) -> list[Finding]:
    """Bring the table `health` up to date with the warehouse: one row per finding, the worst first.

    A check that finds nothing is a row too, so that a reader sees what was looked at. The work is
    proportional to what was loaded since the last time, but for sums over small tables. `names`: those of the
    settings, which events should have. `dimensions`: those of the settings, each with its custom attribute.
    `time_zone`: the one of the settings, where they name one.
    """
    update_profile(connection)
    put_beside(connection, names)
    put_zones_beside(connection, time_zone)
    connection.execute(_sql("sources"))
    connection.register("custom_dimensions", _as_rows(dimensions or {}))
    unsorted = [
        finding
        for check in checks
        for finding in _findings(
            check, _counts(connection, check), limits or Limits(), is_empty=_is_empty(connection, check)
        )
    ]
    connection.unregister("custom_dimensions")
    connection.execute(
        "DROP VIEW sources; DROP VIEW labelled_loads; DROP VIEW shared_run_ids; DROP TABLE setting_names"
    )
    connection.execute("DROP TABLE load_zones; DROP TABLE zone_days")
    findings = sorted(unsorted, key=lambda finding: list(Severity).index(finding.severity))
    connection.register("found", _as_frame(findings))
    connection.execute("CREATE OR REPLACE TABLE health AS FROM found")
    connection.unregister("found")
    return findings


def findings(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """What the checks found last, the worst first; nothing where they have not run in this version yet.

    Earlier versions kept English sentences in that table, which nobody can word in another language.
    """
    if not connection.execute(_HAS_MESSAGES).fetchall():
        return []
    rows = pl.DataFrame(connection.sql("FROM health ORDER BY position").to_arrow_table())
    return [
        Finding.model_validate(row | {name: json.loads(row[name]) for name in _JSON_COLUMNS})
        for row in rows.iter_rows(named=True)
    ]


_HAS_MESSAGES = "FROM duckdb_columns() WHERE table_name = 'health' AND column_name = 'message'"


def worst(all_findings: Sequence[Finding], most: int = 3) -> list[Finding]:
    """The few findings a reader must not miss: those that are suspicious, then those that need a look."""
    return [finding for finding in all_findings if finding.severity != Severity.OK][:most]


def _counts(connection: duckdb.DuckDBPyConnection, check: Check) -> list[Row]:
    counted = connection.execute(_sql(f"checks/{check.name}"))
    names = [name for name, *_ in counted.description or ()]
    return [dict(zip(names, map(_plain, values), strict=True)) for values in counted.fetchall()]


def _plain(value: Any) -> Any:
    """Sums of whole numbers come as wide decimals, and instants as UTC without saying so."""
    if isinstance(value, Decimal):
        return int(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _is_empty(connection: duckdb.DuckDBPyConnection, check: Check) -> bool:
    """Whether there is nothing for the check to look at, unless its counts have a row; then those say it."""
    return check.subject is None or not connection.execute(check.subject).fetchall()


def _findings(check: Check, rows: list[Row], limits: Limits, *, is_empty: bool) -> Iterator[Finding]:
    groups: Iterable[Any] = rows
    if check.by_source:
        source = itemgetter("source")
        groups = ([*group] for _, group in groupby(sorted(rows, key=source), source))
    outcomes = [outcome for each in groups if (outcome := check.rule(each, limits))]
    bad = [outcome for outcome in outcomes if outcome.severity != Severity.OK]
    bad_families = {outcome.row.get("family") for outcome in bad if not outcome.row.get("is_family", True)}
    for outcome in bad:
        is_covered = outcome.row.get("is_family") and outcome.source in bad_families
        if not is_covered:
            yield _finding(check, outcome)
    if not bad and not outcomes and is_empty:
        yield _finding(check, fine({}, check_message(check.name, "unknown")), is_known=False)
    elif not bad and (unknown := next((each for each in outcomes if not each.is_known), None)):
        yield _finding(check, unknown, is_known=False)
    elif not bad:
        yield _finding(check, outcomes[0] if len(outcomes) == 1 and outcomes[0].message else fine({}))


def _finding(check: Check, outcome: Outcome, *, is_known: bool = True) -> Finding:
    numbers = {
        name: value
        for name, value in outcome.row.items()
        if name not in {"source", "load_id", "is_family", "family"}
    }
    return Finding(
        check=check.name,
        severity=outcome.severity,
        source=outcome.source,
        load_id=outcome.row.get("load_id"),
        message=outcome.message or check_message(check.name, "fine"),
        is_known=is_known,
        numbers=json.loads(json.dumps(numbers, default=str)),
    )


def unused_dimensions(connection: duckdb.DuckDBPyConnection, dimensions: Mapping[str, str]) -> list[Message]:
    """What is said of each dimension of the settings that no event of the warehouse has."""
    if not has_table(connection, "health_attributes"):
        return []
    check = next(each for each in CHECKS if each.name == "unused_dimensions")
    connection.register("custom_dimensions", _as_rows(dimensions))
    outcomes = [check.rule(row, Limits()) for row in _counts(connection, check)]
    connection.unregister("custom_dimensions")
    return [outcome.message for outcome in outcomes if outcome and outcome.message]


def _as_rows(dimensions: Mapping[str, str]) -> pl.DataFrame:
    columns = {"name": list(dimensions), "attribute": list(dimensions.values())}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))


def _as_frame(all_findings: Sequence[Finding]) -> pl.DataFrame:
    rows = []
    for position, finding in enumerate(all_findings):
        row = finding.model_dump(mode="json", include=set(_COLUMNS))
        del row["message"]["text"]  # a sentence of today; its code and values stay
        rows.append(row | {name: json.dumps(row[name]) for name in _JSON_COLUMNS} | {"position": position})
    return pl.DataFrame(rows, schema=_COLUMNS)


@cache
def _sql(name: str) -> str:
    return (files("etl.health") / f"{name}.sql").read_text("utf-8")
