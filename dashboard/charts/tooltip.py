"""What a reader sees on pointing at a value: the value in words, its interval, its n."""

from __future__ import annotations

import polars as pl

from dashboard import words

VALUE, INTERVAL, BASIS = "value", "95% interval", "n"


def tooltip(rows: pl.DataFrame, unit: str) -> dict[str, pl.Series]:
    """Text columns for rows of (value, n, low, high)."""
    values, bases = rows["value"], rows["n"]
    limits = [words.interval(low, high, unit) or words.UNKNOWN for low, high in rows["low", "high"].rows()]
    return {
        VALUE: pl.Series([words.value(value, unit) for value in values], dtype=pl.String),
        INTERVAL: pl.Series(limits, dtype=pl.String),
        BASIS: pl.Series([words.count(n) for n in bases], dtype=pl.String),
    }
