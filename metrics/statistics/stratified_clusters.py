"""How much less a comparison stratum by stratum tells, because some of its rows resemble one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit

from metrics.statistics.clustering import Floats, Ints, summed
from metrics.statistics.counts import Bools
from metrics.statistics.moderation import moderated
from metrics.statistics.stratified import Compared


@dataclass(frozen=True)
class Effect:
    """By group: how many times wider the variance is than that of independent rows, known how well."""

    times: Floats
    degrees: Floats


class Clustering:
    """Single rows of groups of strata, and the kinds of clusters that they come in.

    What is exposed and what came of it differ from one comparison to the next; who shares a stratum or a
    cluster does not, and is worked out once.
    """

    def __init__(self, group: Ints, stratum: Ints, clusters: Sequence[Ints], groups: int) -> None:
        """`stratum`: counted through over all groups."""
        self._kinds = [_Places(group, stratum, cluster, groups) for cluster in clusters]
        self._alone = _Places(group, stratum, np.arange(len(stratum)), groups)

    def design_effects(self, is_exposed: Bools, value: Floats) -> list[Effect]:
        """The effect of each kind of cluster on the difference of the sides; NaN where there is one cluster.

        The variance of the difference pooled over strata when whole clusters are left out one by one, against
        the same of single rows. Infinite where without one cluster nothing is left to compare: then nobody
        can tell exposure from that cluster. 1 where every cluster is one row.
        """
        exposed = is_exposed.astype(np.float64)
        # Of each row: its outcome and itself if exposed, then the same if not.
        sides = (exposed * value, exposed, (1 - exposed) * value, 1 - exposed)
        single = _jackknife(self._alone, sides)
        return [_effect(_jackknife(kind, sides), single) for kind in self._kinds]


class _Places:
    """Where the rows stand: in which stratum, and in which cluster of it."""

    def __init__(self, group: Ints, stratum: Ints, cluster: Ints, groups: int) -> None:
        strata, first, self.stratum = np.unique(stratum, return_index=True, return_inverse=True)
        self.groups, self.group = groups, group[first]
        self.strata, span = len(strata), int(cluster.max(initial=0)) + 1
        # A pair is a cluster within a stratum, a member one within a group.
        pairs, self.pair = np.unique(self.stratum * span + cluster, return_inverse=True)
        self.stratum_of = pairs // span
        members, self.member = np.unique(
            self.group[self.stratum_of] * span + pairs % span, return_inverse=True
        )
        self.group_of = members // span


def _effect(between: tuple[Floats, Floats], single: tuple[Floats, Floats]) -> Effect:
    (variance, clusters), (alone, rows) = between, single
    with np.errstate(divide="ignore", invalid="ignore"):
        times = variance / alone
    is_single = clusters == rows
    is_valid = (clusters > 1) & (alone > 0) & np.isfinite(alone)
    return Effect(
        np.where(is_single, 1.0, np.where(is_valid, times, np.nan)),
        np.where(is_single, np.inf, np.where(is_valid, clusters - 1, np.nan)),
    )


def _jackknife(places: _Places, sides: Sequence[Floats]) -> tuple[Floats, Floats]:
    """By group: the jackknife's variance of the pooled difference, and the number of clusters compared.

    Leaving out clusters gives intervals that are hardly ever too narrow, also where few clusters hold most
    of the exposed: J. G. MacKinnon, M. Ø. Nielsen and M. D. Webb, J. Applied Econometrics 38, 2023, p. 671.
    """
    counts = [summed(side, places.stratum, places.strata) for side in sides]
    weight, gap = _weighted(*counts)
    total, gaps = (summed(part, places.group, places.groups) for part in (weight, gap))
    stratum_of, pairs, members = places.stratum_of, len(places.stratum_of), len(places.group_of)
    own = [summed(side, places.pair, pairs) for side in sides]
    rest = _weighted(*(count[stratum_of] - part for count, part in zip(counts, own, strict=True)))
    # Only what lies in a stratum with both sides counts.
    is_used = summed((weight[stratum_of] > 0).astype(np.float64), places.member, members) > 0
    group_of = places.group_of
    # Of each cluster: what is left of its group's sums without it.
    left_weight = total[group_of] - summed(weight[stratum_of] - rest[0], places.member, members)
    left_gap = gaps[group_of] - summed(gap[stratum_of] - rest[1], places.member, members)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = left_gap / left_weight - (gaps / total)[group_of]
        shift = np.where(left_weight > _NOTHING * total[group_of], shift, np.inf)
        shift = np.where(is_used, shift, 0.0)
        clusters = summed(is_used.astype(np.float64), group_of, places.groups)
        return (clusters - 1) / clusters * summed(shift**2, group_of, places.groups), clusters


_NOTHING = 1e-9
"""Weights that should be zero are not quite after subtraction."""


def _weighted(a: Floats, n1: Floats, b: Floats, n0: Floats) -> tuple[Floats, Floats]:
    """Mantel and Haenszel's weight of each stratum, and its difference times that."""
    with np.errstate(divide="ignore", invalid="ignore"):
        weight, gap = n1 * n0 / (n1 + n0), (a * n0 - b * n1) / (n1 + n0)
    both = (n1 > 0) & (n0 > 0)
    return np.where(both, weight, 0.0), np.where(both, gap, 0.0)


def moderated_effect(effect: Effect, lends: Bools) -> Effect:
    """The groups that lend one another their effects: one has too few clusters to tell."""
    times, degrees = moderated(np.where(lends, effect.times, np.nan), effect.degrees)
    return Effect(np.where(lends, times, effect.times), np.where(lends, degrees, effect.degrees))


def least_sure(p: Floats, effects: Sequence[Effect]) -> Floats:
    """The p-values of independent rows, as sure as the least sure kind of cluster leaves them."""
    with np.errstate(invalid="ignore"):
        reach = -ndtri(p / 2)
        chances = [np.where(e.times > 1, 2 * stdtr(e.degrees, -reach / np.sqrt(e.times)), p) for e in effects]
    return np.asarray(np.max([p, *chances], axis=0))


def widened(compared: Compared, effects: Sequence[Effect], *, confidence: float = 0.95) -> Compared:
    """The interval as wide as the widest kind of cluster makes it, never narrower than it was.

    By the root of the design effect and, since that was estimated from few clusters, by Student's quantile
    against the normal one: E. L. Korn and B. I. Graubard, Survey Methodology 24, 1998, p. 193.
    """
    upper = 0.5 + confidence / 2
    with np.errstate(invalid="ignore"):
        factors = [
            np.where(e.times > 1, np.sqrt(e.times) * stdtrit(e.degrees, upper) / ndtri(upper), 1.0)
            for e in effects
        ]
    factor = np.max([np.ones_like(compared.estimate), *factors], axis=0)
    return Compared(
        compared.estimate,
        compared.estimate - factor * (compared.estimate - compared.low),
        compared.estimate + factor * (compared.high - compared.estimate),
        least_sure(compared.p, effects),
    )


def logarithm(compared: Compared) -> Compared:
    """A ratio on the scale on which its interval is even."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Compared(np.log(compared.estimate), np.log(compared.low), np.log(compared.high), compared.p)


def exponential(compared: Compared) -> Compared:
    """A difference of logarithms as the ratio that it is."""
    return Compared(np.exp(compared.estimate), np.exp(compared.low), np.exp(compared.high), compared.p)
