"""How tickets with a confused visit end, against those without: an association, never a cause."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.dimensions import VISITS, local_day
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
from metrics.statistics.stratified_clusters import (
    Clustering,
    Effect,
    exponential,
    least_sure,
    logarithm,
    moderated_effect,
    widened,
)

KEY = ("workflow", "version", "step")
LEAST_TICKETS, LEAST_STRATA = 10, 3
"""Tickets on either side, and strata with both, below which nothing is compared."""
STRATA = ("reason", "channel", "practice")
CLUSTERS = ("agent", "customer", "day")
"""Whose tickets resemble one another."""
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
    intervals, both ends null where one is not known. Of `resolution time`: the geometric means in minutes and
    their `ratio` within strata.
    `n_confused` and `n_others` are the tickets of which the outcome is known. Intervals and chances are as
    wide as the tickets of one agent, customer or day make them, whichever is widest. `association`: more
    often, less often (longer, shorter), or none shown, at that false-discovery rate over all rows, and never
    where an interval holds no difference. It is null, as is what is pooled, with fewer than ten tickets on a
    side or fewer than three strata that hold both. An escalation that the definition does not list is itself
    a sign of confusion: part of that link is by definition. Logs of states are left out.
    """
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    query = (
        exp.select(
            *KEY, *STRATA, "is_confused", *SHARES.values(), local_day("entered_at").as_("day"), *_parsed()
        )
        .from_("step_outcomes")
        .where(is_guided(), *conditions(scope, over))
    )
    tickets = run_in_scope(connection, query, scope)
    return _EMPTY if tickets.is_empty() else links(tickets, false_discovery_rate)


def compared_links(links: pl.DataFrame) -> pl.DataFrame:
    """The links that were compared: first those that are shown, the surest first, then those that are not."""
    return links.filter(pl.col("association").is_not_null()).sort(
        pl.col("association") == "none shown", "q", *KEY, "outcome", nulls_last=True
    )


def links(tickets: pl.DataFrame, rate: float) -> pl.DataFrame:
    """The links of tickets, one row per ticket and step version; of their resolution the logarithm."""
    steps = (
        tickets.group_by(KEY).agg(pl.col("title").max()).sort(KEY, nulls_last=True).with_row_index("group")
    )
    tickets = tickets.join(steps.drop("title"), on=KEY, nulls_equal=True, maintain_order="left")
    compared = tickets.select("group", *STRATA).unique().sort("group", *STRATA, nulls_last=True)
    tickets = tickets.join(
        compared.with_row_index("stratum"), on=("group", *STRATA), nulls_equal=True, maintain_order="left"
    ).with_columns(pl.col(CLUSTERS).rank("dense"))
    strata = tickets.group_by("group", "stratum").agg(*_sums()).sort("stratum")
    parts = [_share(tickets, strata, steps, name) for name in SHARES] + [_time(tickets, strata, steps)]
    return associations(pl.concat(parts), rate).sort(*KEY, "outcome", nulls_last=True)


def associations(rows: pl.DataFrame, rate: float) -> pl.DataFrame:
    """The rows of all outcomes with what is shown of them, all of them under one control."""
    # Outcomes of the same tickets go along with one another in ways that nobody knows.
    q = adjusted(rows["p"].fill_null(float("nan")).to_numpy(), dependence="any")
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


def _share(tickets: pl.DataFrame, strata: pl.DataFrame, steps: pl.DataFrame, outcome: str) -> pl.DataFrame:
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
    effects = _effects(tickets, pl.col(SHARES[outcome]), enough & np.isfinite(p))
    return _link_rows(
        *(steps, outcome, sums[1], sums[3], shares, least_sure(p, effects), enough),
        difference=widened(difference, effects),
        ratio=exponential(widened(logarithm(ratio), effects)),
    )


