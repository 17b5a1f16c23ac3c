"""What a reader sees on pointing at a value: the value in words, its interval, its n."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts.chart import Option
from dashboard.language import ENGLISH, N_, _, spoken

VALUE, INTERVAL, BASIS = N_("value"), N_("95% interval"), N_("n")


def tooltip(rows: pl.DataFrame, unit: str) -> dict[str, pl.Series]:
    """Text columns for rows of (value, n, low, high)."""
    values, bases = rows["value"], rows["n"]
    limits = [words.interval(low, high, unit) or words.UNKNOWN for low, high in rows["low", "high"].rows()]
    return {
        VALUE: pl.Series([words.value(value, unit) for value in values], dtype=pl.String),
        INTERVAL: pl.Series(limits, dtype=pl.String),
        BASIS: pl.Series([words.count(n) for n in bases], dtype=pl.String),
    }


def named(option: Option) -> Option:
    """The option with these columns called in the reader's language where a tooltip names them."""
    dataset: Any = option.get("dataset")
    source = dataset.get("source") if isinstance(dataset, dict) else None
    if spoken() == ENGLISH or not isinstance(source, pl.DataFrame) or "dimensions" in dataset:
        return option
    dimensions = [
        {"name": name, "displayName": _(name)} if name in (VALUE, INTERVAL, BASIS) else name
        for name in source.columns
    ]
    return {**option, "dataset": {**dataset, "dimensions": dimensions}}
