"""Times in bands that widen as the times do, so that seconds and weeks find room side by side."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from sqlglot import exp

EDGES = (0, 1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1440, 2880, 5760, 10080, 20160, 43200)
"""Minutes at which a band begins; the last has no end (30 days)."""


def band(column: str) -> exp.Expr:
    """The lower end, in minutes, of the band in which a column of minutes lies; null where it is null."""
    case = exp.Case()
    for low, high in pairwise(EDGES):
        case = case.when(exp.column(column) < exp.Literal.number(high), exp.Literal.number(low))
    has_value = exp.Not(this=exp.Is(this=exp.column(column), expression=exp.null()))
    return case.when(has_value, exp.Literal.number(EDGES[-1]))


def band_of(minutes: float) -> tuple[int, int | None]:
    """The ends of the band that a time falls into; the last has no upper one."""
    place = bisect_right(EDGES, minutes) - 1
    return EDGES[max(place, 0)], EDGES[place + 1] if place + 1 < len(EDGES) else None
