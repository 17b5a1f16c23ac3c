"""Overload: how many tickets agents work on at once, and how much they work when the desk is closed."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import sqlglot
from scipy.special import stdtrit
from sqlglot import exp

from metrics.asking import ask
from metrics.dimensions import TICKETS
from metrics.relations import DIALECT
from metrics.scope import Over, Scope, conditions, date_column, parameters
from metrics.statistics.clustering import Floats, ratio_variance
from metrics.warnings.reading import LEAST_AGENTS, UNKNOWN, Reading, asked, numbers, reading

CROWDED = 3
"""More tickets than this at once are many."""
PAUSE_MINUTES = 60
"""After so long without anything done on a ticket, the agent has laid it down."""


def workload(
    connection: duckdb.DuckDBPyConnection, scope: Scope, *, are_hours_set: bool = True
) -> dict[str, Reading]:
    """By measure: `tickets at once`, `time crowded` and `after hours`; not known of fewer than five agents.

    An agent has a ticket in hand from the first to the last thing done on it, with at most an hour between
    two. Of the time with any in hand: how many there are on average, and the share with more than `CROWDED`;
    n stretches of work. `after hours`: the share of what agents did that fell outside opening hours; n
    events. Intervals are clustered by agent.
    """
    spells = _spells(connection, scope).sort("agent_id")
    busy, n = numbers(spells, "busy_us"), float(spells["spells"].sum())
    return {
        "tickets at once": _mean(numbers(spells, "ticket_us"), busy, n),
        "time crowded": _mean(numbers(spells, "crowded_us"), busy, n, most=1.0),
        "after hours": _after_hours(connection, scope) if are_hours_set else UNKNOWN,
    }


def _after_hours(connection: duckdb.DuckDBPyConnection, scope: Scope) -> Reading:
    told = {"closed": "count(*) FILTER (WHERE is_after_hours)", "n": "count(is_after_hours)"}
    done = asked(connection, scope, "timed_work", TICKETS, "occurred_at", ("agent_id",), told)
    done = done.sort("agent_id")
    return _mean(numbers(done, "closed"), numbers(done, "n"), float(done["n"].sum()), most=1.0)


def _mean(amounts: Floats, sizes: Floats, n: float, *, most: float = np.inf) -> Reading:
    kept = sizes > 0
    agents = int(kept.sum())
    if agents < LEAST_AGENTS:
        return UNKNOWN
    one = np.zeros(agents, dtype=np.int64)
    value = float(amounts[kept].sum() / sizes[kept].sum())
    error = float(np.sqrt(ratio_variance(amounts[kept], sizes[kept], one, 1)[0]))
    reach = float(stdtrit(agents - 1, 0.975)) * error
    return reading(value, max(value - reach, 0.0), min(value + reach, most), n)


def _spells(connection: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """One row per agent: time with a ticket in hand, that times their number, that with many, stretches."""
    over = Over(TICKETS, date_column(scope, "occurred_at"), "Warning signs")
    moments = (
        exp.select("agent_id", "ticket_id", "occurred_at")
        .from_("agent_work")
        .where(exp.true(), *conditions(scope, over))
    )
    query = _parsed().copy()
    for table in list(query.find_all(exp.Table)):
        if table.name == "moments":
            table.replace(moments.subquery("moments"))
    return ask(connection, query, parameters(scope, query), as_of=scope.as_of)


def _parsed() -> exp.Select:
    parsed = sqlglot.parse_one(_SPELLS, dialect=DIALECT)
    assert isinstance(parsed, exp.Select)  # noqa: S101 - it is written below
    limits = {"pause_us": PAUSE_MINUTES * 60_000_000, "crowded": CROWDED}
    for place in list(parsed.find_all(exp.Column)):
        if place.name in limits:
            place.replace(exp.Literal.number(limits[place.name]))
    return parsed


_SPELLS = """
SELECT
  agent_id,
  CAST(sum(lasts_us) FILTER (WHERE in_hand > 0) AS DOUBLE) AS busy_us,
  CAST(sum(lasts_us * in_hand) AS DOUBLE) AS ticket_us,
  CAST(coalesce(sum(lasts_us) FILTER (WHERE in_hand > crowded), 0) AS DOUBLE) AS crowded_us,
  CAST(count(*) / 2 AS BIGINT) AS spells
FROM (
  SELECT
    agent_id,
    sum(change) OVER (
      PARTITION BY agent_id ORDER BY changed_at, change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS in_hand,
    coalesce(
      date_diff(
        'microsecond', changed_at, lead(changed_at) OVER (PARTITION BY agent_id ORDER BY changed_at, change)
      ),
      0
    ) AS lasts_us
  FROM (
    SELECT agent_id, unnest([began_at, ended_at]) AS changed_at, unnest([1, -1]) AS change
    FROM (
      SELECT agent_id, min(occurred_at) AS began_at, max(occurred_at) AS ended_at
      FROM (
        SELECT
          agent_id,
          ticket_id,
          occurred_at,
          count(*) FILTER (WHERE begins) OVER (
            PARTITION BY agent_id, ticket_id ORDER BY occurred_at
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          ) AS spell
        FROM (
          SELECT
            agent_id,
            ticket_id,
            occurred_at,
            coalesce(
              date_diff(
                'microsecond',
                lag(occurred_at) OVER (PARTITION BY agent_id, ticket_id ORDER BY occurred_at),
                occurred_at
              ) > pause_us,
              true
            ) AS begins
          FROM moments
        ) AS gaps
      ) AS numbered
      GROUP BY agent_id, ticket_id, spell
      HAVING max(occurred_at) > min(occurred_at)
    ) AS spells
  ) AS edges
) AS levels
GROUP BY agent_id
HAVING sum(lasts_us) FILTER (WHERE in_hand > 0) > 0
"""
