"""Whether runs kept to their definition: required steps left out, and moves that it does not allow."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.asking import ask
from metrics.dimensions import VISITS, column
from metrics.intervals import wilson
from metrics.relations import DIALECT
from metrics.scope import Over, Scope, conditions, date_column, parameters
from metrics.step_counts import titles
from metrics.visiting import visiting

_VERSION = ("workflow", "version")


def conformance(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, broken: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per workflow version with ended runs: how many kept to its definition.

    `broken`: what `runs_in_breach` found in the scope, where that is known already.

    `conforming`: runs without a breach, with `share` and its 95 % interval; the `runs_with_` counts say which
    breaches the others have (a run may have several). Of a version without a definition all of these are
    null: not known. Steps the definition does not know are no breach of their own; the move to them is.
    """
    versions = _asked(connection, scope or Scope(), "run_paths", {"runs": "count(*)"}, _VERSION)
    defined = ask(connection, exp.select(*_VERSION).distinct().from_("step_rules"))
    broken = runs_in_breach(connection, scope=scope) if broken is None else broken
    kinds = [
        broken.filter(breach=breach)
        .group_by(_VERSION)
        .agg(pl.struct("ticket_id", "run_id").n_unique().alias(column))
        for breach, column in _BREACHES.items()
    ]
    one_run = pl.struct("ticket_id", "run_id").n_unique().alias("in_breach")
    told = versions.join(
        defined.with_columns(is_defined=pl.lit(1) == 1), on=_VERSION, how="left", nulls_equal=True
    )
    for part in (broken.group_by(_VERSION).agg(one_run), *kinds):
        told = told.join(part, on=_VERSION, how="left", nulls_equal=True)
    known = pl.col("is_defined").is_not_null()
    counts = ["in_breach", *_BREACHES.values()]
    told = told.with_columns(pl.when(known).then(pl.col(name).fill_null(0)).alias(name) for name in counts)
    told = told.with_columns(conforming=pl.col("runs") - pl.col("in_breach"))
    low, high = wilson(
        told["conforming"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        np.where(told["is_defined"].is_null().to_numpy(), 0.0, told["runs"].cast(pl.Float64).to_numpy()),
    )
    return told.select(
        *_VERSION,
        pl.col("runs").cast(pl.Int64),
        pl.col("conforming").cast(pl.Int64),
        share=pl.col("conforming") / pl.col("runs"),
        low=pl.Series(low).fill_nan(None),
        high=pl.Series(high).fill_nan(None),
        **{name: pl.col(name).cast(pl.Int64) for name in _BREACHES.values()},
    ).sort(*_VERSION, nulls_last=True)


def conformance_by_week(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, broken: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per week from Monday in which runs of defined versions began: their share without a breach.

    `week`, `value`, `n` runs, `low` and `high` of the 95 % interval, in order; ended runs alone.
    """
    asked = scope or Scope()
    week = column("week", fact=VISITS, date=date_column(asked, "entered_at"), asked_for="Conformance")
    query = exp.select(*_VERSION, "ticket_id", "run_id", exp.alias_(week, "week")).from_("run_paths")
    query = query.where(exp.true(), *_met(asked))
    runs = ask(connection, query, parameters(asked, query), as_of=asked.as_of)
    defined = ask(connection, exp.select(*_VERSION).distinct().from_("step_rules"))
    broken = runs_in_breach(connection, scope=asked) if broken is None else broken
    told = runs.join(defined, on=_VERSION, how="semi", nulls_equal=True).join(
        broken.select("ticket_id", "run_id").unique().with_columns(is_broken=pl.lit(1)),
        on=["ticket_id", "run_id"],
        how="left",
    )
    weeks = (
        told.group_by("week")
        .agg(kept=pl.col("is_broken").is_null().sum(), n=pl.len().cast(pl.Int64))
        .sort("week")
    )
    low, high = wilson(weeks["kept"].cast(pl.Float64).to_numpy(), weeks["n"].cast(pl.Float64).to_numpy())
    return weeks.select(
        "week", value=pl.col("kept") / pl.col("n"), n="n", low=pl.Series(low), high=pl.Series(high)
    )


def breaches(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, broken: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per workflow version, breach, step and step gone to instead: in how many runs, most first."""
    found = runs_in_breach(connection, scope=scope) if broken is None else broken
    return (
        found.group_by(*_VERSION, "breach", "step", "next_step", "title", "next_title")
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
    asked = scope or Scope()
    runs = exp.select("ticket_id", "run_id").from_("run_paths").where(exp.true(), *_met(asked))
    run = exp.Tuple(expressions=[exp.column("ticket_id"), exp.column("run_id")])
    ended = exp.In(this=run, query=runs.subquery())
    found = pl.concat(
        [
            _asked(connection, asked, "off_path_visits", _MOVED, (), ended, signs=("off_path",)),
            _asked(connection, asked, "missed_steps", _MISSED, ()),
        ],
        how="vertical_relaxed",
    )
    steps = titles(connection)
    going = steps.rename({"step": "next_step", "title": "next_title"})
    told = found.select(*_VERSION, "ticket_id", "run_id", "breach", "step", "next_step", "occurred_at")
    for names, of in ((steps, "step"), (going, "next_step")):
        told = told.join(names, on=[*_VERSION, of], how="left", nulls_equal=True)
    return told.sort("occurred_at", "ticket_id", "run_id", "step", "breach", "next_step")


def _asked(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    relation: str,
    told: dict[str, str],
    by: tuple[str, ...],
    *more: exp.Expr,
    signs: tuple[str, ...] = (),
) -> pl.DataFrame:
    """`signs`: only visits that show one are asked for, so that other tickets need not be looked at."""
    query = exp.select(*by, *_parsed(told)).from_(relation).where(exp.true(), *_met(scope), *more)
    query = query.group_by(*by) if by else query
    tickets = visiting(scope, *signs)
    values = parameters(scope, query) | (parameters(scope, tickets) if tickets else {})
    return ask(connection, query, values, as_of=scope.as_of, tickets=tickets)


def _met(scope: Scope) -> list[exp.Expr]:
    return conditions(scope, Over(VISITS, date_column(scope, "entered_at"), "Conformance"))


def _parsed(told: dict[str, str]) -> list[exp.Expr]:
    return [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in told.items()]


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
