"""Whether a new version of a workflow is better: against the weeks before and against untouched workflows."""

from __future__ import annotations

from enum import StrEnum

import duckdb
import numpy as np
import polars as pl

from metrics.dimensions import VISITS
from metrics.scope import Scope
from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools
from metrics.statistics.difference_in_differences import (
    Change,
    Entries,
    changes,
    effects,
    usual,
    weighted,
)
from metrics.statistics.false_discovery import adjusted
from metrics.version_counts import MEASURES, Measure, Release, daily, definitions, releases, rewritten
from metrics.version_rules import VersionRules


class Verdict(StrEnum):
    """What can be said of a change."""

    IMPROVED = "improved"
    WORSE = "worse"
    NO_CHANGE = "no change shown"
    UNKNOWN = "not yet known"


USUAL_RULES = VersionRules()


def verdicts(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, rules: VersionRules = USUAL_RULES
) -> pl.DataFrame:
    """One row per new version, step in both versions and measure; `step` is null for the workflow's runs.

    Lower is better of every measure. `before` and `after`: the share, or the geometric mean in seconds, of
    the old version before the release and the new one after it, each with its n. `effect`: by what share the
    measure changed beyond the change of the untouched workflows (`usual_change`), -0.5 being half as much,
    with its 95 % interval; `smallest_detectable`: the rise that this much data shows with 80 % power. `q`:
    the false-discovery rate, over the rows of the version, at which it is told: times are one
    family, the rest another, each with half of the attention on `is_rewritten`, the steps whose definition
    the new version changes. `earlier_effect`: the same
    comparison within the weeks before, where there was nothing to find; where it is beyond chance and,
    gone on with, would explain half of the effect, the workflow went its own way already and the verdict is
    not yet known.

    A scope's choice of workflow chooses which releases are told; the untouched ones stay.
    """
    scope = scope or Scope()
    days = {fact: daily(connection, scope, fact) for fact in (VISITS, "ended_runs")}
    wanted, defined = dict(scope.where), definitions(connection)
    told = [
        judged(release, days, rewritten(defined, release), rules)
        for release in releases(days[VISITS], most_weeks=rules.most_weeks)
        if release.workflow in wanted.get("workflow", (release.workflow,))
        and release.after in wanted.get("version", (release.after,))
    ]
    if not told:
        return _EMPTY
    found = pl.concat(told)
    if "step" in wanted:
        found = found.filter(pl.col("step").is_in(list(wanted["step"])))
    return found


def judged(
    release: Release, days: dict[str, pl.DataFrame], changed: set[str], rules: VersionRules
) -> pl.DataFrame:
    """One row per step in both versions and measure; `days` of every fact, `changed`: the rewritten steps."""
    parts = [
        part
        for measure in MEASURES
        if (part := _measured(release, measure, days[measure.fact], rules)).height
    ]
    whole = pl.concat(parts) if parts else _BARE
    is_time = whole["measure"].is_in(TIMES).to_numpy()
    p = whole["p"].fill_null(float("nan")).to_numpy()
    whole = whole.with_columns(is_rewritten=pl.col("step").is_in(list(changed)))
    expected = whole["is_rewritten"].fill_null(value=False).to_numpy()
    # Two families: a faster step must not make it easier to call confusion changed.
    families = (np.where(is_time, p, np.nan), np.where(is_time, np.nan, p))
    q = np.where(is_time, *(adjusted(weighted(family, expected)) for family in families))
    told = whole.with_columns(q=pl.Series(q).fill_nan(None).cast(pl.Float64))
    # The middles of the halves are half the weeks before apart, those before and after half of all weeks.
    further = (pl.col("weeks_before") + pl.col("weeks_after")) / pl.col("weeks_before")
    went_its_own_way = (pl.col("earlier_p") < _SURPRISING) & (
        pl.col("earlier_effect").log1p().abs() * further >= pl.col("effect").log1p().abs() / 2
    )
    diverged = pl.coalesce(went_its_own_way, pl.lit(0).cast(pl.Boolean))
    found = pl.coalesce(pl.col("q") <= rules.false_discovery_rate, pl.lit(0).cast(pl.Boolean))
    told = told.with_columns(
        verdict=pl.when(found & ~diverged & (pl.col("effect") < 0))
        .then(pl.lit(str(Verdict.IMPROVED)))
        .when(found & ~diverged)
        .then(pl.lit(str(Verdict.WORSE)))
        .when(~found & (pl.col("smallest_detectable") <= rules.telling_effect))
        .then(pl.lit(str(Verdict.NO_CHANGE)))
        .otherwise(pl.lit(str(Verdict.UNKNOWN)))
    )
    return told.select(_EMPTY.columns).cast(_EMPTY.schema)


_SURPRISING = 0.05


