"""Every check of a warehouse: what it finds is stored in the table `health`, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs

from etl.health import rules_clocks, rules_days, rules_loads, rules_names, rules_tickets
from etl.health.finding import Check, Finding, Outcome, Row, Severity, check_message, fine
from etl.health.limits import Limits
from etl.health.profile import update_profile
from etl.health.setting_names import SettingName, put_beside

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
_KEPT_AS_JSON = ("message", "numbers")


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    limits: Limits | None = None,
    checks: Sequence[Check] = CHECKS,
    names: Sequence[SettingName] = (),
) -> list[Finding]:
    """Bring the table `health` up to date with the warehouse: one row per finding, the worst first.

    `names`: those of the settings, which events should have. A check that finds nothing is a row too, so that
    a reader sees what was looked at. The work is
    proportional to what was loaded since the last time, but for sums over small tables.
    """
    update_profile(connection)
    put_beside(connection, names)
    connection.execute(_sql("sources"))
    found = [
        finding
        for check in checks
        for finding in _findings(check, _counts(connection, check), limits or Limits())
    ]
    connection.execute("DROP VIEW sources")
    connection.execute("DROP TABLE setting_names")
    findings = sorted(found, key=lambda finding: list(Severity).index(finding.severity))
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
        Finding.model_validate(row | {name: json.loads(row[name]) for name in _KEPT_AS_JSON})
        for row in rows.iter_rows(named=True)
    ]


_HAS_MESSAGES = "FROM duckdb_columns() WHERE table_name = 'health' AND column_name = 'message'"


def worst(found: Sequence[Finding], most: int = 3) -> list[Finding]:
    """The few findings a reader must not miss: those that are suspicious, then those that need a look."""
    return [finding for finding in found if finding.severity != Severity.OK][:most]


def _counts(connection: duckdb.DuckDBPyConnection, check: Check) -> list[Row]:
    counted = pl.DataFrame(connection.sql(_sql(f"checks/{check.name}")).to_arrow_table())
    return counted.cast({cs.decimal(): pl.Int64}).to_dicts()  # sums of whole numbers come as wide decimals


def _findings(check: Check, rows: list[Row], limits: Limits) -> Iterator[Finding]:
    given: Iterable[Any] = rows
    if check.by_source:
        source = itemgetter("source")
        given = ([*group] for _, group in groupby(sorted(rows, key=source), source))
    outcomes = [outcome for each in given if (outcome := check.rule(each, limits))]
    bad = [outcome for outcome in outcomes if outcome.severity != Severity.OK]
    named = {outcome.row.get("family") for outcome in bad if not outcome.row.get("is_family", True)}
    for outcome in bad:
        is_said_of_its_files = outcome.row.get("is_family") and outcome.source in named
        if not is_said_of_its_files:
            yield _finding(check, outcome)
    if not bad and not outcomes and not check.is_fine_without_rows:
        yield _finding(check, fine({}, check_message(check.name, "unknown")), is_known=False)
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


def _as_frame(found: Sequence[Finding]) -> pl.DataFrame:
    rows = []
    for position, finding in enumerate(found):
        row = finding.model_dump(mode="json", include=set(_COLUMNS))
        del row["message"]["text"]  # a sentence of today; its code and values stay
        rows.append(row | {name: json.dumps(row[name]) for name in _KEPT_AS_JSON} | {"position": position})
    return pl.DataFrame(rows, schema=_COLUMNS)


@cache
def _sql(name: str) -> str:
    return (files("etl.health") / f"{name}.sql").read_text("utf-8")
