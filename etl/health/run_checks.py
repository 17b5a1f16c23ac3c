"""Every check of a warehouse: what it finds is stored in the table `health`, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import duckdb
import polars as pl
import polars.selectors as cs

from etl.health import rules_clocks, rules_days, rules_loads, rules_tickets
from etl.health.finding import Check, Finding, Judgement, Row, Severity, fine, of_check
from etl.health.limits import Limits
from etl.health.profile import update_profile

CHECKS: tuple[Check, ...] = (
    *rules_clocks.CHECKS,
    *rules_days.CHECKS,
    *rules_tickets.CHECKS,
    *rules_loads.CHECKS,
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
    connection: duckdb.DuckDBPyConnection, limits: Limits | None = None, checks: Sequence[Check] = CHECKS
) -> list[Finding]:
    """Bring the table `health` up to date with the warehouse: one row per finding, the worst first.

    A check that finds nothing is a row too, so that a reader sees what was looked at. The work is
    proportional to what was loaded since the last time, but for sums over small tables.
    """
    update_profile(connection)
    connection.execute(_sources())
    found = [
        finding
        for check in checks
        for finding in _findings(check, _counts(connection, check), limits or Limits())
    ]
    connection.execute("DROP VIEW sources")
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
    judgements = check.judge(rows, limits)
    bad = [judgement for judgement in judgements if judgement.severity != Severity.OK]
    named = {judgement.row.get("family") for judgement in bad if not judgement.row.get("is_family", True)}
    for judgement in bad:
        is_said_of_its_files = judgement.row.get("is_family") and judgement.source in named
        if not is_said_of_its_files:
            yield _finding(check, judgement)
    if not bad and not judgements:
        yield _finding(check, fine({}, of_check(check.name, "unknown")), is_known=False)
    elif not bad:
        only = judgements[0] if len(judgements) == 1 and judgements[0].message else fine({})
        yield _finding(check, only)


def _finding(check: Check, judgement: Judgement, *, is_known: bool = True) -> Finding:
    numbers = {
        name: value
        for name, value in judgement.row.items()
        if name not in {"source", "load_id", "is_family", "family"}
    }
    return Finding(
        check=check.name,
        severity=judgement.severity,
        source=judgement.source,
        load_id=judgement.row.get("load_id"),
        message=judgement.message or of_check(check.name, "fine"),
        is_known=is_known,
        numbers=json.loads(json.dumps(numbers, default=str)),
    )


def _as_frame(found: Sequence[Finding]) -> pl.DataFrame:
    rows = [
        finding.model_dump(mode="json") | {"position": position} for position, finding in enumerate(found)
    ]
    return pl.DataFrame(
        [row | {name: json.dumps(row[name]) for name in _KEPT_AS_JSON} for row in rows], schema=_COLUMNS
    )


@cache
def _sql(name: str) -> str:
    return (files("etl.health") / f"{name}.sql").read_text("utf-8")


@cache
def _sources() -> str:
    return _sql("sources")
