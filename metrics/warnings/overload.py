"""Overload: how many tickets agents work on at once, and how much they work when the desk is closed."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
from scipy.special import stdtrit

from metrics.catalog.dimensions import TICKETS
from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.statistics.clustering import Floats, ratio_variance
from metrics.warnings.counting import grouped
from metrics.warnings.reading import LEAST_AGENTS, UNKNOWN, Reading, numbers, reading

_DATED = (TICKETS, "occurred_at")
_AGENT, _TICKET = "agent_id", "ticket_id"


def work(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    limits: WarningLimits | None = None,
    *,
    are_hours_set: bool = True,
) -> pl.DataFrame:
    """One row per agent: what `in_hand` says, and of `done` things those when the desk was `closed`.

    Nothing is closed, and nothing asked about it, unless somebody has set opening hours.
    """
    limits = limits or WarningLimits()
    pause_us = round(limits.laid_down_minutes * 6e7)
    # Between two moments in the same of these parts of time there is no pause: only whole pieces matter.
    piece = f"floor(epoch_us(occurred_at) / {pause_us})"
    ends = {"began": "epoch_us(min(occurred_at))", "ended": "epoch_us(max(occurred_at))"}
    pieces = grouped(connection, scope, "agent_work", _DATED, (_AGENT, _TICKET, piece), ends)
    held = in_hand(pieces, pause_us, many=limits.many_tickets)
    if not are_hours_set:
        return held.with_columns(closed=pl.lit(0), done=pl.lit(0))
    aggregates = {"closed": "count(*) FILTER (WHERE is_after_hours)", "done": "count(is_after_hours)"}
    hours = grouped(connection, scope, "timed_work", _DATED, (_AGENT,), aggregates)
    return hours.join(held, on=_AGENT, how="left").fill_null(0).sort(_AGENT)


def in_hand(pieces: pl.DataFrame, pause_us: int, *, many: int) -> pl.DataFrame:
    """One row per agent: microseconds with a ticket in hand, those times their number, those with many.

    An agent has a ticket in hand from the first to the last thing done on it, with no longer pause between
    two: one of the `spells`. `pieces`: one row per agent, ticket and piece of work, in order of time (`began`
    and `ended` in microseconds). What was touched once has no length.
    """
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in (_AGENT, _TICKET))
    goes_on = (same & (pl.col("began") - pl.col("ended").shift() <= pause_us)).fill_null(value=False)
    spells = (
        pieces.with_columns(is_first=~goes_on)
        .with_columns(is_last=pl.col("is_first").shift(-1, fill_value=True))
        .filter(~(pl.col("is_first") & pl.col("is_last") & (pl.col("began") == pl.col("ended"))))
    )
    began = spells.filter("is_first").select(_AGENT, at="began", change=pl.lit(1))
    ended = spells.filter("is_last").select(_AGENT, at="ended", change=pl.lit(-1))
    # Whatever an agent begins ends: the number is back at none before the next agent's first ticket.
    levels = (
        pl.concat([began, ended])
        .sort(_AGENT, "at", "change")
        .with_columns(tickets=pl.col("change").cum_sum(), lasts=pl.col("at").shift(-1) - pl.col("at"))
    )
    return (
        levels.group_by(_AGENT)
        .agg(
            busy_us=pl.col("lasts").filter(pl.col("tickets") > 0).sum(),
            ticket_us=(pl.col("lasts") * pl.col("tickets")).sum(),
            crowded_us=pl.col("lasts").filter(pl.col("tickets") > many).sum(),
            spells=(pl.col("change") > 0).sum().cast(pl.Int64),
        )
        .sort(_AGENT)
    )


def workload(work: pl.DataFrame) -> dict[str, Reading]:
    """By measure: `tickets at once`, `time crowded` and `after hours`; not known of fewer than five agents.

    Of the time with any ticket in hand: how many there are on average, and the share with many; n spells.
    `after hours`: the share of what agents did that fell outside opening hours; n events. Intervals are
    clustered by agent.
    """
    work = work.sort("busy_us", "ticket_us", "crowded_us", "closed", "done")  # whatever agents are called
    busy, spells = numbers(work, "busy_us"), float(work["spells"].sum())
    return {
        "tickets at once": _mean(numbers(work, "ticket_us"), busy, spells),
        "time crowded": _mean(numbers(work, "crowded_us"), busy, spells, most=1.0),
        "after hours": _mean(
            numbers(work, "closed"), numbers(work, "done"), float(work["done"].sum()), most=1.0
        ),
    }


def _mean(amounts: Floats, sizes: Floats, n: float, *, most: float = np.inf) -> Reading:
    is_counted = sizes > 0
    agents = int(is_counted.sum())
    if agents < LEAST_AGENTS:
        return UNKNOWN
    one = np.zeros(agents, dtype=np.int64)
    value = float(amounts[is_counted].sum() / sizes[is_counted].sum())
    error = float(np.sqrt(ratio_variance(amounts[is_counted], sizes[is_counted], one, 1)[0]))
    reach = float(stdtrit(agents - 1, 0.975)) * error
    return reading(value, max(value - reach, 0.0), min(value + reach, most), n)
