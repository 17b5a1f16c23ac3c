"""Groups of a dimension as rows of a ranking."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.tables.table import texts
from dashboard.language import words


def groups(rows: pl.DataFrame, dimension: str, *, marked: pl.Expr) -> pl.DataFrame:
    """One row per group (group, value, n, low, high) as `ranking` draws it, its tickets behind its name.

    Where `marked` is not known, a row is not marked.
    """
    return rows.select(
        name=texts(dimension_choices.value_title(group, dimension) for group in rows["group"]),
        detail=texts(words.counted(n, "ticket") for n in rows["n"]),
        value="value",
        n="n",
        low="low",
        high="high",
        marked=marked.fill_null(value=False),
    )
