"""What a measure of a warning sign says of one period, and how two periods compare."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
import polars as pl
from scipy.special import ndtri

from metrics.statistics.clustering import Floats
from metrics.statistics.evidence import LEAST_GROUP
from metrics.statistics.intervals import REACH

LEAST_AGENTS = LEAST_GROUP
"""Nothing is told of fewer agents."""
DOUBT = 0.01
"""How often a change that is none may be called one, by measure: there are several to look at."""


@dataclass(frozen=True)
class Reading:
    """A value with its 95 % interval and what it is over; null where it is not known."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


UNKNOWN = Reading()


def reading(value: float, low: float, high: float, n: float) -> Reading:
    """The same of numbers that may not be numbers."""
    ends = [float(each) if np.isfinite(each) else None for each in (value, low, high)]
    return Reading(ends[0], ends[1], ends[2], round(n))


def difference(now: Reading, before: Reading, *, doubt: float = DOUBT) -> tuple[float, float] | None:
    """The ends of the interval of now less before; None where either interval is not known.

    The variances are recovered from both intervals, so that lopsided ones stay so: G. Y. Zou and A. Donner,
    Statistics in Medicine 27, 2008, p. 1693; for two proportions R. G. Newcombe, Statistics in Medicine 17,
    1998, p. 873, method 10. The two are taken as independent, which makes it wider where agents are the same.
    """
    a, b = (now.value, now.low, now.high), (before.value, before.low, before.high)
    if None in a or None in b:
        return None
    (x, low, high), (y, low_y, high_y) = a, b
    wider = float(ndtri(1 - doubt / 2)) / REACH
    gap = x - y  # type: ignore[operator]
    return (
        gap - wider * hypot(x - low, high_y - y),  # type: ignore[operator]
        gap + wider * hypot(high - x, y - low_y),  # type: ignore[operator]
    )


def numbers(frame: pl.DataFrame, name: str) -> Floats:
    """A column as floats, null as not a number."""
    return frame[name].cast(pl.Float64).to_numpy().astype(np.float64)
