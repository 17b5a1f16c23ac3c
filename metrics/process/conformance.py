"""Whether runs kept to their definition: required steps left out, and moves that it does not allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import RUNS, column
from metrics.facts.relations import DIALECT
from metrics.query.run import run_parallel, run_query
from metrics.query.run_in_scope import list_in_scope, run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column, days
from metrics.query.ticket_prefilter import visiting
from metrics.statistics.intervals import wilson
from metrics.steps.counts import titles

_VERSION = ("workflow", "version")


@dataclass(frozen=True)
class CheckedRuns:
    """What ended runs kept to in a scope, by the local days on which they began."""

    runs: pl.DataFrame
    """One row per workflow version and day `began_on`: how many `runs`; `is_defined` is null or true."""
    broken: pl.DataFrame
    """The rows of `runs_in_breach`, with the day `entered_on` of the step and `began_on` of the run."""

    def between(self, first: date, last: date) -> CheckedRuns:
        """The same of some of the days alone."""
        began, entered = (pl.col(name).is_between(first, last) for name in ("began_on", "entered_on"))
        return CheckedRuns(self.runs.filter(began), self.broken.filter(began & entered))


def check_runs(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> CheckedRuns:
    """What the runs that began in the scope kept to; from it the numbers of any days in it can be told."""
    scope = scope or Scope()
    runs, moved, missed = run_parallel(
        connection,
        [partial(question, scope=scope) for question in (_runs_by_day, _moves_off_path, _steps_missed)],
        as_of=scope.as_of,
    )
    defined = run_query(connection, exp.select(*_VERSION).distinct().from_("step_rules"))
    defined = defined.with_columns(is_defined=pl.lit(1) == 1)
    steps = titles(connection)
    broken = pl.concat([moved, missed], how="vertical_relaxed")
    for names, of in (
        (steps, "step"),
        (steps.rename({"step": "next_step", "title": "next_title"}), "next_step"),
    ):
        broken = broken.join(names, on=[*_VERSION, of], how="left", nulls_equal=True)
    return CheckedRuns(
        runs.join(defined, on=_VERSION, how="left", nulls_equal=True),
        broken.sort("occurred_at", "ticket_id", "run_id", "step", "breach", "next_step"),
    )


def conformance(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per workflow version with ended runs: how many kept to its definition.

    `conforming`: runs without a breach, with `share` and its 95 % interval; the `runs_with_` counts say which
    breaches the others have (a run may have several). Of a version without a definition all of these are
    null: not known. Steps the definition does not know are no breach of their own; the move to them is.
    """
    return by_version(check_runs(connection, scope=scope))


