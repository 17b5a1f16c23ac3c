"""The weeks that lie wholly within the data."""

from __future__ import annotations

from datetime import date

import polars as pl


def full_weeks(weeks: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Only weeks that lie wholly within the data: the others would look like a fall."""
    return weeks.filter(pl.col("week") >= first, pl.col("week") + pl.duration(days=6) <= last).sort("week")
