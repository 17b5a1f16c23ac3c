"""What a change did: before and after, against the same weeks of those whom nothing happened to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from metrics.statistics.clustering import Floats, Ints, summed
from metrics.statistics.counts import Bools
from metrics.statistics.moderation import moderated

Link = Literal["share", "mean"]
_LEAST_HITS = 10
_LEAST_SIZE = 2
_CORRECTION = 0.5
_MOST_CELLS = 20_000_000
"""Beyond that a table of all units and clusters takes more room than sorting those that occur takes time."""
_ATTENTION = 0.8
"""What goes to the rows where a change is expected; the rest is enough for what is beyond doubt elsewhere."""


@dataclass(frozen=True)
class Entries:
    """Sums of one measure, one entry per unit, period and cluster that occur together.

    Clusters are agents, who are in both periods, or weeks.
    """

    unit: Ints
    is_after: Bools
    cluster: Ints
    """An agent below 0 is not recorded: such an entry is a cluster of its own."""
    amount: Floats
    """Hits of a share; the sum of the values of a mean."""
    size: Floats
    units: int


@dataclass(frozen=True)
class Spread:
    """By unit: both periods, and how far agents and weeks differ among themselves; of no other unit."""

    link: Link
    level: Floats
    """Of before and after, as `amount`, `size` and `linked`: one row per unit."""
    amount: Floats
    size: Floats
    linked: Floats
    """The level on the scale on which a change is told."""
    alone: Floats
    """The variance of the change if all visits were independent; 0 of means."""
    by_agent: Floats
    agents: Floats
    by_week: Floats
    weeks: Floats
    """The number of weeks, those before and those after."""

    def where(self, is_included: Bools) -> Spread:
        """The units kept."""
        return Spread(self.link, *(getattr(self, part.name)[is_included] for part in fields(self)[1:]))


@dataclass(frozen=True)
class Change:
    """By unit: the change from before to after, its variance and the variance's degrees of freedom.

    On the logarithm for a share, on the measure's own scale for a mean; NaN where there is too little data.
    """

    before: Floats
    after: Floats
    sizes: tuple[Floats, Floats]
    effect: Floats
    variance: Floats
    degrees: Floats


def spread(agents: Entries, weeks: Entries, link: Link) -> Spread:
    """What of every unit can be told from itself alone; both hold the same visits."""
    units, period = weeks.units, weeks.unit * 2 + weeks.is_after
    amount, size = (summed(v, period, 2 * units) for v in (weeks.amount, weeks.size))
    with np.errstate(divide="ignore", invalid="ignore"):
        level = amount / size
        if link == "share":
            scale = amount + _CORRECTION
            linked = np.log(scale / (size + _CORRECTION))
            independent = 1 / scale - 1 / (size + _CORRECTION)
        else:
            scale, linked, independent = size, level, np.zeros_like(size)
    by_agent, persons = _between(agents, _agent_clusters(agents), level, scale)
    by_week, spans = _between(weeks, weeks.cluster * 2 + weeks.is_after, level, scale)
    level, amount, size, linked = (both.reshape(-1, 2) for both in (level, amount, size, linked))
    alone = independent[0::2] + independent[1::2]
    return Spread(link, level, amount, size, linked, alone, by_agent, persons, by_week, spans)


def changes(units: Spread) -> Change:
    """The change of every unit, its variance widened for agents and for weeks that differ among themselves.

    The variance is the largest of three: of independent visits (shares only), between agents, who are in
    both periods, and between weeks. The latter two are linearised, sums of squared influences of whole
    clusters with the factor G / (G - 1): D. A. Binder, International Statistical Review 51, 1983, p. 279;
    for a logarithm of a rate J. N. K. Rao and A. J. Scott, Biometrics 48, 1992, p. 577. Of shares, how much
    wider they are than that of independent visits is moderated over all units: one unit has too few clusters
    to tell, and the largest of three guesses would mostly be too large. A share has half a
    hit added to each period (J. B. S. Haldane, Annals of Human Genetics 20, 1956, p. 309), and needs ten
    hits in the two together.
    """
    by_agent, agent_degrees = units.by_agent, units.agents - 1
    by_week, week_degrees = units.by_week, units.weeks - 2
    before, after = units.size[:, 0], units.size[:, 1]
    enough = (before >= _LEAST_SIZE) & (after >= _LEAST_SIZE)
    if units.link == "share":
        hits = units.amount.sum(axis=1) >= _LEAST_HITS
        by_agent, agent_degrees = _moderated(by_agent, units.alone, agent_degrees, hits)
        by_week, week_degrees = _moderated(by_week, units.alone, week_degrees, hits)
        enough &= hits
    options = np.stack([units.alone, by_agent, by_week])
    degrees = np.stack([np.full(len(enough), np.inf), agent_degrees, week_degrees])
    options = np.where(degrees > 0, options, -1.0)
    at = (options.argmax(axis=0), np.arange(len(enough)))
    enough &= options[at] > 0
    return Change(
        units.level[:, 0],
        units.level[:, 1],
        (before, after),
        np.where(enough, units.linked[:, 1] - units.linked[:, 0], np.nan),
        np.where(enough, options[at], np.nan),
        np.where(enough, degrees[at], np.nan),
    )


def _moderated(variance: Floats, alone: Floats, degrees: Floats, lends: Bools) -> tuple[Floats, Floats]:
    """The variance between clusters and its degrees of freedom, the units having lent one another theirs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(lends, variance / alone, np.nan)
    moderated_ratio, moderated_degrees = moderated(ratio, degrees)
    return np.where(lends, moderated_ratio * alone, variance), np.where(lends, moderated_degrees, degrees)


