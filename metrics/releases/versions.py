"""Whether a new version of a workflow is better: against the weeks before and against what was left alone."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

import duckdb
import numpy as np
import polars as pl

from metrics.catalog.dimensions import RUNS, VISITS
from metrics.query.run import run_parallel
from metrics.query.scope import Scope
from metrics.releases.comparison import Compared, compared, released_together
from metrics.releases.counts import Release, definitions, left_alone, releases, rewritten, sums, version_days
from metrics.releases.entries import Fact, numbered
from metrics.settings.version_rules import VersionRules
from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools
from metrics.statistics.difference_in_differences import (
    Change,
    Effect,
    UsualChange,
    effects,
    usual_change,
    weighted,
)
from metrics.statistics.false_discovery import adjusted


class Verdict(StrEnum):
    """What can be said of a change."""

    IMPROVED = "improved"
    WORSE = "worse"
    NO_CHANGE = "usual range"
    UNKNOWN = "not enough data yet"


USUAL_RULES = VersionRules()


def verdicts(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, rules: VersionRules = USUAL_RULES
) -> pl.DataFrame:
    """One row per new version, step in both versions and measure; `step` is null for the workflow's runs.

    Lower is better of every measure. `before` and `after`: the share, or the geometric mean in seconds, of
    the old version before the release and the new one after it, each with its n. `effect`: by what share the
    measure changed beyond the change of what was left alone (`usual_change`), -0.5 being half as much, with
    its 95 % interval. Left alone are untouched workflows and, beside a step, those steps of released ones
    that no version rewrites: in `untouched` workflows altogether. `smallest_detectable`: the rise that this
    much data shows with 80 % power. `q`: the false-discovery rate, over the rows of the version, at which it
    is told: times are one family, the rest another, each with four fifths of the attention on
    `is_rewritten`, the steps whose definition the new version changes. `earlier_effect`: the same comparison
    within the weeks before, where there was nothing to find; where it is beyond chance and explains half of
    the effect, the workflow went its own way already and there is not enough data yet.

    A scope's choice of workflow chooses which releases are told; the untouched ones stay.
    """
    scope = scope or Scope()
    wanted = dict(scope.where)
    versions = version_days(connection, scope)
    release_list = [
        release
        for release in releases(versions, most_weeks=rules.most_weeks)
        if release.workflow in wanted.get("workflow", (release.workflow,))
        and release.after in wanted.get("version", (release.after,))
    ]
    if not release_list:
        return _EMPTY
    queries = [
        partial(_numbers, scope=scope, fact=fact, release_list=release_list) for fact in (VISITS, RUNS)
    ]
    facts = dict(zip((VISITS, RUNS), run_parallel(connection, queries, as_of=scope.as_of), strict=True))
    defined = definitions(connection)
    frames = {
        release: judged(release, by, rewritten(defined, release), rules)
        for together in released_together(release_list)
        for by in [compared(facts, together, left_alone(defined, versions, together[0]))]
        for release in together
    }
    rows = pl.concat([_EMPTY, *(frames[release] for release in release_list if release in frames)])
    titles = defined.select("workflow", "version", "step", titled="title")
    rows = rows.join(titles, on=["workflow", "version", "step"], how="left", maintain_order="left")
    rows = rows.with_columns(title="titled").select(_EMPTY.columns)
    return rows.filter(pl.col("step").is_in(list(wanted["step"]))) if "step" in wanted else rows


def _numbers(
    connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str, release_list: list[Release]
) -> Fact:
    return numbered(sums(connection, scope, fact, release_list), fact)


def judged(release: Release, by: Sequence[Compared], changed: set[str], rules: VersionRules) -> pl.DataFrame:
    """One row per step in both versions and measure; `changed`: the steps that the new version rewrites."""
    rows = pl.concat([_BARE, *(_measured(one, release, rules) for one in by)])
    is_time = rows["measure"].is_in(TIMES).to_numpy()
    p = rows["p"].fill_null(float("nan")).to_numpy()
    rows = rows.with_columns(is_rewritten=pl.col("step").is_in(list(changed)))
    expected = rows["is_rewritten"].fill_null(value=False).to_numpy()
    # Two families: a faster step must not make it easier to call confusion changed.
    families = (np.where(is_time, p, np.nan), np.where(is_time, np.nan, p))
    q = np.where(is_time, *(adjusted(weighted(family, expected)) for family in families))
    results = rows.with_columns(q=pl.Series(q).fill_nan(None).cast(pl.Float64))
    went_its_own_way = (pl.col("earlier_p") < _SURPRISING) & (_explained() >= 0.5)
    diverged = pl.coalesce(went_its_own_way, pl.lit(0).cast(pl.Boolean))
    is_beyond_chance = pl.coalesce(pl.col("q") <= rules.false_discovery_rate, pl.lit(0).cast(pl.Boolean))
    results = results.with_columns(
        verdict=pl.when(is_beyond_chance & ~diverged & (pl.col("effect") < 0))
        .then(pl.lit(str(Verdict.IMPROVED)))
        .when(is_beyond_chance & ~diverged)
        .then(pl.lit(str(Verdict.WORSE)))
        .when(~is_beyond_chance & (pl.col("smallest_detectable") <= rules.telling_effect))
        .then(pl.lit(str(Verdict.NO_CHANGE)))
        .otherwise(pl.lit(str(Verdict.UNKNOWN)))
    )
    return results.select(_EMPTY.columns).cast(_EMPTY.schema)


_SURPRISING = 0.05


def _explained() -> pl.Expr:
    """How much of the effect is that of before gone on with, or what rose or fell before coming back."""
    earlier, effect = (pl.col(name).log1p() for name in ("earlier_effect", "effect"))
    # The middles of the halves are half the weeks before apart, those before and after half of all weeks.
    further = (pl.col("weeks_before") + pl.col("weeks_after")) / pl.col("weeks_before")
    # Half of the weeks before were out of the usual: O. Ashenfelter, Rev. Econ. Statist. 60, 1978, p. 47.
    return (earlier / effect).abs() * pl.when(earlier.sign() == effect.sign()).then(further).otherwise(0.5)


def _measured(by: Compared, release: Release, rules: VersionRules) -> pl.DataFrame:
    """The rows of one measure: every step in both versions, or the runs as a whole."""
    ours = by.of(release)
    changed, change = ours.is_changed, ours.now
    if not changed.any():
        return _BARE
    base, beyond = _beyond(change, changed)
    earlier = _beyond(ours.earlier, changed)[1] if ours.earlier else None
    weeks = by.weeks(release)
    # On too few weeks nothing is said, whatever the numbers.
    is_long_enough = min(weeks) >= rules.least_weeks
    in_seconds = by.measure.link == "mean"
    nothing = np.full(int(changed.sum()), np.nan)
    drift = (earlier.effect[changed], earlier.p[changed]) if earlier else (nothing, nothing)

    def level(values: Floats) -> Floats:
        of_changed: Floats = values[changed]
        return np.exp(of_changed) / 1e6 if in_seconds else of_changed

    def ratio(values: Floats) -> Floats:
        of_changed: Floats = np.expm1(np.clip(values[changed], -_BEYOND, _BEYOND))
        return of_changed if is_long_enough else nothing

    numbers = {
        "n_before": change.sizes[0][changed],
        "n_after": change.sizes[1][changed],
        "before": level(change.before),
        "after": level(change.after),
        "change": np.expm1(change.effect[changed]),
        "usual_change": np.full(len(nothing), np.expm1(base.effect)),
        "effect": ratio(beyond.effect),
        "low": ratio(beyond.low),
        "high": ratio(beyond.high),
        "p": beyond.p[changed] if is_long_enough else nothing,
        "smallest_detectable": ratio(beyond.smallest_detectable),
        "earlier_effect": np.expm1(np.clip(drift[0], -_BEYOND, _BEYOND)),
        "earlier_p": drift[1],
    }
    treated = ours.units.filter("is_changed")
    none = pl.lit(None, dtype=pl.String)
    frame = treated.select(
        workflow=pl.lit(release.workflow),
        from_version=pl.lit(release.before),
        version=pl.lit(release.after),
        released_on=pl.lit(release.day),
        step=pl.col("step") if "step" in ours.units.columns else none,
        title=none,
        measure=pl.lit(by.measure.name),
        weeks_before=pl.lit(weeks[0]),
        weeks_after=pl.lit(weeks[1]),
        untouched=pl.lit(ours.units.filter(~pl.col("is_changed"))["workflow"].n_unique()),
        **{name: pl.Series(values, nan_to_null=True) for name, values in numbers.items()},
    )
    target = _BARE
    return frame.select(target.columns).cast(target.schema)


def _beyond(change: Change, changed: Bools) -> tuple[UsualChange, Effect]:
    """How the untouched changed, and each unit beyond that."""
    base = usual_change(change.effect[~changed], change.variance[~changed])
    return base, effects(change, base)


TIMES = ("step time", "run time")
_BEYOND = 20  # on the logarithm: more is not a number anyone would read
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
