"""The difference of two values that are each known within an interval."""

from __future__ import annotations

from math import hypot
from typing import Literal

Sureness = Literal["signal", "noise", "unknown"]


def difference(
    now: tuple[float | None, float | None, float | None],
    before: tuple[float | None, float | None, float | None],
) -> tuple[float | None, float | None, float | None]:
    """Now less before, and the ends of its interval, from two independent values with theirs.

    The variance of each side is recovered from its own interval's ends (G. Y. Zou and A. Donner, Statistics
    in Medicine 27, 2008, p. 1693). For two shares with Wilson's intervals this is R. G. Newcombe's hybrid
    score interval (Statistics in Medicine 17, 1998, p. 873, method 10). Null where an end is not known.
    """
    (value, low, high), (was, was_low, was_high) = now, before
    if value is None or was is None:
        return None, None, None
    gap = value - was
    if low is None or high is None or was_low is None or was_high is None:
        return gap, None, None
    return gap, gap - hypot(value - low, was_high - was), gap + hypot(high - value, was - was_low)


def sureness(low: float | None, high: float | None) -> Sureness:
    """A signal if the interval of a difference leaves out 0; unknown without an interval."""
    if low is None or high is None:
        return "unknown"
    return "signal" if low > 0 or high < 0 else "noise"
