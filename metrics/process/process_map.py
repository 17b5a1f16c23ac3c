"""The moves of a workflow version as its map draws them: what follows what, in which way, and how fast."""

from __future__ import annotations

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.run import run_query
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column

WAYS = ("allowed", "not allowed", "went back", "began", "finished", "given up", "not known")


def moves(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per workflow version, pair of steps and way from the one to the other, the frequent first.

    Counted as `metrics.process.flow.edges` does, from the visits alone. `way`: allowed or not allowed by the
    definition, went back (allowed everywhere), not known without a definition; began, from no step to a run's
    first; finished or given up, from its last to none. `confused`: moves whose visit to the step left was
    confused, null in a log of states; `at_once`: moves back within the quick-back time; `share`: of all ways
    out of the step (of all beginnings). Seconds from entering the step to entering the next, median and 90th
    percentile.
    """
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    columns = {**_GROUPS, **_AGGREGATES}
    parsed = [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in columns.items()]
    query = exp.select(*_KEY, *parsed).from_(VISITS).where(exp.true(), *conditions(scope, over))
    query = query.group_by(*_KEY, *(sqlglot.parse_one(text, dialect=DIALECT) for text in _GROUPS.values()))
    counts = run_in_scope(connection, query, scope)
    rows = pl.concat(
        [_beginnings(counts), _between(counts, definitions(connection))], how="diagonal_relaxed"
    ).with_columns(
        share=pl.col("moves") / pl.col("moves").sum().over("workflow", "version", "step"),
        seconds=pl.col("us") / 1e6,
        seconds_p90=pl.col("us_p90") / 1e6,
    )
    ordered = ("workflow", "version", "moves", "step", "next_step", "way")
    return (
        rows.select(_SCHEMA.names())
        .cast(_SCHEMA)
        .sort(*ordered, descending=[False, False, True, False, False, False])
    )


def definitions(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row per step of a defined workflow version, in the order of the definition."""
    query = exp.select("workflow", "version", "workflow_title", "position", "step", "title", "type", "next")
    return run_query(connection, query.from_("workflow_steps")).sort("workflow", "version", "position")


def order_of_steps(defined: list[str], variants: pl.DataFrame, visited: list[str]) -> tuple[str, ...]:
    """The definition's order; other steps by the mean place of their first visit in a run (of `variants`)."""
    firsts = (
        variants.select("runs", "path", place=pl.int_ranges(pl.col("path").list.len()))
        .with_row_index("variant")
        .explode("path", "place")
        .group_by("variant", "runs", "path")
        .agg(pl.col("place").min())
        .group_by("path")
        .agg(mean=(pl.col("place") * pl.col("runs")).sum() / pl.col("runs").sum())
        .sort("mean", "path")
    )
    order = dict.fromkeys([*defined, *firsts["path"].to_list(), *sorted(visited)])
    return tuple(step for step in order if step in set(visited))


def visited_versions(steps: pl.DataFrame) -> pl.DataFrame:
    """One row per workflow version of ranked steps: workflow and version, the most visited first."""
    visited = steps.group_by("workflow", "version").agg(pl.col("visits").sum())
    ranked = visited.sort("visits", "workflow", "version", descending=[True, False, False], nulls_last=True)
    return ranked.select("workflow", "version")


def with_repeats(steps: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """The steps with `again`: how often one was entered straight from itself."""
    repeats = moves.filter(pl.col("step") == pl.col("next_step")).group_by("step")
    rows = steps.join(repeats.agg(again=pl.col("moves").sum()), on="step", how="left")
    return rows.with_columns(pl.col("again").fill_null(0))


def _beginnings(counts: pl.DataFrame) -> pl.DataFrame:
    first = counts.filter(pl.col("begun") > 0).group_by("workflow", "version", next_step="step")
    return first.agg(moves=pl.col("begun").sum()).with_columns(
        step=pl.lit(None, pl.String), way=pl.lit("began"), confused=pl.lit(0), at_once=pl.lit(0)
    )


def _between(counts: pl.DataFrame, defined: pl.DataFrame) -> pl.DataFrame:
    """Moves from step to step, and from a run's last step out of it."""
    next_steps = defined.select("workflow", "version", "step", "next").with_columns(is_defined=pl.lit(1) == 1)
    way = (
        pl.when(pl.col("next_step").is_null() & pl.col("is_given_up"))
        .then(pl.lit("given up"))
        .when(pl.col("next_step").is_null())
        .then(pl.lit("finished"))
        .when("is_back")
        .then(pl.lit("went back"))
        .when(pl.col("is_defined").is_null())
        .then(pl.lit("not known"))
        .when(pl.col("next").list.contains(pl.col("next_step")))
        .then(pl.lit("allowed"))
        .otherwise(pl.lit("not allowed"))
    )
    return counts.join(
        next_steps, on=["workflow", "version", "step"], how="left", nulls_equal=True
    ).with_columns(way=way)


_KEY = ("workflow", "version", "step", "next_step")
_GROUPS = {
    "is_back": "is_left_by_going_back AND NOT next_step IS NULL",
    "is_given_up": "abandoned AND next_step IS NULL",
}
_AGGREGATES = {
    "moves": "count(*)",
    "begun": "count(*) FILTER (WHERE visit_number = 1)",
    "confused": "CASE WHEN count(is_confused) > 0 THEN count(*) FILTER (WHERE is_confused) END",
    "at_once": "count(*) FILTER (WHERE is_left_at_once)",
    "us": "median(dwell_us)",
    "us_p90": "quantile_cont(dwell_us, 0.9)",
}
_SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("workflow", "version", "step", "next_step", "way"), pl.String()),
        **dict.fromkeys(("moves", "confused", "at_once"), pl.Int64()),
        **dict.fromkeys(("share", "seconds", "seconds_p90"), pl.Float64()),
    }
)
