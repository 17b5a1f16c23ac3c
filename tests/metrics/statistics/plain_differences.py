"""Differences in differences worked out a second time: row by row in plain Python.

Nothing of the package is imported. The definitions are those of `difference_in_differences`; what is solved
there by Newton's method is bracketed here, what is an array there is a loop.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from scipy.optimize import brentq
from scipy.special import digamma, polygamma
from scipy.stats import t as student


@dataclass(frozen=True)
class Part:
    """What one agent did at one unit in one week: `agent` None is nobody recorded."""

    unit: int
    is_after: bool
    agent: int | None
    week: int
    amount: float
    size: float


@dataclass(frozen=True)
class Result:
    """The effect of one unit with its 95 % interval and p-value."""

    effect: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class _Change:
    effect: float
    variance: float
    degrees: float


def results(parts: Sequence[Part], touched: set[int], link: str) -> dict[int, Result | None]:
    """By touched unit, its change beyond that of the others; None where there is too little data."""
    units = sorted({part.unit for part in parts})
    changes = dict(
        zip(units, _changes([[p for p in parts if p.unit == u] for u in units], link), strict=True)
    )
    others = [change for unit, change in changes.items() if unit not in touched and change is not None]
    mean, error, between = _mean_of(others)
    return {unit: _against(changes[unit], mean, error + between, len(others)) for unit in sorted(touched)}


def _changes(units: Sequence[Sequence[Part]], link: str) -> list[_Change | None]:
    alone = [_independent(parts) if link == "share" else 0.0 for parts in units]
    agents = [_clustered(parts, link, _agent) for parts in units]
    weeks = [_clustered(parts, link, lambda part: (part.is_after, part.week)) for parts in units]
    agent_degrees = [float(number - 1) for _, number in agents]
    week_degrees = [float(number - 2) for _, number in weeks]
    of_agents, of_weeks = [value for value, _ in agents], [value for value, _ in weeks]
    if link == "share":
        lends = [sum(part.amount for part in parts) >= 10 for parts in units]
        of_agents, agent_degrees = _lent(of_agents, alone, agent_degrees, lends)
        of_weeks, week_degrees = _lent(of_weeks, alone, week_degrees, lends)
    change_list: list[_Change | None] = []
    for at, parts in enumerate(units):
        options = [(alone[at], math.inf)]
        options += [(of_agents[at], agent_degrees[at])] if agent_degrees[at] > 0 else []
        options += [(of_weeks[at], week_degrees[at])] if week_degrees[at] > 0 else []
        widest = max(options, key=lambda option: option[0])
        enough = min(_total(parts, side)[1] for side in (False, True)) >= 2 and widest[0] > 0
        if link == "share":
            enough = enough and lends[at]
        change_list.append(_Change(_linked(parts, link), *widest) if enough else None)
    return change_list


def _total(parts: Sequence[Part], side: bool) -> tuple[float, float]:
    mine = [part for part in parts if part.is_after == side]
    return sum(part.amount for part in mine), sum(part.size for part in mine)


def _linked(parts: Sequence[Part], link: str) -> float:
    (before, size_before), (after, size_after) = (_total(parts, side) for side in (False, True))
    if link == "mean":
        return after / size_after - before / size_before
    return math.log((after + 0.5) / (size_after + 0.5)) - math.log((before + 0.5) / (size_before + 0.5))


def _independent(parts: Sequence[Part]) -> float:
    totals = [_total(parts, side) for side in (False, True)]
    return sum(1 / (amount + 0.5) - 1 / (size + 0.5) for amount, size in totals)


def _agent(part: Part) -> Hashable:
    # Nobody is nobody's colleague: each such row stands alone.
    return id(part) if part.agent is None else part.agent


def _clustered(parts: Sequence[Part], link: str, key: Callable[[Part], Hashable]) -> tuple[float, int]:
    influence: dict[Hashable, float] = defaultdict(float)
    for part in parts:
        amount, size = _total(parts, part.is_after)
        if size == 0:
            continue
        scale = amount + 0.5 if link == "share" else size
        gap = (part.amount - amount / size * part.size) / scale
        influence[key(part)] += gap if part.is_after else -gap
    number = len(influence)
    return (number / max(number - 1, 1)) * math.fsum(value**2 for value in influence.values()), number


def _lent(
    variances: Sequence[float], alone: Sequence[float], degrees: Sequence[float], lends: Sequence[bool]
) -> tuple[list[float], list[float]]:
    """Smyth's moderation: every ratio to the variance of independent visits is drawn toward the usual."""
    ratio = [value / by if by else math.nan for value, by in zip(variances, alone, strict=True)]
    usable = [at for at in range(len(ratio)) if lends[at] and ratio[at] > 0 and degrees[at] > 0]
    lent, certain = list(variances), list(degrees)
    if len(usable) < 3:
        return lent, certain
    logs = [math.log(ratio[at]) - digamma(degrees[at] / 2) + math.log(degrees[at] / 2) for at in usable]
    excess = variance(logs) - fmean(float(polygamma(1, degrees[at] / 2)) for at in usable)
    if excess > 0:
        half = brentq(lambda y: float(polygamma(1, y)) - excess, 1e-6, 1e9, xtol=1e-13, rtol=1e-13)
        centre = math.exp(fmean(logs) + float(digamma(half)) - math.log(half))
    for at in usable:
        if excess > 0:
            own = degrees[at]
            lent[at] = (2 * half * centre + own * ratio[at]) / (2 * half + own) * alone[at]
            certain[at] = 2 * half + own
        else:
            lent[at], certain[at] = math.exp(fmean(logs)) * alone[at], math.inf
    return lent, certain


def _mean_of(others: Sequence[_Change]) -> tuple[float, float, float]:
    """DerSimonian and Laird: the mean, its variance, and the variance between units."""
    if not others:
        return math.nan, math.nan, math.nan
    fixed = [1 / other.variance for other in others]
    plain = sum(w * o.effect for w, o in zip(fixed, others, strict=True)) / sum(fixed)
    q = sum(w * (o.effect - plain) ** 2 for w, o in zip(fixed, others, strict=True))
    scale = sum(fixed) - sum(w * w for w in fixed) / sum(fixed)
    between = max(0.0, (q - (len(others) - 1)) / scale) if len(others) > 1 else 0.0
    weight = [1 / (other.variance + between) for other in others]
    return (
        sum(w * o.effect for w, o in zip(weight, others, strict=True)) / sum(weight),
        1 / sum(weight),
        between,
    )


def _against(change: _Change | None, mean: float, others: float, number: int) -> Result | None:
    if change is None or not number:
        return None
    total = change.variance + others
    spread = change.variance**2 / change.degrees + (others**2 / (number - 1) if number > 1 else 0.0)
    degrees = total**2 / spread if spread > 0 else math.inf
    law = student(degrees, loc=change.effect - mean, scale=math.sqrt(total))
    low, high = law.interval(0.95)
    effect = change.effect - mean
    return Result(
        effect, float(low), float(high), 2 * float(student.sf(abs(effect) / math.sqrt(total), degrees))
    )
