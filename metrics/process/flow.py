"""How runs really flow: directly-follows graph, variants, rework, ping-pong, times; per workflow version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import CONTACTS, RUNS, VISITS
from metrics.facts.relations import DIALECT
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.small_groups import hidden_groups
from metrics.query.ticket_prefilter import visiting

_US = 1e6


@dataclass(frozen=True)
class Runs:
    """Which runs are looked at: those that begin, and that end, with one of these steps; all without."""

    starts: Collection[str] = ()
    ends: Collection[str] = ()


ALL_RUNS = Runs()


def edges(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, runs: Runs = ALL_RUNS
) -> pl.DataFrame:
    """One row per workflow version and pair of steps that follow one another directly, the frequent first.

    `moves`: how often, in how many `runs`; `share`: of all ways out of the step. A null `step` is the start
    of runs, a null `next_step` their end. `going_back`: moves made by going back. Times from entering the
    step to entering the next, in seconds: `throughput_` median and 90th percentile; its parts `processing_`
    and `waiting_` (medians, null where the data does not tell when the work on the step was over).
    `handed_over_share`: moves that change the agent, of those `handed_over_n` where both are known.

    W. M. P. van der Aalst, A practitioner's guide to process mining: limitations of the directly-follows
    graph, Procedia Computer Science 164, 2019, p. 321.
    """
    moves = _grouped(connection, scope or Scope(), "moves", "entered_at", runs, _EDGES, ("step", "next_step"))
    starts = _grouped(
        connection, scope or Scope(), "moves", "entered_at", runs, _STARTS, ("step",), "previous_step IS NULL"
    )
    begun = starts.select(
        "workflow", "version", step=pl.lit(None, pl.String), next_step="step", moves="moves", runs="moves"
    )
    all_moves = pl.concat([moves, begun], how="diagonal_relaxed")
    return (
        all_moves.with_columns(
            share=pl.col("moves") / pl.col("moves").sum().over("workflow", "version", "step"),
            handed_over_share=pl.when(pl.col("both_agents") > 0).then(
                pl.col("handed_over") / pl.col("both_agents")
            ),
            handed_over_n=pl.col("both_agents").fill_null(0),
            **_seconds("throughput", "throughput_p90", "processing", "waiting"),
        )
        .select(_EDGE_SCHEMA.names())
        .cast(_EDGE_SCHEMA)
        .sort(
            "workflow", "version", "moves", "step", "next_step", descending=[False, False, True, False, False]
        )
    )


def steps(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, runs: Runs = ALL_RUNS
) -> pl.DataFrame:
    """One row per step version: its times and its rework, in the order of workflow, version and visits.

    `again`: visits to a step that their run had been at before, of which `self_loops` came from the step
    itself, `repeated_by_same` were made by the agent of the last time and `redone_by_another` by somebody
    else (the rest is not recorded); `runs_again`: runs with one at least. Going back is counted in. Terms as
    in G. Janssenswillen and others, bupaR, Knowledge-Based Systems 163, 2019, p. 927.
    """
    rows = _grouped(connection, scope or Scope(), "moves", "entered_at", runs, _STEPS, ("step",))
    return (
        rows.with_columns(
            again_share=pl.col("again") / pl.col("visits"),
            **_seconds("throughput", "throughput_p90", "processing", "waiting"),
        )
        .select(_STEP_SCHEMA.names())
        .cast(_STEP_SCHEMA)
        .sort("workflow", "version", "visits", "step", descending=[False, False, True, False])
    )


def variants(
    connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None, runs: Runs = ALL_RUNS
) -> pl.DataFrame:
    """One row per way through a workflow version that an ended run took, the most frequent first.

    `share` and `share_so_far` are of the version's ended runs; `median_seconds`: from first step to end.
    """
    rows = _grouped(connection, scope or Scope(), "run_paths", "entered_at", runs, _VARIANTS, ("path",))
    ordered = rows.sort(
        "workflow", "version", "runs", "path", descending=[False, False, True, False], nulls_last=True
    )
    version_runs = pl.col("runs").sum().over("workflow", "version")
    return ordered.select(
        "workflow",
        "version",
        "path",
        pl.col("runs").cast(pl.Int64),
        share=pl.col("runs") / version_runs,
        share_so_far=pl.col("runs").cum_sum().over("workflow", "version") / version_runs,
        median_seconds=pl.col("median_us") / _US,
    )


def ping_pong(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per pair of teams that handed tickets over, the most returns first.

    `hand_overs` from the one to the other, on how many `tickets`; `returns`: those that gave the ticket back
    to the team that had just handed it on; `median_hours` until the ticket was handed on again. Pairs with a
    team too small to be shown are left out.
    """
    scope = scope or Scope()
    query = _hand_overs(scope).select("from_team", "to_team", append=True).group_by("from_team", "to_team")
    rows = run_in_scope(connection, query, scope)
    hidden = list(hidden_groups(connection, "team", scope=scope))
    is_shown = ~pl.any_horizontal(pl.col("from_team", "to_team").is_in(hidden))
    return (
        rows.filter(is_shown)
        .select(
            "from_team",
            "to_team",
            *(pl.col(name).cast(pl.Int64) for name in ("hand_overs", "tickets", "returns")),
            return_share=pl.col("returns") / pl.col("hand_overs"),
            median_hours=pl.col("median_us") / _US / 3600,
        )
        .sort("returns", "hand_overs", "from_team", "to_team", descending=[True, True, False, False])
    )


