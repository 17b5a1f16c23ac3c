"""Visits and confused visits in numbers: by step version, and by step version, agent and practice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS, VISITS_WITH_EXPERIENCE
from metrics.catalog.signs import SIGNS
from metrics.facts.relations import DIALECT
from metrics.query.run import run_parallel, run_query
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.clustering import Floats, Ints
from metrics.statistics.counts import BANDS, SETTLED, Counts

KEY = ("workflow", "version", "step")
_AGENT = (*KEY, "agent_id")
EXCESS_TIMES = "excess_times"
"""Visits with their active time beyond the usual: what they cost, and what training would save."""


@dataclass(frozen=True)
class StepCounts:
    """One desk in one scope: `steps` has a row per step version, in the order of their numbers."""

    steps: pl.DataFrame
    counts: Counts
    costs: pl.DataFrame
    """One row per step version, by its `number`, and agent, null where none is known, with confused visits:
    those with a cost (`costed`), their lost time and its squares, the time in which nobody was at work."""
    usual_times: pl.DataFrame
    """One row per step version, by its `number`, that has a usual time: `limit_us`, what a visit may cost."""
    in_use: pl.DataFrame
    """One row per workflow version visited in the period, whatever else is filtered: first and last visit."""


def step_counts(connection: duckdb.DuckDBPyConnection, scope: Scope) -> StepCounts:
    """Everything that the statistics of steps need: a few queries over the visits, however many there are."""
    period = scope.model_copy(update={"where": ()})
    queries: list[tuple[Scope, str, tuple[str, ...], list[exp.Expr], str]] = [
        (scope, VISITS, _AGENT, [*_COUNTS, *_IN_USE, *_SIGN_COUNTS], "TRUE"),
        (scope, VISITS_WITH_EXPERIENCE, (*_AGENT, "practice"), _COUNTS, "TRUE"),
        (scope, EXCESS_TIMES, _AGENT, _COSTS, "is_confused"),
        *([(period, "reportable_visits", ("workflow", "version"), _IN_USE, "TRUE")] if scope.where else []),
    ]
    by_agent, by_practice, costs, *in_use = run_parallel(
        connection,
        [
            partial(_grouped, scope=within, relation=of, groups=by, aggregates=aggregates, among=among)
            for within, of, by, aggregates, among in queries
        ],
        as_of=scope.as_of,
    )
    steps = (
        by_agent.group_by(KEY)
        .agg(pl.exclude(*_AGENT, "first_at", "last_at").sum())
        .join(titles(connection), on=KEY, how="left")
        .sort(KEY)
    )
    number = steps.select(*KEY, number=pl.int_range(pl.len()))
    agents = _agents(by_practice)
    by_practice = by_practice.filter(pl.col("practice").is_not_null())
    by_named_agent = _numbered(by_agent.filter(pl.col("agent_id").is_not_null()), number, agents)
    banded = _numbered(by_practice, number, agents).with_columns(
        band=pl.col("practice").replace_strict(dict(zip(BANDS, range(len(BANDS)), strict=True)))
    )
    entries = pl.concat([_settled(by_named_agent, banded), banded.select(*_ENTRY)]).sort(
        "number", "agent", "band"
    )
    return StepCounts(
        steps,
        Counts(
            step=_ints(entries["number"]),
            agent=_ints(entries["agent"]),
            band=_ints(entries["band"]),
            visits=_floats(entries["visits"]),
            hits=_floats(entries["confused"]),
            steps=steps.height,
            agents=len(agents),
            loose_visits=_loose(by_agent, steps, "visits"),
            loose_hits=_loose(by_agent, steps, "confused"),
        ),
        costs.join(number, on=KEY, nulls_equal=True)
        .drop(KEY)
        .sort("number", "costed", "lost_us", "lost_squares", "agent_id"),
        _usual_times(connection, scope).join(number, on=KEY, nulls_equal=True).drop(KEY).sort("number"),
        (in_use or [by_agent])[0]
        .group_by("workflow", "version")
        .agg(pl.col("first_at").min(), pl.col("last_at").max())
        .sort("workflow", "version"),
    )


def guided_workflows(connection: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, bool]:
    """By workflow, whether it guides agents; else it is a log of states, whose steps have no verdict."""
    query = exp.select("workflow", "is_guided").from_("guided_workflows")
    return dict(run_query(connection, query, as_of=scope.as_of).rows())


def expected_rates(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per defined step: the share of confused visits that its definition expects, null without."""
    query = exp.select(*KEY, exp.Max(this=exp.column("expected_confusion")).as_("expected_confusion"))
    return run_query(connection, query.from_("workflow_steps").group_by(*KEY))


