"""How the confusion, or the time, of one step version falls with practice: its learning curve."""

from __future__ import annotations

from typing import Literal

import duckdb
import numpy as np
import polars as pl
from sqlglot import exp

from metrics.catalog.dimensions import VISITS
from metrics.query.agents import least_agents
from metrics.query.complements import reportable_groups
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.statistics.clustering import Floats, Ints
from metrics.statistics.evidence import LEAST_GROUP
from metrics.training.learning import clustered_rates

By = Literal["practice", "experience_weeks"]
Of = Literal["confusion", "minutes"]
BANDS: dict[By, tuple[int, ...]] = {
    "practice": (0, 5, 10, 20, 50),
    "experience_weeks": (0, 1, 2, 3, 4, 6, 8, 12),
}
"""The lower ends of the bands: earlier visits to the step, whole weeks since the first of them."""


def learning_curve(
    connection: duckdb.DuckDBPyConnection, *, by: By, of: Of, scope: Scope | None = None
) -> pl.DataFrame:
    """One row per band of experience of what the scope holds (one step version, usually), in order.

    Columns: `band` (its lower end), visits, agents, value, low, high; all but the band null where it is not
    shown, for it holds fewer than five agents or would give a smaller band away. Only visits of agents whose
    beginning at the step is known are in it. `confusion`: the share of confused visits; `minutes`: the median
    active time. Visits of logs of states are left out.
    """
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    query = (
        exp.select("agent_id", exp.column(by).as_("band"), "is_confused", "active_us")
        .from_("timed_visits")
        .where("is_guided", "NOT practice IS NULL", *conditions(scope, over))
    )
    visits = run_in_scope(connection, query, scope)
    return curve(visits.with_columns(pl.col("band").cast(pl.Int64)), of=of, least=least_agents(connection))


def curve(visits: pl.DataFrame, *, of: Of, least: int = LEAST_GROUP) -> pl.DataFrame:
    """The curve of visits (agent_id, band, is_confused, active_us)."""
    groups = reportable_groups(visits.with_columns(total=pl.lit(0)), ["total"], ["band"], least=least).drop(
        "total"
    )
    groups = groups.sort("band").with_row_index("group")
    if of == "confusion":
        value, low, high = _confusion(visits, groups)
    else:
        value, low, high = _minutes(visits, groups)
    sizes = visits.group_by("band").agg(visits=pl.len())
    numbers = {"value": _null_if_nan(value), "low": _null_if_nan(low), "high": _null_if_nan(high)}
    rows = groups.join(sizes, on="band", how="left").sort("band").with_columns(**numbers)
    columns = [pl.when("is_shown").then(pl.col(name)).alias(name) for name in ("visits", "agents", *numbers)]
    return rows.select("band", *columns).cast({"visits": pl.Int64, "agents": pl.Int64})


def _confusion(visits: pl.DataFrame, groups: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    placed = _placed(visits, groups).group_by("group", "agent_id").agg(pl.len(), pl.col("is_confused").sum())
    return clustered_rates(*_arranged(placed, "is_confused"), groups.height)


def _minutes(visits: pl.DataFrame, groups: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The median of each group and its interval, which is that of the share below it read off the values.

    R. S. Woodruff, Confidence intervals for medians and other position measures, JASA 47, 1952, p. 635; the
    share's interval is widened for agents seen more than once.
    """
    placed = _placed(visits, groups).with_columns(minutes=pl.col("active_us") / 6e7)
    medians = placed.with_columns(median=pl.col("minutes").median().over("group"))
    below = medians.with_columns(half=(pl.col("minutes") <= pl.col("median")))
    counted = below.group_by("group", "agent_id").agg(pl.len(), pl.col("half").sum())
    _, low, high = clustered_rates(*_arranged(counted, "half"), groups.height)
    values = placed.sort("group", "minutes").group_by("group", maintain_order=True).agg("minutes")
    ordered = {place: np.asarray(minutes) for place, minutes in values.rows()}
    ends = [
        [float(np.quantile(ordered[place], share)) for share in (0.5, low[place], high[place])]
        for place in range(groups.height)
    ]
    value, first, last = np.array(ends, dtype=np.float64).reshape(-1, 3).T
    return value, first, last


def _placed(visits: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    return visits.join(groups.select("band", "group"), on="band")


def _arranged(counted: pl.DataFrame, hit: str) -> tuple[Floats, Floats, Ints]:
    """Hits, visits and group of every agent in every group."""
    rows = counted.sort("group", hit, "len", "agent_id")
    hits, sizes = (rows[name].cast(pl.Float64).to_numpy().astype(np.float64) for name in (hit, "len"))
    return hits, sizes, rows["group"].cast(pl.Int64).to_numpy().astype(np.int64)


def _null_if_nan(values: Floats) -> pl.Series:
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)
