"""The weeks that lie wholly within the data."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl


def full_weeks(weeks: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Weeks that lie wholly within the data, from the first with a row: the others would look like a fall.

    Of a week without a row `n` is 0, and all else is not known.
    """
    rows = weeks.filter(pl.col("week") >= first, pl.col("week") + pl.duration(days=6) <= last)
    if rows.is_empty():
        return rows
    newest = last - timedelta(days=(last.weekday() + 1) % 7 + 6)
    mondays = rows.select(pl.date_range(pl.col("week").min(), newest, "1w"))
    filled = mondays.join(rows, on="week", how="left").select(rows.columns)
    return filled.with_columns(pl.col("n").fill_null(0)).sort("week")
