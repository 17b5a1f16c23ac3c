"""A value, its 95 % interval and its n as columns of texts."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import texts
from dashboard.language import words


def value_columns(rows: pl.DataFrame, unit: str) -> dict[str, pl.Series]:
    """The columns value, interval and n, for rows of (value, low, high, n)."""
    limits = [words.interval(low, high, unit) or words.UNKNOWN for low, high in rows["low", "high"].rows()]
    return {
        "value": texts(words.value(value, unit) for value in rows["value"]),
        "interval": texts(limits),
        "n": texts(words.count(n) for n in rows["n"]),
    }