def _time(tickets: pl.DataFrame, strata: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    group = strata["group"].cast(pl.Int64).to_numpy()

    def both(what: str, parts: float = 1.0) -> tuple[Floats, Floats]:
        return _numbers(strata, f"time {what}") / parts, _numbers(strata, f"time {what} others") / parts

    totals, squares, sizes = both("sum", _PARTS), both("squares", _PARTS), both("n")
    gap = mean_difference(totals, squares, sizes, group, steps.height)
    enough = _is_enough(*sizes, group, steps.height)
    effects = _effects(tickets, _LOGARITHM, enough & np.isfinite(gap.p))
    gap = widened(gap, effects)
    n1, n0 = (_summed(size, group, steps.height) for size in sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = {
            name: np.exp(_summed(total, group, steps.height) / n)
            for name, total, n in zip(("confused", "others"), totals, (n1, n0), strict=True)
        }
    return _link_rows(steps, "resolution time", n1, n0, means, gap.p, enough, ratio=exponential(gap))


def _effects(tickets: pl.DataFrame, value: pl.Expr, lends: Bools) -> list[Effect]:
    """By step, how much the tickets of one agent, customer or day widen what is said of an outcome."""
    compared = tickets.with_columns(value=value.cast(pl.Float64)).filter(pl.col("value").is_not_null())
    clustering = Clustering(
        compared["group"].cast(pl.Int64).to_numpy(),
        compared["stratum"].cast(pl.Int64).to_numpy(),
        [compared[name].cast(pl.Int64).to_numpy() for name in CLUSTERS],
        len(lends),
    )
    effects = clustering.design_effects(compared["is_confused"].to_numpy(), compared["value"].to_numpy())
    return [moderated_effect(effect, lends) for effect in effects]


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
        low, high = (comparison.low, comparison.high) if comparison else (nothing, nothing)
        is_interval = np.isfinite(low) & np.isfinite(high)  # half of one would look like knowledge
        pooled[f"{name}_low"] = np.where(is_interval, low, np.nan)
        pooled[f"{name}_high"] = np.where(is_interval, high, np.nan)
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
    return [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in _COLUMNS.items()]


_COLUMNS = {
    "title": "title",
    # Nobody recorded is nobody's colleague.
    "agent": "coalesce(agent_id, ticket_id)",
    "customer": "coalesce(customer_id, ticket_id)",
    # The logarithm in whole parts of a thousand millionth, which add up to the same in any order.
    "time": "CASE WHEN resolution_minutes > 0 THEN CAST(round(ln(resolution_minutes) * 1e9) AS BIGINT) END",
}
_PARTS = 1e9
_LOGARITHM = pl.col("time") / _PARTS


def _sums() -> list[pl.Expr]:
    """Of each stratum: the tickets with an outcome and those of which it is known, on either side."""
    amounts = {f"{name} hits": pl.col(column).cast(pl.Int64) for name, column in SHARES.items()}
    amounts |= {f"{name} n": pl.col(column).is_not_null().cast(pl.Int64) for name, column in SHARES.items()}
    amounts |= {"time n": pl.col("time").is_not_null().cast(pl.Int64)}
    amounts |= {"time sum": pl.col("time"), "time squares": (_LOGARITHM**2 * _PARTS).round().cast(pl.Int64)}
    is_confused = pl.col("is_confused")
    return [
        amount.filter(is_side).sum().alias(name + suffix)
        for suffix, is_side in (("", is_confused), (" others", ~is_confused))
        for name, amount in amounts.items()
    ]


_EMPTY = pl.DataFrame(
    schema={
        **dict.fromkeys((*KEY, "title", "outcome", "association"), pl.String()),
        **dict.fromkeys(("n_confused", "n_others"), pl.Int64()),
        **dict.fromkeys(("confused", "others"), pl.Float64()),
        **dict.fromkeys(("difference", "difference_low", "difference_high"), pl.Float64()),
        **dict.fromkeys(("ratio", "ratio_low", "ratio_high", "p", "q"), pl.Float64()),
    }
)
