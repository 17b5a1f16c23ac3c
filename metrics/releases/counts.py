"""What the verdict on a version starts from: sums by step, agent and day, and what followed what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from etl.contract.workflows import MARKS
from metrics.catalog.dimensions import VISITS, local_day
from metrics.catalog.local_days import day_within, is_within, midnight
from metrics.facts.relations import DIALECT
from metrics.query.guidance import is_guided
from metrics.query.run import run_query
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.difference_in_differences import Link

_FINENESS = 1_000_000_000


@dataclass(frozen=True)
class Measure:
    """One thing a new version may change; lower is better. `amount` is summed over the rows `among` says.

    Of a share `amount` is the condition of a hit, of a mean the value.
    """

    name: str
    fact: str
    link: Link
    amount: str
    among: str


MEASURES: tuple[Measure, ...] = (
    Measure("confusion", VISITS, "share", "is_confused", "TRUE"),
    # Times are long-tailed: their logarithm is compared, so that one forgotten run decides nothing.
    Measure("step time", VISITS, "mean", "ln(unpaused_us)", "unpaused_us > 0 AND NOT abandoned"),
    Measure("run confused", "ended_runs", "share", "is_confused", "TRUE"),
    Measure("run time", "ended_runs", "mean", "ln(run_us)", "run_us > 0 AND NOT abandoned"),
    Measure("run given up", "ended_runs", "share", "abandoned", "abandoned IS NOT NULL"),
    Measure("reopened", "ended_runs", "share", "is_reopened", "is_first AND is_reopened IS NOT NULL"),
    Measure("low rating", "ended_runs", "share", "is_rated_low", "is_first AND is_rated_low IS NOT NULL"),
)


@dataclass(frozen=True)
class Sums:
    """The sums per measure over one fact, as a verdict needs them: by day, and by agent."""

    by_day: pl.DataFrame
    """One row per workflow version (of visits: and step) and day; `is_nameless`: those without an agent."""
    by_agent: pl.DataFrame
    """The same per agent recorded and stretch of days: `since` is the day on which a stretch begins."""


def sums(connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str, release_list: list[Release]) -> Sums:
    """The sums per measure of everything around these releases; agents by stretches between their days.

    Both are asked for in one query: judging the visits and gathering the runs takes as long as summing them.
    """
    zone, first, last = (
        scope.time_zone,
        min(one.start for one in release_list),
        max(one.end for one in release_list),
    )
    apart = {
        "day": day_within("entered_at", zone, first, last),
        "is_nameless": exp.column("agent_id").is_(exp.null()),
        "agent_id": exp.column("agent_id"),
        "since": _stretch(release_list, zone),
    }
    keys = ("workflow", "version", *(("step",) if fact == VISITS else ()))
    amounts = [part for measure in MEASURES if measure.fact == fact for part in _sums(measure)]
    query = exp.select(*keys, *(exp.alias_(part, name) for name, part in apart.items()), *amounts)
    groups = exp.Group(
        expressions=[_sets((*keys, "day", "is_nameless"), (*keys, "agent_id", "since"))],
    )
    query = query.where(is_within("entered_at", zone, first, last))
    query.set("group", groups)
    both = _run(connection, scope, fact, query)
    is_by_day = pl.col("is_nameless").is_not_null()
    return Sums(
        both.filter(is_by_day).drop("agent_id", "since"),
        both.filter(~is_by_day, pl.col("agent_id").is_not_null()).drop("day", "is_nameless"),
    )


def _sets(*groupings: tuple[str, ...]) -> exp.GroupingSets:
    """Rows of each of these groupings; what one does not group by is null in its rows."""
    return exp.GroupingSets(
        expressions=[exp.Tuple(expressions=[exp.column(name) for name in names]) for names in groupings]
    )


def version_days(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per version of a guided workflow: first and last day of its visits, and how many they are."""
    entered = exp.column("entered_at")
    query = exp.select(
        *("workflow", "version"),
        local_day(exp.Min(this=entered)).as_("first"),
        local_day(exp.Max(this=entered.copy())).as_("last"),
        exp.Count(this=exp.Star()).as_("visits"),
    )
    return _run(connection, scope, "reportable_visits", query.group_by("workflow", "version"))


def _run(connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str, query: exp.Select) -> pl.DataFrame:
    over = Over(VISITS, date_column(scope, "entered_at"))
    wider = scope.across_steps()  # what was left alone is needed to compare with
    query = query.from_(fact).where("NOT version IS NULL", is_guided(), *conditions(wider, over))
    return run_in_scope(connection, query, wider)


def _stretch(release_list: list[Release], time_zone: str) -> exp.Expr:
    """The day on which the stretch of a visit begins: within one, it is on the same side of every release."""
    days = {
        day for one in release_list for day in (one.start, one.half, one.day, one.end + timedelta(days=1))
    }
    stretch = exp.Case()
    for day in sorted(days, reverse=True):
        is_since = exp.GTE(this=exp.column("entered_at"), expression=midnight(day, time_zone))
        stretch = stretch.when(is_since, exp.cast(exp.Literal.string(day.isoformat()), "date"))
    return stretch


