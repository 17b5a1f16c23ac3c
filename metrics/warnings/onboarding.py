"""Long onboarding: visits to a step that an agent needs until confusion and time are the veterans'."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import stdtrit

from metrics.statistics.clustering import Floats, ratio_variance
from metrics.statistics.counts import BANDS
from metrics.warnings.counting import STEP
from metrics.warnings.reading import LEAST_AGENTS, UNKNOWN, Reading, numbers

VETERAN = BANDS[-1]
LEAST_EXPECTED = 5
"""A ratio is told from so many confused visits on that veterans would have had."""
_SUMS = ("visits", "hits", "timed", "logs")
MEASURES = ("confusion", "time")
Ends = tuple[float | None, float | None, float | None]
"""A value with the ends of its interval."""


def learning(visits: pl.DataFrame) -> pl.DataFrame:
    """One row per band of practice before `VETERAN` visits: how newcomers fare against veterans.

    `visits`: as `metrics.warnings.counting` counts them. `practice`: earlier visits to the step, the lower
    end of the band; `visits` and `agents` in it.
    `confusion`: confused visits over those that the veterans' rates at the same step versions give;
    `time`: unpaused time over theirs, by geometric means; each with its 95 % interval, clustered by agent.
    Who was there before the data began counts as a veteran. Null where fewer than five agents, or too few
    visits, are on either side.
    """
    of_agents = visits.filter(pl.col("agent_id").is_not_null())
    is_new = (pl.col("practice") < VETERAN).fill_null(value=False)
    new, veterans = of_agents.filter(is_new), of_agents.filter(~is_new)
    rates = veterans.group_by(STEP, maintain_order=True).agg(pl.col(_SUMS).sum())
    veteran_rates = rates.select(
        *STEP, rate=pl.col("hits") / pl.col("visits"), log=pl.col("logs") / pl.col("timed")
    )
    sides = {band: _by_agent(new.filter(pl.col("practice") == band), veteran_rates) for band in BANDS[:-1]}
    theirs = _by_agent(veterans, veteran_rates)
    return pl.DataFrame(
        [_row(band, side, theirs) for band, side in sides.items()], schema=_SCHEMA, orient="row"
    )


def needed(bands: pl.DataFrame, measure: str, as_good: float) -> Reading:
    """Visits needed until newcomers are as good as veterans from then on, and the ends of what is sure.

    As good is who is at most `as_good` times as often confused, or as slow. `low`: up to there they are
    clearly not as good; `high`: from there on they clearly are. `VETERAN` means so many or more.
    """
    rows = bands.select("practice", "visits", value=measure, low=f"{measure}_low", high=f"{measure}_high")
    if rows["value"].is_null().all():
        return UNKNOWN
    ends = [*rows["practice"], VETERAN]
    value, low, high = 0, 0, VETERAN
    for place, (ratio, least) in enumerate(rows["value", "low"].rows()):
        value = ends[place + 1] if ratio is not None and ratio > as_good else value
        low = ends[place + 1] if least is not None and least > as_good else low
    for place in reversed(range(rows.height)):
        most = rows["high"][place]
        if most is None or most > as_good:
            break
        high = ends[place]
    return Reading(value, low, high, n=int(rows["visits"].sum()))


def _by_agent(side: pl.DataFrame, veteran_rates: pl.DataFrame) -> pl.DataFrame:
    """One row per agent: hits and the hits due, and time beyond the usual on the logarithm."""
    return (
        side.join(veteran_rates, on=STEP, nulls_equal=True, maintain_order="left")
        .with_columns(
            expected=pl.col("visits") * pl.col("rate"),
            beyond=pl.when(pl.col("log").is_finite())
            .then(pl.col("logs") - pl.col("timed") * pl.col("log"))
            .otherwise(0.0),
            timed=pl.when(pl.col("log").is_finite()).then("timed").otherwise(0),
        )
        .group_by("agent_id", maintain_order=True)
        .agg(pl.col("visits", "hits", "expected", "timed", "beyond").sum())
        .sort("visits", "hits", "timed", "expected", "beyond", "agent_id")
    )


def _row(band: int, side: pl.DataFrame, theirs: pl.DataFrame) -> tuple[float | int | None, ...]:
    nothing: Ends = (None, None, None)
    enough = min(side.height, theirs.height) >= LEAST_AGENTS
    confusion, time = nothing, nothing
    if enough and side["expected"].sum() >= LEAST_EXPECTED:
        confusion = _ratio(side, theirs)
    if enough and side["timed"].sum() > 0:
        time = _time(side, theirs)
    if side.height < LEAST_AGENTS:
        return (band, None, None, *nothing, *nothing)
    return band, int(side["visits"].sum()), side.height, *confusion, *time


def _ratio(side: pl.DataFrame, theirs: pl.DataFrame) -> Ends:
    hits = max(float(side["hits"].sum()), 0.5)
    ratio = hits / float(side["expected"].sum())
    own = _variance(numbers(side, "hits"), numbers(side, "expected")) / ratio**2
    of_theirs = _variance(numbers(theirs, "hits"), numbers(theirs, "expected"))
    return _ends(np.log(ratio), max(own, 1 / hits) + of_theirs, side.height)


def _time(side: pl.DataFrame, theirs: pl.DataFrame) -> Ends:
    mean = float(side["beyond"].sum()) / float(side["timed"].sum())
    variances = [_variance(numbers(part, "beyond"), numbers(part, "timed")) for part in (side, theirs)]
    return _ends(mean, sum(variances), side.height)


def _variance(amounts: Floats, sizes: Floats) -> float:
    is_counted = sizes > 0
    one = np.zeros(int(is_counted.sum()), dtype=np.int64)
    return float(np.nan_to_num(ratio_variance(amounts[is_counted], sizes[is_counted], one, 1)[0]))


def _ends(log: float, variance: float, agents: int) -> Ends:
    reach = float(stdtrit(agents - 1, 0.975)) * np.sqrt(variance)
    return float(np.exp(log)), float(np.exp(log - reach)), float(np.exp(log + reach))


_SCHEMA = {
    "practice": pl.Int64,
    "visits": pl.Int64,
    "agents": pl.Int64,
    **{f"{name}{end}": pl.Float64 for name in MEASURES for end in ("", "_low", "_high")},
}
