"""The five warning signs of a process problem: what each measures now and before, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import duckdb
import polars as pl

from metrics.query.run import run_parallel
from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings.consistency import spreads
from metrics.warnings.counting import solved, visits
from metrics.warnings.errors import error_rates
from metrics.warnings.knowledge import held_by_few
from metrics.warnings.onboarding import learning, needed
from metrics.warnings.overload import work, workload
from metrics.warnings.reading import UNKNOWN, Reading, difference

Unit = Literal["share", "visits", "spread", "tickets"]


@dataclass(frozen=True)
class Measure:
    """One measure of a sign, lower is better. Beyond its `limit`, beyond doubt, it is a warning.

    `limit`: its name among `WarningLimits`; without one it explains the others.
    """

    name: str
    sign: str
    unit: Unit
    limit: str = ""


MEASURES: tuple[Measure, ...] = (
    Measure("visits until as sure", "long onboarding", "visits", "onboarding_visits"),
    Measure("visits until as quick", "long onboarding", "visits", "onboarding_visits"),
    Measure("any error", "high error rate", "share", "error_share"),
    Measure("input refused", "high error rate", "share"),
    Measure("answer changed", "high error rate", "share"),
    Measure("required step skipped", "high error rate", "share"),
    Measure("confused visits", "inconsistent service", "spread", "agents_apart"),
    Measure("reopened tickets", "inconsistent service", "spread", "agents_apart"),
    Measure("held by few", "tribal knowledge", "share", "held_by_five"),
    Measure("time crowded", "overload", "share", "crowded_share"),
    Measure("tickets at once", "overload", "tickets"),
    Measure("after hours", "overload", "share", "after_hours_share"),
)
SIGNS = tuple(dict.fromkeys(measure.sign for measure in MEASURES))


@dataclass(frozen=True)
class Counted:
    """What the signs of one period are read from: `visits` and `solved` tickets, and the `work` of agents."""

    visits: pl.DataFrame
    solved: pl.DataFrame
    work: pl.DataFrame


def warning_signs(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    before: Scope | None = None,
    limits: WarningLimits | None = None,
    are_hours_set: bool = True,
) -> pl.DataFrame:
    """One row per measure, in the order of the signs: its reading in the scope, and in the scope before.

    `is_warning`: the whole interval lies beyond the limit; false where the whole lies within it, null where
    the interval holds the limit, nothing is known, or the measure has no limit. `change`: signal or noise (at
    `DOUBT` for each measure), null without a reading on either side.
    Readings of fewer than five agents are not known; nor is work after hours, unless somebody has set hours.
    """
    limits = limits or WarningLimits()
    now = counted(connection, scope or Scope(), limits, are_hours_set=are_hours_set)
    earlier = None if before is None else counted(connection, before, limits, are_hours_set=are_hours_set)
    return judged(now, earlier, limits)


def counted(
    connection: duckdb.DuckDBPyConnection, scope: Scope, limits: WarningLimits, *, are_hours_set: bool
) -> Counted:
    """What the signs of the scope are read from."""
    return Counted(
        *run_parallel(
            connection,
            [
                partial(visits, scope=scope),
                partial(solved, scope=scope),
                partial(work, scope=scope, limits=limits, are_hours_set=are_hours_set),
            ],
            as_of=scope.as_of,
        )
    )


def judged(now: Counted, before: Counted | None, limits: WarningLimits) -> pl.DataFrame:
    """The rows of `warning_signs`, of what was counted in both periods."""
    readings = _readings(now, limits)
    earlier = {} if before is None else _readings(before, limits)
    bounds = limits.model_dump()
    rows = []
    for measure in MEASURES:
        current, was = readings[measure.name], earlier.get(measure.name, UNKNOWN)
        limit = bounds.get(measure.limit)
        rows.append(
            {
                "sign": measure.sign,
                "measure": measure.name,
                "unit": measure.unit,
                "value": current.value,
                "low": current.low,
                "high": current.high,
                "n": current.n,
                "value_before": was.value,
                "low_before": was.low,
                "high_before": was.high,
                "n_before": was.n,
                "limit": limit,
                "is_warning": _is_beyond(limit, measure.unit, current),
                "change": _change(measure, current, was),
            }
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def _readings(counted: Counted, limits: WarningLimits) -> dict[str, Reading]:
    bands = learning(counted.visits)
    return {
        "visits until as sure": needed(bands, "confusion", limits.as_good_factor),
        "visits until as quick": needed(bands, "time", limits.as_good_factor),
        **error_rates(counted.visits),
        **spreads(counted.visits, counted.solved),
        "held by few": held_by_few(counted.solved),
        **workload(counted.work),
    }


def _is_beyond(limit: float | None, unit: Unit, now: Reading) -> bool | None:
    if limit is None or now.low is None:
        return None
    # "At least ten visits" is told by the lower end of a band.
    if now.low > limit or (unit == "visits" and now.low == limit):
        return True
    is_within = now.high is not None and (now.high < limit or (unit != "visits" and now.high == limit))
    return False if is_within else None


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