def _sums(measure: Measure) -> list[exp.Expr]:
    value, among = (sqlglot.parse_one(text, dialect=DIALECT) for text in (measure.amount, measure.among))
    amount = _counted(exp.and_(among, value)) if measure.link == "share" else _added(value, among)
    return [
        amount.as_(f"{measure.name} amount", quoted=True),
        _counted(among).as_(f"{measure.name} size", quoted=True),
    ]


def _counted(among: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=among.copy()))


def _added(value: exp.Expr, among: exp.Expr) -> exp.Expr:
    """The sum of the values, 0 without any."""
    # Whole numbers add up to the same in any order.
    scaled = exp.Round(this=exp.Mul(this=value, expression=exp.Literal.number(_FINENESS)))
    # Of visits not asked for, such as those of no time, there need not be a number.
    total = exp.Sum(this=exp.TryCast(this=scaled, to=exp.DataType.build("bigint")))
    added = exp.cast(exp.Filter(this=total, expression=exp.Where(this=among.copy())), "double")
    mean = exp.Div(this=added, expression=exp.Literal.number(_FINENESS))
    return exp.func("coalesce", mean, exp.Literal.number(0))


def definitions(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per defined step of a workflow version, with its `wording`: all that a designer may rewrite."""
    wording = exp.func("concat_ws", exp.Literal.string("|"), *_WORDING, dialect=DIALECT)
    query = exp.select("workflow", "version", "step", "title", exp.alias_(wording, "wording")).from_(
        "workflow_steps"
    )
    return run_query(connection, query)


def rewritten(defined: pl.DataFrame, release: Release) -> set[str]:
    """The steps in both versions of the release that the new one words, types or leads on differently."""
    ours = defined.filter(workflow=release.workflow)
    old, new = (ours.filter(version=version) for version in (release.before, release.after))
    both = old.join(new, on="step", suffix="_now")
    return set(both.filter(pl.col("wording") != pl.col("wording_now"))["step"])


def left_alone(defined: pl.DataFrame, versions: pl.DataFrame, release: Release) -> pl.DataFrame:
    """The steps, by workflow, of released workflows that every version of the weeks compared defines alike.

    None of a workflow released on the same day: what is done to several at once is no usual change. From
    `definitions` and `version_days`.
    """
    together = versions.filter(first=release.day)["workflow"].to_list()
    around = versions.filter(
        pl.col("first") <= release.end,
        pl.col("last") >= release.start,
        ~pl.col("workflow").is_in([*together, *release.untouched]),
    )
    by_step = (
        around.with_columns(versions=pl.len().over("workflow"))
        .join(defined, on=["workflow", "version"])
        .group_by("workflow", "step", "versions")
        .agg(defined=pl.len(), wordings=pl.col("wording").n_unique())
    )
    return by_step.filter(pl.col("defined") == pl.col("versions"), wordings=1).select("workflow", "step")


_WORDING = [exp.cast(exp.column(name), "text") for name in ("title", "type", "next", *MARKS)]


@dataclass(frozen=True)
class Release:
    """A new version of a workflow, and the days around it on which nothing else about it changed."""

    workflow: str
    before: str
    after: str
    day: date
    start: date
    end: date
    """The last day."""
    half: date
    """Where the weeks before are halved: as many days before the release as make whole weeks."""
    untouched: tuple[str, ...]
    """The workflows of which no version was released between `start` and `end`."""


def releases(versions: pl.DataFrame, *, most_weeks: int) -> list[Release]:
    """Every version that followed another of its workflow, in order of workflow and day; from `version_days`.

    A version is released on the first day that it is seen. The days compared reach from the release before to
    the one after, at most so many weeks each way, and no further than the data.
    """
    named_versions = versions.filter(pl.col("workflow").is_not_null()).sort(
        "workflow", "first", "visits", "version"
    )
    by_workflow = {key: group for (key,), group in named_versions.group_by("workflow", maintain_order=True)}
    release_list: list[Release] = []
    last = max(named_versions["last"].to_list(), default=date.min)
    for workflow, group in by_workflow.items():
        names, days = group["version"].to_list(), group["first"].to_list()
        for place in range(1, len(names)):
            day, reach = days[place], timedelta(weeks=most_weeks)
            start = max(days[place - 1], day - reach)
            following = days[place + 1] if place + 1 < len(days) else date.max
            end = min(following - timedelta(days=1), day + reach - timedelta(days=1), last)
            untouched = tuple(
                str(other)
                for other, theirs in by_workflow.items()
                if other != workflow and not any(start < first <= end for first in theirs["first"])
            )
            # Where the old version is younger than the data, its first day is the start.
            begun = max(start, min(named_versions["first"].to_list()))
            weeks_before = -((begun - day).days // 7)
            half = day - timedelta(weeks=-(-weeks_before // 2))
            release_list.append(
                Release(str(workflow), names[place - 1], names[place], day, start, end, half, untouched)
            )
    return release_list