def _agent_clusters(entries: Entries) -> Ints:
    nobody = entries.cluster < 0
    if not nobody.any():
        return entries.cluster
    alone = entries.cluster.max(initial=0) + np.cumsum(nobody)
    return np.where(nobody, alone, entries.cluster).astype(np.int64)


def _between(entries: Entries, cluster: Ints, level: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """By unit: the variance of the change between clusters, and how many there are."""
    period = entries.unit * 2 + entries.is_after
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (entries.amount - level[period] * entries.size) / scale[period]
    influence = np.where(entries.is_after, share, -share)
    least = int(cluster.min(initial=0))
    span = int(cluster.max(initial=0)) - least + 1
    key = entries.unit * span + cluster - least
    if entries.units * span <= _MOST_CELLS:
        sums, occurs = (
            summed(influence, key, entries.units * span),
            np.bincount(key, minlength=entries.units * span),
        )
        keys = np.flatnonzero(occurs)
        of_cluster = sums[keys]
    else:
        keys, place = np.unique(key, return_inverse=True)
        of_cluster = summed(influence, place, len(keys))
    unit = keys // span
    number = summed(np.ones(len(keys)), unit, entries.units)
    squares = summed(of_cluster**2, unit, entries.units)
    return number / np.maximum(number - 1, 1) * squares, number


@dataclass(frozen=True)
class UsualChange:
    """How the untouched changed: their mean, its variance, and how far any one of them strays from it."""

    effect: float
    variance: float
    between: float
    units: int


def usual_change(effect: Floats, variance: Floats) -> UsualChange:
    """The mean change of the untouched units, and the variance between them beyond chance.

    Random effects by the method of moments: R. DerSimonian and N. Laird, Controlled Clinical Trials 7, 1986,
    p. 177. NaN without any unit; between one unit and itself nothing varies.
    """
    is_usable = np.isfinite(effect) & np.isfinite(variance) & (variance > 0)
    y, v = effect[is_usable], variance[is_usable]
    if not len(y):
        return UsualChange(np.nan, np.nan, np.nan, 0)
    weight = 1 / v
    spread = float((weight * (y - np.average(y, weights=weight)) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(0.0, (spread - (len(y) - 1)) / scale) if scale > 0 else 0.0
    weight = 1 / (v + between)
    return UsualChange(float(np.average(y, weights=weight)), float(1 / weight.sum()), between, len(y))


@dataclass(frozen=True)
class Effect:
    """By unit: its change beyond the usual one, with interval, p-value and smallest detectable effect."""

    effect: Floats
    low: Floats
    high: Floats
    p: Floats
    smallest_detectable: Floats


def effects(
    change: Change, untouched: UsualChange, *, confidence: float = 0.95, power: float = 0.8
) -> Effect:
    """Difference in differences of every unit against the untouched ones.

    The variance adds up that of the unit's own change, that of the usual change, and that between untouched
    units, since one unit strays from the usual even where nothing was done to it: S. G. Donald and K. Lang,
    Review of Economics and Statistics 89, 2007, p. 221. Degrees of freedom after F. E. Satterthwaite,
    Biometrics Bulletin 2, 1946, p. 110. The smallest effect found with that power: H. S. Bloom, Evaluation
    Review 19, 1995, p. 547.
    """
    upper = 0.5 + confidence / 2
    others = untouched.variance + untouched.between
    variance = change.variance + others
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = change.variance**2 / change.degrees
        if untouched.units > 1:
            spread = spread + others**2 / (untouched.units - 1)
        degrees = np.where(spread > 0, variance**2 / spread, np.inf)
        effect = change.effect - untouched.effect
        error = np.sqrt(variance)
        # With infinitely many degrees of freedom Student's distribution is the normal one.
        quantile = np.asarray(stdtrit(degrees, upper), dtype=np.float64)
        detected = np.asarray(stdtrit(degrees, power), dtype=np.float64)
        p: Floats = 2 * stdtr(degrees, -np.abs(effect) / error)
    p = np.where(np.isfinite(effect), p, np.nan)
    reach = quantile * error
    return Effect(effect, effect - reach, effect + reach, p, (quantile + detected) * error)


def weighted(p: Floats, expected: Bools) -> Floats:
    """The p-values with four fifths of the attention on the rows where a change is expected, for `adjusted`.

    Weights whose mean is 1 keep the false-discovery rate, whatever they rest on, if it is not the data: C. R.
    Genovese, K. Roeder and L. Wasserman, Biometrika 93, 2006, p. 509. NaN stays NaN and gets no attention.
    """
    is_valid = ~np.isnan(p)
    rows, here = is_valid.sum(), (is_valid & expected).sum()
    if here in (0, rows):
        return p
    weight = np.where(expected, _ATTENTION * rows / here, (1 - _ATTENTION) * rows / (rows - here))
    shared: Floats = np.minimum(p / weight, 1.0)
    return shared