def ping_pong_total(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row over all pairs of teams, those that are not shown, too; without any hand-over none."""
    scope = scope or Scope()
    rows = run_in_scope(connection, _hand_overs(scope), scope).filter(pl.col("hand_overs") > 0)
    return rows.select(
        *(pl.col(name).cast(pl.Int64) for name in ("hand_overs", "tickets", "returns")),
        return_share=pl.col("returns") / pl.col("hand_overs"),
        median_hours=pl.col("median_us") / _US / 3600,
    )


def _hand_overs(scope: Scope) -> exp.Select:
    # A turn tells the same of its ticket as a contact does.
    over = Over(CONTACTS, date_column(scope, "began_at"))
    return (
        exp.select(*_parsed(_HAND_OVERS))
        .from_("team_turns")
        .where("NOT from_team IS NULL", *conditions(scope, over))
    )


def _grouped(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    relation: str,
    own_date: str,
    runs: Runs,
    aggregates: dict[str, str],
    by: tuple[str, ...],
    *more: str,
) -> pl.DataFrame:
    groups = ("workflow", "version", *by)
    fact = RUNS if relation == "run_paths" else VISITS
    bounds = {name: list(values) for name, values in (("starts", runs.starts), ("ends", runs.ends)) if values}
    query = (
        exp.select(*groups, *_parsed(aggregates))
        .from_(relation)
        .where(
            exp.true(),
            *more,
            *(_among(name) for name in bounds),
            *conditions(scope, Over(fact, date_column(scope, own_date))),
        )
        .group_by(*groups)
    )
    tickets = visiting(scope)
    return run_in_scope(connection, query, scope, values=bounds, tickets=tickets)


def _among(name: str) -> exp.Expr:
    """The run begins, or ends, with one of the steps named."""
    column = {"starts": "first_step", "ends": "last_step"}[name]
    return exp.func(
        "list_contains",
        exp.cast(exp.Placeholder(this=name), "text[]", dialect=DIALECT),
        exp.column(column),
        dialect=DIALECT,
    )


def _parsed(columns: dict[str, str]) -> list[exp.Expr]:
    return [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in columns.items()]


def _seconds(*names: str) -> dict[str, pl.Expr]:
    return {f"{name}_seconds": pl.col(f"{name}_us") / _US for name in names}


_TIMES = {
    "throughput_us": "median(dwell_us)",
    "throughput_p90_us": "quantile_cont(dwell_us, 0.9)",
    "processing_us": "median(processing_us)",
    "waiting_us": "median(waiting_us)",
}
_RUNS = "count(DISTINCT struct_pack(ticket_id := ticket_id, run_id := run_id))"
_EDGES = {
    "moves": "count(*)",
    "runs": _RUNS,
    "going_back": "count(*) FILTER (WHERE is_left_by_going_back AND NOT next_step IS NULL)",
    "both_agents": "count(*) FILTER (WHERE NOT agent_id IS NULL AND NOT next_agent_id IS NULL)",
    "handed_over": "count(*) FILTER (WHERE agent_id <> next_agent_id)",
    **_TIMES,
}
_STARTS = {"moves": "count(*)"}
_STEPS = {
    "title": "max(title)",
    "visits": "count(*)",
    "runs": _RUNS,
    "again": "count(*) FILTER (WHERE is_again)",
    "self_loops": "count(*) FILTER (WHERE is_again_at_once)",
    "repeated_by_same": "count(*) FILTER (WHERE again_by = 'same agent')",
    "redone_by_another": "count(*) FILTER (WHERE again_by = 'another agent')",
    "runs_again": "count(*) FILTER (WHERE time_here = 2)",
    **_TIMES,
}
_VARIANTS = {"runs": "count(*)", "median_us": "median(run_us)"}
_HAND_OVERS = {
    "hand_overs": "count(*)",
    "tickets": "count(DISTINCT ticket_id)",
    "returns": "count(*) FILTER (WHERE is_return)",
    "median_us": "median(date_diff('microsecond', began_at, handed_on_at))",
}
_TIME_SCHEMA = dict.fromkeys(
    ("throughput_seconds", "throughput_p90_seconds", "processing_seconds", "waiting_seconds"), pl.Float64()
)
_EDGE_SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("workflow", "version", "step", "next_step"), pl.String()),
        **dict.fromkeys(("moves", "runs"), pl.Int64()),
        "share": pl.Float64(),
        "going_back": pl.Int64(),
        "handed_over_share": pl.Float64(),
        "handed_over_n": pl.Int64(),
        **_TIME_SCHEMA,
    }
)
_STEP_SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("workflow", "version", "step", "title"), pl.String()),
        **dict.fromkeys(("visits", "runs", "again"), pl.Int64()),
        "again_share": pl.Float64(),
        **dict.fromkeys(("self_loops", "repeated_by_same", "redone_by_another", "runs_again"), pl.Int64()),
        **_TIME_SCHEMA,
    }
)
