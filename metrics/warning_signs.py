"""The five warning signs of a process problem: what each measures now and before, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb
import polars as pl

from metrics.scope import Scope
from metrics.warnings.consistency import spreads
from metrics.warnings.errors import error_rates
from metrics.warnings.knowledge import held_by_few
from metrics.warnings.onboarding import learning, needed
from metrics.warnings.overload import workload
from metrics.warnings.reading import UNKNOWN, Reading, difference

Unit = Literal["share", "visits", "spread", "tickets"]


@dataclass(frozen=True)
class Measure:
    """One measure of a sign, lower is better. Beyond its `limit`, beyond doubt, it is a warning."""

    name: str
    sign: str
    unit: Unit
    limit: float | None = None


MEASURES: tuple[Measure, ...] = (
    Measure("visits until as sure", "long onboarding", "visits", 10),
    Measure("visits until as quick", "long onboarding", "visits", 10),
    Measure("any error", "high error rate", "share", 0.05),
    Measure("input refused", "high error rate", "share"),
    Measure("answer changed", "high error rate", "share"),
    Measure("required step skipped", "high error rate", "share"),
    Measure("confused visits", "inconsistent service", "spread", 0.5),
    Measure("reopened tickets", "inconsistent service", "spread", 0.5),
    Measure("held by few", "tribal knowledge", "share", 0.5),
    Measure("time crowded", "overload", "share", 0.1),
    Measure("tickets at once", "overload", "tickets"),
    Measure("after hours", "overload", "share", 0.1),
)
SIGNS = tuple(dict.fromkeys(measure.sign for measure in MEASURES))


def warning_signs(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    before: Scope | None = None,
    are_hours_set: bool = True,
) -> pl.DataFrame:
    """One row per measure, in the order of the signs: its reading in the scope, and in the scope before.

    `is_warning`: the whole interval lies beyond the limit; null where it is not known, or the measure has no
    limit. `change`: signal or noise (at `DOUBT` for each measure), null without a reading on either side.
    Readings of fewer than five agents are not known; nor is work after hours, unless somebody has set hours.
    """
    readings = _readings(connection, scope or Scope(), are_hours_set=are_hours_set)
    earlier = {} if before is None else _readings(connection, before, are_hours_set=are_hours_set)
    rows = []
    for measure in MEASURES:
        now, was = readings[measure.name], earlier.get(measure.name, UNKNOWN)
        rows.append(
            {
                "sign": measure.sign,
                "measure": measure.name,
                "unit": measure.unit,
                "value": now.value,
                "low": now.low,
                "high": now.high,
                "n": now.n,
                "value_before": was.value,
                "low_before": was.low,
                "high_before": was.high,
                "n_before": was.n,
                "limit": measure.limit,
                "is_warning": _is_beyond(measure, now),
                "change": _change(measure, now, was),
            }
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def _readings(
    connection: duckdb.DuckDBPyConnection, scope: Scope, *, are_hours_set: bool
) -> dict[str, Reading]:
    bands = learning(connection, scope)
    return {
        "visits until as sure": needed(bands, "confusion"),
        "visits until as quick": needed(bands, "time"),
        **error_rates(connection, scope),
        **spreads(connection, scope),
        "held by few": held_by_few(connection, scope),
        **workload(connection, scope, are_hours_set=are_hours_set),
    }


def _is_beyond(measure: Measure, now: Reading) -> bool | None:
    if measure.limit is None or now.low is None:
        return None
    # "At least ten visits" is told by the lower end of a band.
    return now.low >= measure.limit if measure.unit == "visits" else now.low > measure.limit


def _change(measure: Measure, now: Reading, was: Reading) -> str | None:
    if None in (now.low, now.high, was.low, was.high):
        return None
    if measure.unit == "visits":
        # Bands are steps: only what is sure on both sides can differ.
        apart = now.low > was.high or was.low > now.high  # type: ignore[operator]
        return "signal" if apart else "noise"
    ends = difference(now, was)
    return "signal" if ends and (ends[0] > 0 or ends[1] < 0) else "noise"


_SCHEMA = {
    **dict.fromkeys(("sign", "measure", "unit"), pl.String),
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    "n": pl.Int64,
    **dict.fromkeys(("value_before", "low_before", "high_before"), pl.Float64),
    "n_before": pl.Int64,
    "limit": pl.Float64,
    "is_warning": pl.Boolean,
    "change": pl.String,
}
