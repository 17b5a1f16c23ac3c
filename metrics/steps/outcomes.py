"""How tickets with a confused visit end, against those without: an association, never a cause."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.facts.relations import DIALECT
from metrics.query.guidance import is_guided
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.clustering import Floats, Ints
from metrics.statistics.counts import Bools
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.stratified import (
    Compared,
    association,
    mean_difference,
    risk_difference,
    risk_ratio,
)

KEY = ("workflow", "version", "step")
LEAST_TICKETS, LEAST_STRATA = 10, 3
"""Tickets on either side, and strata with both, below which nothing is compared."""
STRATA = ("reason", "channel", "practice")
SHARES = {"reopened": "is_reopened", "low rating": "is_rated_low", "escalated": "is_escalated"}


def outcome_links(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    false_discovery_rate: float = 0.05,
) -> pl.DataFrame:
    """One row per step version and outcome: tickets confused there against those that were not.

    Compared within reason, channel and practice of the agent. Of `reopened`, `low rating` and `escalated`:
    the shares as they are, `difference` in share points and `ratio`, each pooled over the strata, with 95 %
    intervals. Of `resolution time`: the geometric means in minutes and their `ratio` within strata.
    `n_confused` and `n_others` are the tickets of which the outcome is known. `association`: more often,
    less often (longer, shorter), or none shown, at that false-discovery rate over all rows, and never where
    an interval holds no difference. It is null, as is what is pooled, with fewer than ten tickets on a side
    or fewer than three strata that hold both. Tickets are taken as independent of one another. An escalation
    that the definition does not list is itself a sign of confusion: part of that link is by definition.
    Logs of states are left out.
    """
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    query = (
        exp.select(*KEY, *STRATA, "is_confused", *_parsed())
        .from_("step_outcomes")
        .where(is_guided(), *conditions(scope, over))
        .group_by(*KEY, *STRATA, "is_confused")
    )
    cells = run_in_scope(connection, query, scope)
    if cells.is_empty():
        return _EMPTY
    steps = cells.group_by(KEY).agg(pl.col("title").max()).sort(KEY, nulls_last=True).with_row_index("group")
    sums = [name for name in cells.columns if name not in (*KEY, *STRATA, "is_confused", "title")]
    sides = [
        cells.filter(pl.col("is_confused") == side).select(*KEY, *STRATA, *sums) for side in (True, False)
    ]
    strata = (
        sides[0]
        .join(sides[1], on=[*KEY, *STRATA], how="full", coalesce=True, nulls_equal=True, suffix=" others")
        .join(steps, on=KEY, nulls_equal=True)
        .with_columns(pl.col(*sums, *(f"{name} others" for name in sums)).fill_null(0))
        .sort("group", *STRATA, nulls_last=True)
    )
    parts = [_share(strata, steps, name) for name in SHARES] + [_time(strata, steps)]
    return associations(pl.concat(parts), false_discovery_rate).sort(*KEY, "outcome", nulls_last=True)


def associations(rows: pl.DataFrame, rate: float) -> pl.DataFrame:
    """The rows of all outcomes with what is shown of them, all of them under one control."""
    q = adjusted(rows["p"].fill_null(float("nan")).to_numpy())
    is_time = pl.col("outcome") == "resolution time"
    is_shown = pl.col("q") <= rate
    # An interval that is not known contradicts nothing; of times there is the ratio alone.
    above = (pl.col("difference_low") > 0).fill_null(value=True) & (pl.col("ratio_low") > 1).fill_null(
        value=True
    )
    below = (pl.col("difference_high") < 0).fill_null(value=True) & (pl.col("ratio_high") < 1).fill_null(
        value=True
    )
    linked = (
        pl.when(is_shown & above)
        .then(pl.when(is_time).then(pl.lit("longer")).otherwise(pl.lit("more often")))
        .when(is_shown & below)
        .then(pl.when(is_time).then(pl.lit("shorter")).otherwise(pl.lit("less often")))
        .when(pl.col("q").is_not_null())
        .then(pl.lit("none shown"))
    )
    return (
        rows.with_columns(q=pl.Series(q, dtype=pl.Float64).fill_nan(None))
        .with_columns(association=linked)
        .select(_EMPTY.columns)
        .cast(_EMPTY.schema)
    )


def _share(strata: pl.DataFrame, steps: pl.DataFrame, outcome: str) -> pl.DataFrame:
    group = strata["group"].cast(pl.Int64).to_numpy()
    a, n1 = (_numbers(strata, f"{outcome} {what}") for what in ("hits", "n"))
    b, n0 = (_numbers(strata, f"{outcome} {what} others") for what in ("hits", "n"))
    difference = risk_difference(a, n1, b, n0, group, steps.height)
    ratio = risk_ratio(a, n1, b, n0, group, steps.height)
    sums = [_summed(values, group, steps.height) for values in (a, n1, b, n0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = {"confused": sums[0] / sums[1], "others": sums[2] / sums[3]}
    p = association(a, n1, b, n0, group, steps.height, corrected=True)
    enough = _is_enough(n1, n0, group, steps.height)
    return _link_rows(steps, outcome, sums[1], sums[3], shares, p, enough, difference=difference, ratio=ratio)


def _time(strata: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    group = strata["group"].cast(pl.Int64).to_numpy()

    def both(what: str) -> tuple[Floats, Floats]:
        return _numbers(strata, f"time {what}"), _numbers(strata, f"time {what} others")

    totals, squares, sizes = both("sum"), both("squares"), both("n")
    gap = mean_difference(totals, squares, sizes, group, steps.height)
    ratio = Compared(np.exp(gap.estimate), np.exp(gap.low), np.exp(gap.high), gap.p)
    n1, n0 = (_summed(size, group, steps.height) for size in sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = {
            name: np.exp(_summed(total, group, steps.height) / n)
            for name, total, n in zip(("confused", "others"), totals, (n1, n0), strict=True)
        }
    enough = _is_enough(*sizes, group, steps.height)
    return _link_rows(steps, "resolution time", n1, n0, means, gap.p, enough, ratio=ratio)


def _is_enough(n1: Floats, n0: Floats, group: Ints, groups: int) -> Bools:
    """By group: whether there are enough tickets on both sides, and strata that compare them."""
    fewest = np.minimum(_summed(n1, group, groups), _summed(n0, group, groups))
    both = _summed(((n1 > 0) & (n0 > 0)).astype(np.float64), group, groups)
    return np.asarray((fewest >= LEAST_TICKETS) & (both >= LEAST_STRATA))


def _link_rows(
    steps: pl.DataFrame,
    outcome: str,
    n_confused: Floats,
    n_others: Floats,
    levels: dict[str, Floats],
    p: Floats,
    enough: Bools,
    **compared: Compared,
) -> pl.DataFrame:
    pooled = {"p": p}
    for name in ("difference", "ratio"):
        comparison = compared.get(name)
        nothing = np.full(steps.height, np.nan)
        pooled[name] = comparison.estimate if comparison else nothing
        pooled[f"{name}_low"] = comparison.low if comparison else nothing
        pooled[f"{name}_high"] = comparison.high if comparison else nothing
    numbers = levels | {name: np.where(enough, values, np.nan) for name, values in pooled.items()}
    return steps.select(
        *KEY,
        "title",
        outcome=pl.lit(outcome),
        n_confused=pl.Series(n_confused).cast(pl.Int64),
        n_others=pl.Series(n_others).cast(pl.Int64),
        **{
            name: pl.Series(np.where(np.isfinite(values), values, np.nan)).fill_nan(None)
            for name, values in numbers.items()
        },
    )


def _summed(values: Floats, group: Ints, groups: int) -> Floats:
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)


def _numbers(frame: pl.DataFrame, name: str) -> Floats:
    return frame[name].cast(pl.Float64).to_numpy().astype(np.float64)


def _parsed() -> list[exp.Expr]:
    texts = {"title": "max(title)", **_TIME}
    columns = [
        exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name, quoted=True)
        for name, text in texts.items()
    ]
    for name, column in SHARES.items():
        hits = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=exp.column(column)))
        columns += [
            hits.as_(f"{name} hits", quoted=True),
            exp.Count(this=exp.column(column)).as_(f"{name} n", quoted=True),
        ]
    return columns


_TIME = {
    "time n": "count(*) FILTER (WHERE resolution_minutes > 0)",
    # Whole numbers add up to the same in any order.
    "time sum": "coalesce(sum(TRY_CAST(round(ln(resolution_minutes) * 1e9) AS BIGINT)) "
    "FILTER (WHERE resolution_minutes > 0), 0) / 1e9",
    "time squares": "coalesce(sum(TRY_CAST(round(ln(resolution_minutes) ** 2 * 1e9) AS BIGINT)) "
    "FILTER (WHERE resolution_minutes > 0), 0) / 1e9",
}
_EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys((*KEY, "title", "outcome", "association"), pl.String()),
        **dict.fromkeys(("n_confused", "n_others"), pl.Int64()),
        **dict.fromkeys(("confused", "others"), pl.Float64()),
        **dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64()),
        **dict.fromkeys(("ratio", "ratio_low", "ratio_high", "p", "q"), pl.Float64()),
    }
)
