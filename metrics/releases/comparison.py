"""What releases of one day are compared by, told of each measure once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.releases.counts import MEASURES, Measure, Release
from metrics.releases.entries import Around, Fact, around, in_both
from metrics.statistics.counts import Bools
from metrics.statistics.difference_in_differences import Change, Spread, changes, spread

_LEAST_TO_HALVE = 2  # weeks in the later half of those before


@dataclass(frozen=True)
class Compared:
    """One measure of all that occurs before the day and after: the untouched first, then what changed."""

    measure: Measure
    units: pl.DataFrame
    now: Spread
    earlier: Spread | None
    """The same between the halves of the weeks before; none where they are too few to halve."""
    part: Around

    def of(self, release: Release) -> OfRelease:
        """What one of the releases is compared by."""
        is_changed = self.units["is_changed"].to_numpy()
        is_included = ~is_changed | (self.units["workflow"] == release.workflow).to_numpy()
        earlier = changes(self.earlier.where(is_included)) if self.earlier else None
        return OfRelease(self.units.filter(is_included), changes(self.now.where(is_included)), earlier)

    def weeks(self, release: Release) -> tuple[int, int]:
        """How many weeks the changed workflow has before and after."""
        days = self.part.by_day
        is_changed = (self.part.units["workflow"] == release.workflow).fill_null(value=False).to_numpy()
        counts = is_changed[days.unit] & (days.sizes[self.measure.name] > 0)
        week, is_after = self.part.week(days), self.part.is_after(days)
        return len(np.unique(week[counts & ~is_after])), len(np.unique(week[counts & is_after]))


@dataclass(frozen=True)
class OfRelease:
    """The part that is of one release; `earlier`: the change between the halves of the weeks before."""

    units: pl.DataFrame
    now: Change
    earlier: Change | None

    @property
    def is_changed(self) -> Bools:
        """By unit: whether it is of the changed workflow."""
        return self.units["is_changed"].to_numpy()


def released_together(releases: Sequence[Release]) -> list[tuple[Release, ...]]:
    """The releases that are compared on the same days with the same untouched workflows, as those of one day.

    One without a day before it or from it on is left out: there is nothing to compare.
    """
    groups: dict[object, list[Release]] = {}
    for one in releases:
        if one.start < one.day <= one.end:
            groups.setdefault((one.start, one.half, one.day, one.end, one.untouched), []).append(one)
    return [tuple(together) for together in groups.values()]


def compared(facts: Mapping[str, Fact], together: Sequence[Release], alone: pl.DataFrame) -> list[Compared]:
    """Every measure of these facts, around releases of `released_together`; `alone` from `left_alone`."""
    there = {name: around(fact, together, alone) for name, fact in facts.items()}
    return [_compared(there[measure.fact], measure) for measure in MEASURES if measure.fact in there]


def _compared(part: Around, measure: Measure) -> Compared:
    units, number = in_both(part, measure)
    can_be_halved = (part.release.day - part.release.half).days >= _LEAST_TO_HALVE * 7
    before = spread(*part.before.entries(measure, number), measure.link) if can_be_halved else None
    return Compared(measure, units, spread(*part.entries(measure, number), measure.link), before, part)