def _measured(release: Release, measure: Measure, rows: pl.DataFrame, rules: VersionRules) -> pl.DataFrame:
    """The rows of one measure: every step in both versions, or the runs as a whole."""
    keys = ["step"] if "step" in rows.columns else []
    around = rows.filter(
        pl.col("day").is_between(release.start, release.end)
        & (pl.col(f"{measure.name} size") > 0)
        & pl.col("workflow").is_in([release.workflow, *release.untouched])
    ).with_columns(
        is_after=pl.col("day") >= release.day,
        week=(pl.col("day") - release.day).dt.total_days().floordiv(7),
        is_changed=pl.col("workflow") == release.workflow,
    )
    expected = pl.when("is_after").then(pl.lit(release.after)).otherwise(pl.lit(release.before))
    around = around.filter(~pl.col("is_changed") | (pl.col("version") == expected))
    units = around.group_by("is_changed", "workflow", *keys).agg(
        in_both=pl.col("is_after").n_unique() > 1, **({"title": pl.col("title").max()} if keys else {})
    )
    units = units.filter("in_both").sort("is_changed", "workflow", *keys).with_row_index("unit")
    changed = units["is_changed"].to_numpy()
    if not changed.any():
        return _BARE
    entries = _entries(around, measure, units, keys)
    change = changes(entries, measure.link)
    base = usual(change.effect[~changed], change.variance[~changed])
    beyond = effects(change, base)
    earlier = _earlier(entries, measure, changed)
    weeks = {side: _weeks(around, is_after=side) for side in (False, True)}
    # On too few weeks nothing is said, whatever the numbers.
    known = min(weeks.values()) >= rules.least_weeks
    in_seconds = measure.link == "mean"

    def level(values: Floats) -> Floats:
        kept: Floats = values[changed]
        return np.exp(kept) / 1e6 if in_seconds else kept

    def ratio(values: Floats) -> Floats:
        kept: Floats = np.expm1(np.clip(values[changed], -_BEYOND, _BEYOND))
        return kept if known else np.full(len(kept), np.nan)

    numbers = {
        "n_before": change.sizes[0][changed],
        "n_after": change.sizes[1][changed],
        "before": level(change.before),
        "after": level(change.after),
        "change": np.expm1(change.effect[changed]),
        "usual_change": np.full(changed.sum(), np.expm1(base.effect)),
        "effect": ratio(beyond.effect),
        "low": ratio(beyond.low),
        "high": ratio(beyond.high),
        "p": beyond.p[changed] if known else np.full(changed.sum(), np.nan),
        "smallest_detectable": ratio(beyond.smallest_detectable),
        "earlier_effect": np.expm1(np.clip(earlier[0], -_BEYOND, _BEYOND)),
        "earlier_p": earlier[1],
    }
    treated = units.filter("is_changed")
    none = pl.lit(None, dtype=pl.String)
    frame = treated.select(
        workflow=pl.lit(release.workflow),
        from_version=pl.lit(release.before),
        version=pl.lit(release.after),
        released_on=pl.lit(release.day),
        step=pl.col("step") if keys else none,
        title=pl.col("title") if keys else none,
        measure=pl.lit(measure.name),
        weeks_before=pl.lit(weeks[False]),
        weeks_after=pl.lit(weeks[True]),
        untouched=pl.lit(len(release.untouched)),
        **{name: pl.Series(values).fill_nan(None) for name, values in numbers.items()},
    )
    target = _BARE
    return frame.select(target.columns).cast(target.schema)


def _weeks(around: pl.DataFrame, *, is_after: bool) -> int:
    """How many weeks the changed workflow has on that side."""
    side = around.filter(pl.col("is_changed") & (pl.col("is_after") == is_after))
    return side["week"].n_unique()


def _entries(around: pl.DataFrame, measure: Measure, units: pl.DataFrame, keys: list[str]) -> Entries:
    joined = around.join(
        units.select("unit", "workflow", *keys), on=["workflow", *keys], nulls_equal=True
    ).sort("unit", "is_after", "week", "agent_id")
    agents = joined["agent_id"].rank("dense").fill_null(0).cast(pl.Int64).to_numpy() - 1
    return Entries(
        unit=joined["unit"].cast(pl.Int64).to_numpy(),
        is_after=joined["is_after"].to_numpy(),
        agent=agents,
        week=joined["week"].cast(pl.Int64).to_numpy(),
        amount=joined[f"{measure.name} amount"].cast(pl.Float64).to_numpy(),
        size=joined[f"{measure.name} size"].cast(pl.Float64).to_numpy(),
        units=units.height,
    )


def _earlier(entries: Entries, measure: Measure, changed: Bools) -> tuple[Floats, Floats]:
    """Effect and p-value of the same comparison, between the halves of the weeks before."""
    first = int(entries.week.min(initial=0))
    before = ~entries.is_after
    if first > -_LEAST_TO_HALVE:
        nothing = np.full(int(changed.sum()), np.nan)
        return nothing, nothing
    halves = Entries(
        entries.unit[before],
        entries.week[before] >= first // 2,
        entries.agent[before],
        entries.week[before],
        entries.amount[before],
        entries.size[before],
        entries.units,
    )
    change: Change = changes(halves, measure.link)
    found = effects(change, usual(change.effect[~changed], change.variance[~changed]))
    return found.effect[changed], found.p[changed]


TIMES = ("step time", "run time")
_BEYOND = 20  # on the logarithm: more is not a number anyone would read
_LEAST_TO_HALVE = 4  # weeks: two in each half
_EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys(("workflow", "from_version", "version"), pl.String()),
        "released_on": pl.Date(),
        **dict.fromkeys(("step", "title", "measure", "verdict"), pl.String()),
        **dict.fromkeys(("before", "after"), pl.Float64()),
        **dict.fromkeys(("n_before", "n_after"), pl.Int64()),
        **dict.fromkeys(("change", "usual_change", "effect", "low", "high", "p", "q"), pl.Float64()),
        **dict.fromkeys(("smallest_detectable", "earlier_effect", "earlier_p"), pl.Float64()),
        **dict.fromkeys(("weeks_before", "weeks_after", "untouched"), pl.Int64()),
        "is_rewritten": pl.Boolean(),
    }
)
_BARE = _EMPTY.drop("q", "verdict", "is_rewritten")
