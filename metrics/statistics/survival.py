"""How long until it is over, with those that still wait counted: Kaplan and Meier's estimate."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

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


def quantile(points: pl.DataFrame, share: float = 0.5) -> tuple[float | None, float | None, float | None]:
    """When that share of the waits is over, and its interval's ends; null where the curve does not get there.

    Where the curve stays at exactly that height for a while, the middle of that while: without anything open
    that is the ordinary median. The interval's ends are where the band's ends get there (R. Brookmeyer and J.
    Crowley, Biometrics 38, 1982, p. 29).
    """
    height = 1 - share
    times = points["minutes"].to_numpy()
    value, low, high = (
        _first(points[name].to_numpy() <= height + _SPECK) for name in ("open_share", "low", "high")
    )
    if value is None:
        return None, _time(times, low), None
    level = abs(float(points["open_share"][value]) - height) <= _SPECK
    until = value + 1 if level and value + 1 < len(times) else value
    return float(times[value] + times[until]) / 2, _time(times, low), _time(times, high)


def over_groups(frame: pl.DataFrame, share: float) -> tuple[pl.Series, pl.Series, pl.Series]:
    """By row, with its waits `ended` and those still `waiting`: when that share is over, and the interval."""
    nothing = pl.Series([], dtype=pl.Float64)
    quantiles = [
        quantile(curve(nothing if ended is None else ended, nothing if waiting is None else waiting), share)
        for ended, waiting in zip(frame["ended"], frame["waiting"], strict=True)
    ]
    value, low, high = zip(*quantiles, strict=True) if quantiles else ((), (), ())
    return _column(value), _column(low), _column(high)


def _column(values: Sequence[float | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


def _first(reached: NDArray[np.bool_]) -> int | None:
    return int(np.argmax(reached)) if reached.any() else None


def _time(times: Floats, place: int | None) -> float | None:
    return None if place is None else float(times[place])
