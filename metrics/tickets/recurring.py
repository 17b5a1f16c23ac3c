"""Which contact reasons come more or less often than before, beyond chance, and which come again."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import numpy as np
import polars as pl

from metrics.catalog.metrics import CATALOG
from metrics.query.measure import Cut, measure, measured_in
from metrics.query.scope import Scope
from metrics.statistics.clustering import Floats
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.two_periods import difference_of_shares, dispersion, ratio_of_counts

VOLUME, AGAIN = "tickets_opened", "repeat_contact_rate"
RATE = 0.05
_WEEK = timedelta(days=7)
_WEEKS = 52


def reason_trends(connection: duckdb.DuckDBPyConnection, *, scope: Scope, before: Scope) -> pl.DataFrame:
    """One row per contact reason: its tickets now and in the period of equal length before, and what changed.

    `tickets`, `tickets_before`, `ratio` with `ratio_low` and `ratio_high`; `again`, `again_before` (shares of
    repeat contacts with their n), `again_low` and `again_high` of the difference. `trend` and `again_trend`:
    "more" or "less" where the change is beyond chance at a false-discovery rate of 5 % over all reasons, else
    "usual range"; null where it is not known. The spread of weekly counts widens what counts as chance. Those
    that grow come first, then those that shrink, then by tickets.
    """
    metrics = [CATALOG[name] for name in (VOLUME, AGAIN)]
    now, then = measured_in(connection, metrics, [Cut(("reason",), part) for part in (scope, before)])
    return compared(now, then, weekly_spread(connection, scope))


def compared(now: pl.DataFrame, before: pl.DataFrame, spread: float) -> pl.DataFrame:
    """The rows of `reason_trends`, of `VOLUME` and `AGAIN` by reason as measured in both periods."""
    rows = _of(now).join(
        _of(before), on="reason", how="full", coalesce=True, nulls_equal=True, suffix="_before"
    )
    rows = rows.filter(pl.col("reason").is_not_null()).sort("reason")
    counts = {name: _floats(rows[name].fill_null(0)) for name in _COUNTED}
    low, high, chance = ratio_of_counts(counts["tickets"], counts["tickets_before"], spread=spread)
    shares = [counts[name] for name in ("hits", "again_n", "hits_before", "again_n_before")]
    again_low, again_high, again_chance = difference_of_shares(*shares)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = counts["tickets"] / counts["tickets_before"]
        again = {"": shares[0] / shares[1], "_before": shares[2] / shares[3]}
    return (
        rows.select(
            "reason",
            *(pl.Series(name, counts[name]).cast(pl.Int64) for name in _COUNTED[:4]),
            ratio=_null_if_nan(ratio), ratio_low=_null_if_nan(low), ratio_high=_null_if_nan(high),
            again=_null_if_nan(again[""]), again_before=_null_if_nan(again["_before"]),
            again_low=_null_if_nan(again_low), again_high=_null_if_nan(again_high),
            trend=_trend_words(chance, counts["tickets"] - counts["tickets_before"]),
            again_trend=_trend_words(again_chance, again[""] - again["_before"]),
        )
        .with_columns(order=pl.col("trend").replace_strict(_ORDER, default=2))
        .sort("order", "tickets", "reason", descending=[False, True, False])
        .drop("order")
    )  # fmt: skip


def _of(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per reason: tickets opened, and repeat contacts of those where it is known."""
    volume = rows.filter(pl.col("metric") == VOLUME).select("reason", tickets="n")
    again = rows.filter(pl.col("metric") == AGAIN).select(
        "reason", again_n="n", hits=(pl.col("value") * pl.col("n")).round()
    )
    return volume.join(again, on="reason", how="full", coalesce=True, nulls_equal=True)


def weekly_spread(connection: duckdb.DuckDBPyConnection, scope: Scope) -> float:
    """How much wider than by chance alone tickets by reason vary from week to week; 1 where nobody knows."""
    return dispersion(_weekly(connection, scope))


def _weekly(connection: duckdb.DuckDBPyConnection, scope: Scope) -> Floats:
    """Tickets by reason (rows) and full week (columns) of the year up to the scope's end."""
    if scope.end is None:
        return np.zeros((0, 0))
    wide = scope.model_copy(update={"start": scope.end - _WEEKS * _WEEK})
    rows = measure(connection, [VOLUME], by=["reason", "week"], scope=wide)
    full_weeks = rows.filter(
        pl.col("reason").is_not_null(), pl.col("week").is_not_null(), pl.col("week") + _WEEK <= scope.end
    )
    weeks = full_weeks["week"].unique().sort()[1:]  # the data may begin in the middle of the first
    if len(weeks) < 2:
        return np.zeros((0, 0))
    reasons = full_weeks["reason"].unique().sort()
    grid = reasons.to_frame().join(pl.DataFrame({"week": weeks}), how="cross")
    filled = grid.join(full_weeks, on=["reason", "week"], how="left").sort("reason", "week")
    return _floats(filled["n"].fill_null(0)).reshape(len(reasons), len(weeks))


def _trend_words(chance: Floats, difference: Floats) -> pl.Series:
    """The change in a word, false discoveries controlled over all reasons."""
    sure = adjusted(chance) <= RATE
    words = np.where(
        sure & (difference > 0), "more", np.where(sure & (difference < 0), "less", "usual range")
    )
    unknown = np.isnan(chance) | np.isnan(difference)
    return pl.Series(
        [None if nothing else str(word) for word, nothing in zip(words, unknown, strict=True)],
        dtype=pl.String,
    )


def _null_if_nan(values: Floats) -> pl.Series:
    return pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64).fill_nan(None)


def _floats(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy().astype(np.float64)


_COUNTED = ("tickets", "tickets_before", "again_n", "again_n_before", "hits", "hits_before")
_ORDER = {"more": 0, "less": 1}
