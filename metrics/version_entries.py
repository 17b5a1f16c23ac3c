"""The sums around one release as numbers: units, periods, agents and weeks, ready for the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from metrics.dimensions import VISITS
from metrics.statistics.clustering import Floats, Ints
from metrics.statistics.counts import Bools
from metrics.statistics.difference_in_differences import Entries
from metrics.version_counts import MEASURES, Measure, Release, Sums

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

    def where(self, kept: Bools) -> Rows:
        """The rows kept."""
        return Rows(
            self.unit[kept],
            self.version[kept],
            self.day[kept],
            self.agent[kept],
            {name: values[kept] for name, values in self.amounts.items()},
            {name: values[kept] for name, values in self.sizes.items()},
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
    """The part of a fact around one release: before it and after it, what changed and what did not."""

    release: Release
    units: pl.DataFrame
    by_day: Rows
    by_agent: Rows

    def entries(self, measure: Measure, kept: Ints) -> tuple[Entries, Entries]:
        """By agent and by week, of the units whose new number in `kept` is not below 0."""
        agents, days = (_of(rows, measure, kept) for rows in (self.by_agent, self.by_day))
        units = int(kept.max(initial=-1)) + 1
        return (
            Entries(kept[agents.unit], self.is_after(agents), agents.agent, *_values(agents, measure), units),
            Entries(kept[days.unit], self.is_after(days), self.week(days), *_values(days, measure), units),
        )

    def is_after(self, rows: Rows) -> Bools:
        """Whether each row is of the weeks from the release on."""
        return np.asarray(rows.day >= _number(self.release.day))

    def week(self, rows: Rows) -> Ints:
        """Weeks since the release; those before it are below 0."""
        return np.asarray((rows.day - _number(self.release.day)) // 7)

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
    versions = days.select(pl.col("version").unique().sort())["version"].to_list()
    agents = sums.by_agent.select(agent_id=pl.col("agent_id").unique().sort()).with_row_index("agent")
    names = [measure.name for measure in MEASURES if measure.fact == fact]
    nameless = days.filter("is_nameless").with_columns(agent_id=pl.lit(None, pl.String), since="day")
    by_agent = pl.concat(
        [
            part.select(*keys, "version", "agent_id", "since", *_columns(names))
            for part in (sums.by_agent, nameless)
        ]
    ).filter(pl.col("since").is_not_null())

    def rows(frame: pl.DataFrame, day: str) -> Rows:
        told = frame.join(units.select(*keys, "unit"), on=keys, nulls_equal=True).join(
            pl.DataFrame({"version": versions}, schema={"version": pl.String}).with_row_index("number"),
            on="version",
        )
        if "agent_id" in frame.columns:
            told = told.join(agents, on="agent_id", how="left")
        else:
            told = told.with_columns(agent=pl.lit(_NOBODY))
        told = told.with_columns(pl.col("agent").cast(pl.Int64).fill_null(_NOBODY))
        # In one order, so that sums are the same whenever they are asked for.
        told = told.sort("unit", "number", day, "agent")
        return Rows(
            _ints(told["unit"]),
            _ints(told["number"]),
            _ints(told[day].to_physical()),
            _ints(told["agent"]),
            {name: _floats(told[f"{name} amount"]) for name in names},
            {name: _floats(told[f"{name} size"]) for name in names},
        )

    return Fact(units, versions, rows(days, "day"), rows(by_agent, "since"))


def around(fact: Fact, release: Release) -> Around:
    """What is compared: the changed workflow, the old version before and the new one after; the untouched."""
    workflow = fact.units["workflow"]
    is_changed = (workflow == release.workflow).fill_null(value=False).to_numpy()
    is_untouched = workflow.is_in(list(release.untouched)).fill_null(value=False).to_numpy()
    before, after = (
        fact.versions.index(version) if version in fact.versions else _NOBODY
        for version in (release.before, release.after)
    )
    start, day, end = (_number(one) for one in (release.start, release.day, release.end))

    def kept(rows: Rows) -> Rows:
        expected = np.where(rows.day >= day, after, before)
        wanted = is_untouched[rows.unit] | (is_changed[rows.unit] & (rows.version == expected))
        return rows.where(wanted & (rows.day >= start) & (rows.day <= end))

    return Around(release, fact.units, kept(fact.by_day), kept(fact.by_agent))


def in_both(part: Around, measure: Measure) -> tuple[pl.DataFrame, Ints]:
    """The units that have the measure before and after, the untouched first, and the new number of each unit.

    A unit that is not among them has the number -1.
    """
    rows = part.by_day.where(part.by_day.sizes[measure.name] > 0)
    occurs = np.zeros((part.units.height, 2), dtype=np.bool_)
    occurs[rows.unit, part.is_after(rows).astype(np.int64)] = True
    is_changed = pl.col("workflow") == part.release.workflow
    units = (
        part.units.with_columns(is_changed=is_changed.fill_null(value=False))
        .filter(pl.Series(occurs.all(axis=1)))
        .sort("is_changed", "unit")
    )
    number = np.full(part.units.height, -1, dtype=np.int64)
    number[units["unit"].to_numpy()] = np.arange(units.height)
    return units, number


def _of(rows: Rows, measure: Measure, kept: Ints) -> Rows:
    return rows.where((kept[rows.unit] >= 0) & (rows.sizes[measure.name] > 0))


def _values(rows: Rows, measure: Measure) -> tuple[Floats, Floats]:
    return rows.amounts[measure.name], rows.sizes[measure.name]


def _columns(names: list[str]) -> list[str]:
    return [f"{name} {part}" for name in names for part in ("amount", "size")]


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _ints(values: pl.Series) -> Ints:
    return values.cast(pl.Int64).to_numpy().astype(np.int64)


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)
