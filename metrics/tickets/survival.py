"""How long until it is solved, with those still open counted: Kaplan and Meier's estimate."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sqlglot import exp

from metrics.catalog import metrics
from metrics.catalog.dimensions import column
from metrics.query.run import ask
from metrics.query.scope import Over, Scope, conditions, date_column, parameters

Floats = NDArray[np.float64]
CURVE = pl.Schema(
    {
        "minutes": pl.Float64(),
        "open_share": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "at_risk": pl.Int64(),
        "solved": pl.Int64(),
    }
)
_SPECK = 1e-12  # products of fractions that ought to be one half miss it by less


def curve(over: ArrayLike, waiting: ArrayLike) -> pl.DataFrame:
    """One row per instant at which a wait ended: the share still open after it, and how many were at risk.

    `over`: the waits that ended; `waiting`: those cut short by the instant of looking. `at_risk` have waited
    that long, `solved` of them end then. E. L. Kaplan and P. Meier, JASA 53, 1958, p. 457. `low` and `high`
    are the 95 % interval by Greenwood's variance on the log-log scale (D. Collett, Modelling Survival Data
    in Medical Research, 3rd ed. 2015, § 2.2.3).
    """
    ended, cut = np.asarray(over, dtype=np.float64), np.asarray(waiting, dtype=np.float64)
    if not ended.size:
        return CURVE.to_frame()
    from scipy.stats import CensoredData, ecdf  # here: it would slow the start of every command

    share = ecdf(CensoredData(uncensored=ended, right=cut)).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Where nobody or everybody is left the scale has no value; that is filled in below.
        warnings.simplefilter("ignore")
        band: Any = share.confidence_interval(method="log-log")
    times, solved = np.unique(ended, return_counts=True)
    steps = np.searchsorted(share.quantiles, times)
    left = share.probabilities[steps]
    at_risk = (
        ended.size + cut.size - np.searchsorted(np.sort(ended), times) - np.searchsorted(np.sort(cut), times)
    )
    none_left = left <= _SPECK
    low = np.where(none_left, 0.0, band.low.probabilities[steps])
    high = pl.Series(np.where(none_left, np.nan, band.high.probabilities[steps]), nan_to_null=True)
    return pl.DataFrame(
        {
            "minutes": times,
            "open_share": np.where(none_left, 0.0, left),
            "low": low,
            "high": high.fill_null(strategy="forward").fill_null(1.0),
            "at_risk": at_risk,
            "solved": solved,
        },
        schema=CURVE,
    )


def quantile(found: pl.DataFrame, share: float = 0.5) -> tuple[float | None, float | None, float | None]:
    """When that share of the waits is over, and its interval's ends; null where the curve does not get there.

    Where the curve stays at exactly that height for a while, the middle of that while: without anything open
    that is the ordinary median. The interval's ends are where the band's ends get there (R. Brookmeyer and J.
    Crowley, Biometrics 38, 1982, p. 29).
    """
    height = 1 - share
    times = found["minutes"].to_numpy()
    value, low, high = (
        _first(found[name].to_numpy() <= height + _SPECK) for name in ("open_share", "low", "high")
    )
    if value is None:
        return None, _time(times, low), None
    level = abs(float(found["open_share"][value]) - height) <= _SPECK
    until = value + 1 if level and value + 1 < len(times) else value
    return float(times[value] + times[until]) / 2, _time(times, low), _time(times, high)


def over_groups(frame: pl.DataFrame, share: float) -> tuple[pl.Series, pl.Series, pl.Series]:
    """By row, with its waits `ended` and those still `waiting`: when that share is over, and the interval."""
    nothing = pl.Series([], dtype=pl.Float64)
    found = [
        quantile(curve(nothing if ended is None else ended, nothing if waiting is None else waiting), share)
        for ended, waiting in zip(frame["ended"], frame["waiting"], strict=True)
    ]
    value, low, high = zip(*found, strict=True) if found else ((), (), ())
    return _column(value), _column(low), _column(high)


def _column(values: Sequence[float | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


def _first(reached: NDArray[np.bool_]) -> int | None:
    return int(np.argmax(reached)) if reached.any() else None


def _time(times: Floats, place: int | None) -> float | None:
    return None if place is None else float(times[place])


def resolution_curve(
    connection: duckdb.DuckDBPyConnection,
    *,
    by: str | None = None,
    scope: Scope | None = None,
    points: int = 500,
) -> pl.DataFrame:
    """The curve of the resolution time of the tickets opened in the scope, for each value of a dimension.

    At most about `points` rows a group, evenly spread over them; each is exact.
    """
    metric = metrics.metric("resolution_km_minutes")
    waits = Waits(metric.fact, metric.value)
    return waiting_curve(connection, waits, by=by, scope=scope, points=points)


@dataclass(frozen=True)
class Waits:
    """Where waits are told: the fact with `is_over` in it, and the column with their minutes."""

    fact: str
    minutes: str


def waiting_curve(
    connection: duckdb.DuckDBPyConnection,
    waits: Waits,
    *,
    by: str | None = None,
    scope: Scope | None = None,
    points: int = 500,
) -> pl.DataFrame:
    """The curve of the waits of the tickets opened in the scope, for each value of a dimension.

    At most about `points` rows a group, evenly spread over them; each is exact.
    """
    curves = []
    for value, kind, rows in _grouped(connection, waits, by, scope or Scope()):
        minutes = rows[waits.minutes]
        found = curve(minutes.filter(rows["is_over"]), minutes.filter(~rows["is_over"]))
        named = [pl.lit(value, kind).alias(by)] if by else []
        curves.append(_thinned(found, points).select(*named, pl.all()))
    return pl.concat(curves) if curves else CURVE.to_frame()


def waiting_medians(
    connection: duckdb.DuckDBPyConnection,
    waits: Waits,
    *,
    by: str | None = None,
    scope: Scope | None = None,
) -> pl.DataFrame:
    """One row per value of a dimension (one over all without): the Kaplan-Meier median, its interval, n.

    `waiting`: how many of the n wait on; `broken_off`: of how many tickets the wait ended without what was
    waited for.
    """
    groups = _grouped(connection, waits, by, scope or Scope())
    found = []
    for value, _, rows in groups:
        over, is_open, minutes = rows["is_over"], rows["is_open"], rows[waits.minutes]
        half = quantile(curve(minutes.filter(over), minutes.filter(~over)))
        counts = rows.height, int((~over & is_open).sum()), int((~over & ~is_open).sum())
        found.append((value, *half, *counts))
    numbers = dict.fromkeys(("value", "low", "high"), pl.Float64())
    counted = dict.fromkeys(("n", "waiting", "broken_off"), pl.Int64())
    schema = pl.Schema({by or "": groups[0][1] if groups else pl.String(), **numbers, **counted})
    told = pl.DataFrame(found, schema=schema, orient="row")
    return told if by else told.drop("")


def _grouped(
    connection: duckdb.DuckDBPyConnection, waits: Waits, by: str | None, scope: Scope
) -> list[tuple[object, pl.DataType, pl.DataFrame]]:
    """Value, its type, and the rows (minutes, is_over, is_open) of each group in order."""
    date_at = date_column(scope, "arrived_at")
    over = Over(waits.fact, date_at)
    dimensions = [exp.alias_(column(by, fact=over.fact, date=date_at), by)] if by else []
    known = exp.Not(this=exp.Is(this=exp.column(waits.minutes), expression=exp.null()))
    query = exp.select(*dimensions, waits.minutes, "is_over", "is_open").from_(waits.fact)
    query = query.where(known, *conditions(scope, over))
    rows = ask(connection, query, parameters(scope, query), as_of=scope.as_of)
    if by is None:
        return [(None, pl.String(), rows)]
    groups = [(key[0], group) for key, group in rows.group_by(by)]
    in_order = sorted(groups, key=lambda pair: (pair[0] is None, pair[0] if pair[0] is not None else 0))
    return [(value, rows.schema[by], group) for value, group in in_order]


def _thinned(found: pl.DataFrame, points: int) -> pl.DataFrame:
    """Every so manieth row, the last one always."""
    return found.reverse().gather_every(max(1, found.height // max(points, 1))).reverse()
