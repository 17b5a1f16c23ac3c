"""Which group of tickets, or of practice, holds the confused visits of a step beyond the usual."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import VISITS, VISITS_WITH_EXPERIENCE, custom_value
from metrics.facts.relations import DIALECT
from metrics.query.complements import reportable_groups
from metrics.query.scope import Scope
from metrics.statistics.evidence import LEAST_GROUP
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.step_groups import StepGroups
from metrics.steps.counts import KEY
from metrics.steps.group_counts import group_counts, least_shown

NEARLY_ALL = 0.9
"""Of the visits: a group that has more of them is hardly a part."""
FALSE_DISCOVERY_RATE = 0.05
HOLDERS = ("reason", "channel", "team", "priority", "practice", "source")


def holders(
    connection: duckdb.DuckDBPyConnection,
    by: str,
    *,
    scope: Scope | None = None,
    least_agents: int = LEAST_GROUP,
) -> pl.DataFrame:
    """One row per step version and value of `by`: where its confused visits beyond the usual come from.

    `by`: reason, channel, team, priority, source, a dimension of the settings, or practice, the earlier
    visits of the agent there as the lower end of a band. `excess`: confused visits beyond what the rate of
    the step's other visits would give; `excess_share`: of the excess of all the values that have one. The
    interval of the rate is widened for agents seen more than once. `stands_out`: confused more often than
    the step's other visits, beyond chance and beyond what its agents explain, and with at most nine in ten
    of its visits. Of all that stands out at a step, whatever it is divided by, at most 5 % may be chance:
    the values are paid for, and each of the dimensions that can be asked for has its equal part of the 5 %.
    Groups of too few agents are left out, as are bands of fewer than `least_agents`, and so many more that
    the step's total less those shown tells of no fewer. Logs of states have no rows.

    Raises:
        InvalidRequest: another dimension.
    """
    attributes = dict((scope or Scope()).dimensions)
    if by not in HOLDERS and by not in attributes:
        raise InvalidRequest("dimension.does_not_fit", name=by, known=[*HOLDERS, *attributes])
    relation, among = VISITS, "is_guided"
    if by == "practice":
        relation, among = VISITS_WITH_EXPERIENCE, "is_guided AND practice IS NOT NULL"
    held_by = custom_value(attributes[by]).sql(dialect=DIALECT) if by in attributes else by
    entries = group_counts(connection, scope, relation, _COUNTS, {by: held_by, "agent_id": "agent_id"}, among)
    rate = FALSE_DISCOVERY_RATE / len({*HOLDERS, *attributes})
    entries = entries.sort(*KEY, by, "confused", "visits", "agent_id", nulls_last=True)
    rows = _with_standing_out(entries, by, rate)
    total = pl.col("excess").clip(lower_bound=0).sum().over(KEY)
    rows = rows.with_columns(
        excess_share=pl.when(total > 0).then(pl.col("excess").clip(lower_bound=0) / total),
        confusion_rate=pl.col("confused") / pl.col("visits"),
    )
    least = least_shown(connection, scope)
    least = max(least, least_agents) if by == "practice" else least
    if least > 1:
        of_agents = entries.filter(pl.col("agent_id").is_not_null())
        reportable_values = reportable_groups(of_agents, KEY, (by,), least=least).filter("is_shown")
        rows = rows.join(reportable_values.select(*KEY, by), on=[*KEY, by], how="semi", nulls_equal=True)
    return rows.select(
        *KEY,
        pl.col(by).cast(pl.String),
        *(pl.col(name).cast(pl.Int64) for name in ("visits", "confused")),
        *("confusion_rate", "low", "high", "excess", "excess_share", "stands_out"),
    ).sort(*KEY, "excess", by, descending=[False, False, False, True, False], nulls_last=True)


def _with_standing_out(entries: pl.DataFrame, by: str, rate: float) -> pl.DataFrame:
    """One row per step version and value of `by`, from sorted entries of these and agents.

    With its interval, its excess, and whether it stands out where that share of the findings may be chance.
    """
    rows = (
        entries.group_by(*KEY, by, maintain_order=True)
        .agg(pl.col("visits", "confused").sum())
        .with_row_index("group")
        .with_columns(place=pl.struct(KEY).rank("dense").cast(pl.Int64) - 1)
    )
    of_agents = (
        entries.filter(pl.col("agent_id").is_not_null())
        .join(rows.select(*KEY, by, "group", "place"), on=[*KEY, by], nulls_equal=True, maintain_order="left")
        .with_columns(agent=pl.struct("place", "agent_id").rank("dense").cast(pl.Int64) - 1)
    )
    step = rows["place"].to_numpy()
    groups = StepGroups(
        step=step,
        hits=_numbers(rows, "confused"),
        visits=_numbers(rows, "visits"),
        group=of_agents["group"].cast(pl.Int64).to_numpy(),
        agent=of_agents["agent"].to_numpy(),
        agent_hits=_numbers(of_agents, "confused"),
        agent_visits=_numbers(of_agents, "visits"),
    )
    (low, high), chance = groups.interval(), groups.chance()
    q = np.full(chance.shape, np.nan)
    for place in np.unique(step):
        q[step == place] = adjusted(chance[step == place])
    is_part = groups.visits <= NEARLY_ALL * (groups.visits + groups.others[1])
    return rows.with_columns(
        low=pl.Series(low, dtype=pl.Float64),
        high=pl.Series(high, dtype=pl.Float64),
        excess=pl.Series(groups.hits - groups.rate_of_others * groups.visits, dtype=pl.Float64).fill_nan(
            None
        ),
        stands_out=pl.Series((np.nan_to_num(q, nan=1.0) <= rate) & is_part, dtype=pl.Boolean),
    )


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = frame[name].cast(pl.Float64).to_numpy()
    return values


_COUNTS = {
    "visits": "count(*)",
    "confused": "count(*) FILTER (WHERE is_confused)",
}
