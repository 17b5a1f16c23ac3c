"""The sums around releases as numbers: units, periods, agents and weeks, ready for the statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from metrics.catalog.dimensions import VISITS
from metrics.releases.counts import MEASURES, Measure, Release, Sums
from metrics.statistics.clustering import Floats, Ints
from metrics.statistics.counts import Bools
from metrics.statistics.difference_in_differences import Entries

_EPOCH = date(1970, 1, 1)
_NOBODY = -1


@dataclass(frozen=True)
class Rows:
    """Rows of one grouping of a fact, names as numbers."""

    unit: Ints
    version: Ints
    day: Ints
    """Days since 1970: the day itself, or that on which its stretch begins."""
    agent: Ints
    amounts: dict[str, Floats]
    sizes: dict[str, Floats]

    def where(self, is_included: Bools) -> Rows:
        """The rows kept."""
        of = np.flatnonzero(is_included)
        return Rows(
            self.unit[of],
            self.version[of],
            self.day[of],
            self.agent[of],
            {name: values[of] for name, values in self.amounts.items()},
            {name: values[of] for name, values in self.sizes.items()},
        )


@dataclass(frozen=True)
class Fact:
    """The sums over one fact, its units numbered in the order of `units`: workflow and, of visits, step."""

    units: pl.DataFrame
    versions: list[str]
    by_day: Rows
    by_agent: Rows


@dataclass(frozen=True)
class Around:
    """The part of a fact around releases of one day: before and after it, what changed and what did not."""

    release: Release
    """Any of them: of days and untouched workflows they have the same."""
    units: pl.DataFrame
    """Those of the fact; `is_changed`: not untouched."""
    by_day: Rows
    by_agent: Rows

    def entries(self, measure: Measure, new_numbers: Ints) -> tuple[Entries, Entries]:
        """By agent and by week, of the units whose new number in `kept` is not below 0."""
        agents, days = self.by_agent, self.by_day
        return (
            self._entries(agents, agents.agent, measure, new_numbers),
            self._entries(days, self.week(days), measure, new_numbers),
        )

    def _entries(self, rows: Rows, cluster: Ints, measure: Measure, new_numbers: Ints) -> Entries:
        unit, size = new_numbers[rows.unit], rows.sizes[measure.name]
        wanted = (unit >= 0) & (size > 0)
        # Mostly all are wanted, and need not be copied.
        of = slice(None) if wanted.all() else np.flatnonzero(wanted)
        amount, is_after = rows.amounts[measure.name], self.is_after(rows)
        return Entries(
            unit[of], is_after[of], cluster[of], amount[of], size[of], int(new_numbers.max(initial=-1)) + 1
        )

    def is_after(self, rows: Rows) -> Bools:
        """Whether each row is of the weeks from the release on."""
        return np.asarray(rows.day >= _number(self.release.day))

    def week(self, rows: Rows) -> Ints:
        """Weeks since the release; those before it are below 0."""
        return np.asarray((rows.day - _number(self.release.day)) // 7)

    @cached_property
    def before(self) -> Around:
        """The weeks before the release alone, as if it had been in their middle."""
        earlier = Release(**{**vars(self.release), "day": self.release.half})
        parts = (rows.where(~self.is_after(rows)) for rows in (self.by_day, self.by_agent))
        return Around(earlier, self.units, *parts)


def numbered(sums: Sums, fact: str) -> Fact:
    """The sums with numbers for names."""
    keys = ["workflow", "step"] if fact == VISITS else ["workflow"]
    days = sums.by_day
    units = days.select(keys).unique().sort(keys).with_row_index("unit")
    versions = days["version"].unique().sort().to_list()
    agents = sums.by_agent["agent_id"].unique().sort().to_list()
    names = [measure.name for measure in MEASURES if measure.fact == fact]
    nameless = days.filter("is_nameless").with_columns(agent_id=pl.lit(None, pl.String), since="day")
    wanted = [*keys, "version", "agent_id", "since", *_columns(names)]
    by_agent = pl.concat([sums.by_agent.select(wanted), nameless.select(wanted)])

    def rows(frame: pl.DataFrame, day: str, agent: Ints) -> Rows:
        unit_rows = frame.select(keys).join(
            units, on=keys, how="left", nulls_equal=True, maintain_order="left"
        )
        unit, version = _ints(unit_rows["unit"]), _place(frame["version"], versions)
        days = _ints(frame[day].to_physical())
        # In one order, so that sums are the same whenever they are asked for.
        place = (unit * len(versions) + version) * (days.max(initial=0) + 1) + days
        order = np.argsort(place * (len(agents) + 1) + agent, kind="stable")
        return Rows(
            unit[order],
            version[order],
            days[order],
            agent[order],
            {name: _floats(frame[f"{name} amount"])[order] for name in names},
            {name: _floats(frame[f"{name} size"])[order] for name in names},
        )

    nobody = np.full(days.height, _NOBODY, dtype=np.int64)
    return Fact(
        units,
        versions,
        rows(days, "day", nobody),
        rows(by_agent, "since", _place(by_agent["agent_id"], agents)),
    )


def _place(names: pl.Series, vocabulary: list[str]) -> Ints:
    """Where each name stands in the list; no name, or one that is not in it, is nobody."""
    return _ints(
        names.cast(pl.Enum(vocabulary), strict=False).to_physical().cast(pl.Int64).fill_null(_NOBODY)
    )


def around(fact: Fact, together: Sequence[Release], alone: pl.DataFrame) -> Around:
    """What is compared: each changed workflow, its old version before and its new one after; the untouched.

    The releases are those of `released_together`. `alone`: steps of other workflows which, whatever was
    released of those, are untouched, too, in any version.
    """
    release, workflow = together[0], fact.units["workflow"]
    units = fact.units.with_columns(
        is_changed=~pl.col("workflow").is_in(list(release.untouched)).fill_null(value=False)
    )
    if "step" in units.columns:
        steps = alone.with_columns(is_alone=pl.lit(value=True))
        units = units.join(steps, on=["workflow", "step"], how="left", maintain_order="left").select(
            *units.columns[:-1], is_changed=pl.col("is_changed") & pl.col("is_alone").is_null()
        )
    is_untouched = ~units["is_changed"].to_numpy()
    before, after = (
        _place(workflow.replace_strict(versions, default=None, return_dtype=pl.String), fact.versions)
        for versions in (
            {one.workflow: one.before for one in together},
            {one.workflow: one.after for one in together},
        )
    )
    start, day, end = (_number(one) for one in (release.start, release.day, release.end))

    def of_version(rows: Rows) -> Rows:
        expected = np.where(rows.day >= day, after[rows.unit], before[rows.unit])
        wanted = is_untouched[rows.unit] | (rows.version == expected)
        return rows.where(wanted & (rows.day >= start) & (rows.day <= end))

    return Around(release, units, of_version(fact.by_day), of_version(fact.by_agent))


def in_both(part: Around, measure: Measure) -> tuple[pl.DataFrame, Ints]:
    """The units that have the measure before and after, the untouched first, and the new number of each unit.

    A unit that is not among them has the number -1.
    """
    rows = part.by_day.where(part.by_day.sizes[measure.name] > 0)
    occurs = np.zeros((part.units.height, 2), dtype=np.bool_)
    occurs[rows.unit, part.is_after(rows).astype(np.int64)] = True
    units = part.units.filter(pl.Series(occurs.all(axis=1))).sort("is_changed", "unit")
    number = np.full(part.units.height, -1, dtype=np.int64)
    number[units["unit"].to_numpy()] = np.arange(units.height)
    return units, number


def _columns(names: list[str]) -> list[str]:
    return [f"{name} {part}" for name in names for part in ("amount", "size")]


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _ints(values: pl.Series) -> Ints:
    return values.cast(pl.Int64).to_numpy().astype(np.int64)


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)