def by_version(checked_runs: CheckedRuns) -> pl.DataFrame:
    """The rows of `conformance`."""
    broken = checked_runs.broken
    kinds = [
        broken.filter(breach=breach)
        .group_by(_VERSION)
        .agg(pl.struct("ticket_id", "run_id").n_unique().alias(column))
        for breach, column in _BREACHES.items()
    ]
    one_run = pl.struct("ticket_id", "run_id").n_unique().alias("in_breach")
    rows = checked_runs.runs.group_by(_VERSION).agg(pl.col("runs").sum(), pl.col("is_defined").first())
    for part in (broken.group_by(_VERSION).agg(one_run), *kinds):
        rows = rows.join(part, on=_VERSION, how="left", nulls_equal=True)
    is_defined = pl.col("is_defined").is_not_null()
    counts = ["in_breach", *_BREACHES.values()]
    rows = rows.with_columns(
        pl.when(is_defined).then(pl.col(name).fill_null(0)).alias(name) for name in counts
    )
    rows = rows.with_columns(conforming=pl.col("runs") - pl.col("in_breach"))
    low, high = wilson(
        rows["conforming"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        np.where(rows["is_defined"].is_null().to_numpy(), 0.0, rows["runs"].cast(pl.Float64).to_numpy()),
    )
    return rows.select(
        *_VERSION,
        pl.col("runs").cast(pl.Int64),
        pl.col("conforming").cast(pl.Int64),
        share=pl.col("conforming") / pl.col("runs"),
        low=pl.Series(low).fill_nan(None),
        high=pl.Series(high).fill_nan(None),
        **{name: pl.col(name).cast(pl.Int64) for name in _BREACHES.values()},
    ).sort(*_VERSION, nulls_last=True)


def by_week(checked_runs: CheckedRuns) -> pl.DataFrame:
    """One row per week from Monday in which runs of defined versions began: their share without a breach.

    `week`, `value`, `n` runs, `low` and `high` of the 95 % interval, in order; ended runs alone.
    """
    week = pl.col("began_on").dt.truncate("1w").alias("week")
    runs = checked_runs.runs.filter(pl.col("is_defined").is_not_null())
    broken = checked_runs.broken.unique(["ticket_id", "run_id"]).join(
        runs.select(run_workflow="workflow", run_version="version").unique(),
        on=["run_workflow", "run_version"],
        how="semi",
        nulls_equal=True,
    )
    weeks = (
        runs.group_by(week)
        .agg(n=pl.col("runs").sum().cast(pl.Int64))
        .join(broken.group_by(week).agg(broken=pl.len().cast(pl.Int64)), on="week", how="left")
        .select("week", "n", kept=pl.col("n") - pl.col("broken").fill_null(0))
        .sort("week")
    )
    low, high = wilson(weeks["kept"].cast(pl.Float64).to_numpy(), weeks["n"].cast(pl.Float64).to_numpy())
    return weeks.select(
        "week", value=pl.col("kept") / pl.col("n"), n="n", low=pl.Series(low), high=pl.Series(high)
    )


def breaches(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per workflow version, breach, step and step gone to instead: in how many runs, most first."""
    return by_step(check_runs(connection, scope=scope))


def by_step(checked_runs: CheckedRuns) -> pl.DataFrame:
    """The rows of `breaches`."""
    return (
        checked_runs.broken.group_by(*_VERSION, "breach", "step", "next_step", "title", "next_title")
        .agg(
            runs=pl.struct("ticket_id", "run_id").n_unique().cast(pl.Int64),
            times=pl.len().cast(pl.Int64),
        )
        .sort("runs", *_VERSION, "breach", "step", "next_step", descending=[True, *[False] * 5])
    )


def runs_in_breach(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per breach of an ended run: ticket, run, step and when, in order of time. It names no agent.

    `breach`: a move from `step` to a `next_step` that its definition does not list, an escalation it does not
    list, a required step that was skipped, or one never reached by a run that finished though every allowed
    way to its last step leads through it. `title`, `next_title`: what the definition calls the two steps.
    """
    return one_by_one(check_runs(connection, scope=scope))


def one_by_one(checked_runs: CheckedRuns) -> pl.DataFrame:
    """The rows of `runs_in_breach`."""
    return checked_runs.broken.drop("run_workflow", "run_version", "began_on", "entered_on")


def _runs_by_day(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    query = _of_runs(scope, *_VERSION).select(exp.Count(this=exp.Star()).as_("runs")).group_by("ALL")
    return run_in_scope(connection, query, scope, tickets=_of_any_day(scope))


def _moves_off_path(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    ended = _of_runs(scope, "ticket_id", "run_id", *_own_version()).subquery("ended")
    query = (
        exp.select(*_parsed(_MOVED), "run_workflow", "run_version", _day(scope).as_("entered_on"), "began_on")
        .from_("off_path_visits")
        .join(ended, using=["ticket_id", "run_id"])
        .where(*_met(scope))
    )
    return list_in_scope(connection, query, scope, tickets=visiting(scope, "off_path"))


def _steps_missed(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    on = [_day(scope).as_(name) for name in ("entered_on", "began_on")]
    query = exp.select(*_parsed(_MISSED), *_own_version(), *on).from_("missed_steps").where(*_met(scope))
    return list_in_scope(connection, query, scope, tickets=_of_any_day(scope))


def _of_any_day(scope: Scope) -> exp.Select | None:
    """The tickets of the scope's filters: looking for those of its days takes longer than to look at all."""
    return visiting(scope.model_copy(update={"start": None, "end": None}))


def _own_version() -> list[exp.Expr]:
    """Of a run, whatever its single visits say."""
    return [exp.column(name).as_(f"run_{name}") for name in _VERSION]


def _of_runs(scope: Scope, *columns: str | exp.Expr) -> exp.Select:
    return exp.select(*columns, _day(scope).as_("began_on")).from_("run_paths").where(*_met(scope))


def _day(scope: Scope) -> exp.Expr:
    return column(
        "day",
        fact=RUNS,
        date=date_column(scope, "entered_at"),
        days=days(scope),
    )


def _met(scope: Scope) -> list[exp.Expr]:
    over = Over(RUNS, date_column(scope, "entered_at"))
    return [exp.true(), *conditions(scope, over)]


def _parsed(columns: dict[str, str]) -> list[exp.Expr]:
    return [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in columns.items()]


_BREACHES = {
    "unlisted next step": "runs_with_unlisted_moves",
    "unlisted escalation": "runs_with_unlisted_escalations",
    "required step skipped": "runs_with_required_skipped",
    "required step never reached": "runs_with_required_missed",
}
_RUN = {name: name for name in (*_VERSION, "ticket_id", "run_id")}
_MOVED = {
    **_RUN,
    "breach": "breach",
    "step": "step",
    "next_step": "next_step",
    "occurred_at": "left_at",
}
_MISSED = {
    **_RUN,
    "breach": "'required step never reached'",
    "step": "required_step",
    "next_step": "CAST(NULL AS VARCHAR)",
    "occurred_at": "entered_at",
}