def _usual_times(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    limit = sqlglot.parse_one("max(greatest(usual_us * cost_limit_factor, 6e7))", dialect=DIALECT)
    # The sources that the scope's visits may come from.
    sources = tuple((name, values) for name, values in scope.where if name == "source")
    of_sources = scope.model_copy(update={"where": sources, "start": None, "end": None, "cohort": False})
    query = (
        exp.select(*KEY, limit.as_("limit_us"))
        .from_("usual_times")
        .join("thresholds", join_type="cross")
        .where(exp.true(), *conditions(of_sources, Over(VISITS, "entered_at")))
    )
    return run_in_scope(connection, query.group_by(*KEY), of_sources)


def visited(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per step version visited in the scope: its `title`, null without a definition, and `visits`."""
    counted = exp.Count(this=exp.Star()).as_("visits")
    rows = _grouped(connection, scope, "reportable_visits", KEY, [counted])
    return rows.join(titles(connection), on=KEY, how="left").sort(KEY)


def titles(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per defined step: what its definition calls it. Asked apart: a text per visit takes long."""
    query = exp.select(*KEY, exp.Max(this=exp.column("title")).as_("title")).from_("workflow_steps")
    return run_query(connection, query.group_by(*KEY))


_ENTRY = ("number", "agent", "band", "visits", "confused")


def _agents(by_practice: pl.DataFrame) -> pl.Series:
    """The agents in the order of what they did: pseudonyms differ by key, floats by the order of a sum."""
    row = pl.concat_str(
        pl.col(*KEY, "practice", "visits", "confused").cast(pl.String).fill_null(""), separator="\0"
    )
    visits = by_practice.filter(pl.col("agent_id").is_not_null())
    work = visits.group_by("agent_id").agg(work=row.sort().str.join("\1"))
    return work.sort("work", "agent_id")["agent_id"]


def _settled(by_named_agent: pl.DataFrame, banded: pl.DataFrame) -> pl.DataFrame:
    """What is left of every agent's visits to a step when those of known practice are taken away."""
    apart = banded.group_by("number", "agent").agg(
        visits_apart=pl.col("visits").sum(), hits_apart=pl.col("confused").sum()
    )
    left = by_named_agent.join(apart, on=["number", "agent"], how="left").with_columns(
        visits=pl.col("visits") - pl.col("visits_apart").fill_null(0),
        confused=pl.col("confused") - pl.col("hits_apart").fill_null(0),
        band=pl.lit(SETTLED, pl.Int64),
    )
    return left.filter(pl.col("visits") > 0).select(*_ENTRY)


def _numbered(frame: pl.DataFrame, number: pl.DataFrame, agents: pl.Series) -> pl.DataFrame:
    """The rows with the numbers of their step version and agent instead of names."""
    agent = pl.DataFrame({"agent_id": agents, "agent": np.arange(len(agents))})
    return frame.join(number, on=KEY, nulls_equal=True).join(agent, on="agent_id")


def _loose(by_agent: pl.DataFrame, steps: pl.DataFrame, name: str) -> Floats:
    """By step version, in the order of `steps`: what no agent is recorded for."""
    nobody = by_agent.filter(pl.col("agent_id").is_null()).select(*KEY, loose=name)
    joined = steps.select(*KEY).join(nobody, on=KEY, how="left", nulls_equal=True).sort(KEY)
    return _floats(joined["loose"].fill_null(0))


def _ints(values: pl.Series) -> Ints:
    return values.cast(pl.Int64).to_numpy().astype(np.int64)


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)


def _grouped(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    relation: str,
    groups: tuple[str, ...],
    aggregates: list[exp.Expr],
    among: str = "TRUE",
) -> pl.DataFrame:
    over = Over(VISITS, date_column(scope, "entered_at"))
    query = (
        exp.select(*groups, *(aggregate.copy() for aggregate in aggregates))
        .from_(relation)
        .where(among, *conditions(scope, over), dialect=DIALECT)
        .group_by(*groups)
    )
    return run_in_scope(connection, query, scope)


def _visits_with(sign: str) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=exp.column(sign)))


_COUNTS: list[exp.Expr] = [
    exp.Count(this=exp.Star()).as_("visits"),
    _visits_with("is_confused").as_("confused"),
]
_COSTS: list[exp.Expr] = [
    sqlglot.parse_one(text, dialect=DIALECT).as_(name)
    for name, text in {
        "costed": "count(excess_us)",
        "lost_us": "CAST(coalesce(sum(excess_us), 0) AS BIGINT)",
        # In milliseconds: whole numbers, whose sum does not depend on their order, and no sum too large.
        "lost_squares": "CAST(coalesce(sum((excess_us // 1000) * (excess_us // 1000)), 0) AS DOUBLE)",
        "waiting_us": "CAST(coalesce(sum(waiting_us), 0) AS BIGINT)",
    }.items()
]
_IN_USE: list[exp.Expr] = [
    exp.Min(this=exp.column("entered_at")).as_("first_at"),
    exp.Max(this=exp.column("entered_at")).as_("last_at"),
]
_SIGN_COUNTS: list[exp.Expr] = [
    aggregate.as_(f"{sign.name}_{of}")
    for sign in SIGNS
    for aggregate, of in zip(sign.counts(), ("visits", "n"), strict=True)
]
