"""What the verdict on a version starts from: sums by step, agent and day, and what followed what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.asking import ask
from metrics.dimensions import VISITS, local_day
from metrics.relations import DIALECT
from metrics.scope import Over, Scope, conditions, date_column, parameters
from metrics.statistics.difference_in_differences import Link

_STEPS = ("workflow", "version", "step", "title", "kind")


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
    Measure("run given up", "ended_runs", "share", "abandoned", "TRUE"),
    Measure("reopened", "ended_runs", "share", "is_reopened", "is_first AND is_reopened IS NOT NULL"),
    Measure("low rating", "ended_runs", "share", "is_rated_low", "is_first AND is_rated_low IS NOT NULL"),
)


def daily(connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str) -> pl.DataFrame:
    """One row per workflow version (of visits: and step), agent and local day, with the sums per measure."""
    groups = ("workflow", "version", *(["step"] if fact == VISITS else []), "agent_id")
    own_date = date_column(scope, "entered_at")
    sums: list[exp.Expr] = [
        column for measure in MEASURES if measure.fact == fact for column in _sums(measure)
    ]
    if fact == VISITS:
        sums.append(exp.Max(this=exp.column("title")).as_("title"))
    query = (
        exp.select(*groups, exp.alias_(local_day("entered_at"), "day"), *sums)
        .from_(fact)
        .where("NOT version IS NULL", *conditions(across(scope), Over(VISITS, own_date, "Version verdicts")))
        .group_by(*groups, "day")
    )
    return ask(connection, query, parameters(across(scope), query), as_of=scope.as_of)


def across(scope: Scope) -> Scope:
    """The scope without its choice of workflow: the untouched ones are needed to compare with."""
    kept = tuple((name, values) for name, values in scope.where if name not in _STEPS)
    return scope.model_copy(update={"where": kept})


def _sums(measure: Measure) -> list[exp.Expr]:
    value, among = (sqlglot.parse_one(text, dialect=DIALECT) for text in (measure.amount, measure.among))
    told = exp.cast(value, "double")
    counted = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=among))
    amount = exp.Filter(this=exp.Sum(this=told), expression=exp.Where(this=among.copy()))
    return [
        exp.func("coalesce", amount, exp.Literal.number(0)).as_(f"{measure.name} amount", quoted=True),
        counted.as_(f"{measure.name} size", quoted=True),
    ]


def definitions(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per defined step of a workflow version, with its `wording`: all that a designer may rewrite."""
    wording = exp.func("concat_ws", exp.Literal.string("|"), *_WORDING, dialect=DIALECT)
    query = exp.select("workflow", "version", "step", exp.alias_(wording, "wording")).from_("workflow_steps")
    return ask(connection, query)


def rewritten(defined: pl.DataFrame, release: Release) -> set[str]:
    """The steps in both versions of the release that the new one words, types or leads on differently."""
    ours = defined.filter(workflow=release.workflow)
    old, new = (ours.filter(version=version) for version in (release.before, release.after))
    both = old.join(new, on="step", suffix="_now")
    return set(both.filter(pl.col("wording") != pl.col("wording_now"))["step"])


_WORDING = [
    exp.cast(exp.column(name), "text") for name in ("title", "type", "next", "required", "returns_by_design")
]


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
    untouched: tuple[str, ...]
    """The workflows of which no version was released between `start` and `end`."""


def releases(visits: pl.DataFrame, *, most_weeks: int) -> list[Release]:
    """Every version that followed another of its workflow, in order of workflow and day.

    A version is released on the first day that it is seen. The days compared reach from the release before to
    the one after, at most so many weeks each way.
    """
    seen = visits.group_by("workflow", "version").agg(
        first=pl.col("day").min(), weight=pl.col("confusion size").sum()
    )
    seen = seen.filter(pl.col("workflow").is_not_null()).sort("workflow", "first", "weight", "version")
    versions = {key: group for (key,), group in seen.group_by("workflow", maintain_order=True)}
    last = visits["day"].max()
    found: list[Release] = []
    for workflow, group in versions.items():
        names, days = group["version"].to_list(), group["first"].to_list()
        for place in range(1, len(names)):
            day = days[place]
            reach = timedelta(weeks=most_weeks)
            start = max(days[place - 1], day - reach)
            following = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else last
            end = min(following, day + reach - timedelta(days=1))
            untouched = tuple(
                other
                for other, theirs in versions.items()
                if other != workflow and not any(start < first <= end for first in theirs["first"])
            )
            found.append(
                Release(
                    str(workflow), names[place - 1], names[place], day, start, end, tuple(map(str, untouched))
                )
            )
    return found
