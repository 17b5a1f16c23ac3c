"""Signal or noise: the XmR chart of a series of values, with its three rules.

D. J. Wheeler, Understanding Variation, 2nd ed. 2000: the centre is the mean, the natural process limits lie
2.66 mean moving ranges to both sides of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Literal

Rule = Literal["beyond", "run", "near"]
Side = Literal["higher", "lower"]
FACTOR = 2.66  # 3 / 1.128: three standard deviations, estimated from moving ranges of two
RUN = 8  # in a row on one side of the centre
NEAR, OF = 3, 4  # of so many in a row nearer a limit than the centre
LEAST = 6  # values; limits from fewer are too soft to tell a signal


@dataclass(frozen=True)
class Pattern:
    """A stretch of values that chance alone hardly makes, from the `first` to the `last` place (from 0).

    `beyond`: outside a limit. `run`: eight or more in a row on one side of the centre. `near`: three of four
    in a row nearer the same limit than the centre.
    """

    rule: Rule
    side: Side
    first: int
    last: int


@dataclass(frozen=True)
class ControlChart:
    """Centre and limits of a series, and the patterns in it. `limits` are null without two values."""

    centre: float | None
    lower: float | None
    upper: float | None
    moving_range: float | None
    patterns: tuple[Pattern, ...]
    n: int

    @property
    def verdict(self) -> Literal["signal", "noise", "unknown"]:
        """Whether the newest value is part of a pattern; unknown with fewer than six values."""
        return "unknown" if self.n < LEAST else "signal" if self.now else "noise"

    @property
    def now(self) -> tuple[Pattern, ...]:
        """The patterns that the newest value is part of."""
        return tuple(pattern for pattern in self.patterns if pattern.last == self.n - 1)

    @property
    def since(self) -> int | None:
        """The place at which the present signal began."""
        places = [pattern.first for pattern in self.now]
        return min(places) if places and self.verdict == "signal" else None


def control_chart(values: Sequence[float], *, baseline: int | None = None) -> ControlChart:
    """The chart of values in their order; with `baseline` the limits come from so many of the first alone."""
    reference = values[:baseline]
    if len(reference) < 2:
        centre = fmean(reference) if reference else None
        return ControlChart(centre, None, None, None, (), len(values))
    centre = fmean(reference)
    moving_range = fmean(abs(after - before) for before, after in pairwise(reference))
    reach = FACTOR * moving_range
    patterns = _patterns(values, centre, reach) if len(values) >= LEAST else []
    return ControlChart(centre, centre - reach, centre + reach, moving_range, tuple(patterns), len(values))


def _patterns(values: Sequence[float], centre: float, reach: float) -> list[Pattern]:
    # Equal values are not beside their mean because of how it is rounded.
    speck = 1e-9 * max(abs(centre), reach)
    sides: tuple[tuple[Side, int], ...] = (("higher", 1), ("lower", -1))
    patterns: list[Pattern] = []
    for side, sign in sides:
        beside = [sign * (value - centre) for value in values]
        patterns += [Pattern("beyond", side, at, at) for at, by in enumerate(beside) if by > reach + speck]
        patterns += [
            Pattern("run", side, first, last)
            for first, last in _stretches([by > speck for by in beside])
            if last - first + 1 >= RUN
        ]
        patterns += _near([by > reach / 2 + speck for by in beside], side)
    return sorted(patterns, key=lambda pattern: (pattern.first, pattern.last, pattern.rule))


def _stretches(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last place of every unbroken row of true."""
    stretches: list[tuple[int, int]] = []
    for at, mark in enumerate(marks):
        if mark and stretches and stretches[-1][1] == at - 1:
            stretches[-1] = (stretches[-1][0], at)
        elif mark:
            stretches.append((at, at))
    return stretches


def _near(marks: Sequence[bool], side: Side) -> list[Pattern]:
    """Where three of four in a row are marked; what overlaps is one pattern."""
    patterns: list[Pattern] = []
    for start in range(max(len(marks) - OF + 1, 0)):
        places = [at for at in range(start, start + OF) if marks[at]]
        if len(places) < NEAR:
            continue
        if patterns and places[0] <= patterns[-1].last:
            patterns[-1] = Pattern("near", side, patterns[-1].first, max(places[-1], patterns[-1].last))
        else:
            patterns.append(Pattern("near", side, places[0], places[-1]))
    return patterns
