"""The tables that opening hours and targets become in a warehouse, and what stands in where none are."""

from __future__ import annotations

import polars as pl
from sqlglot import exp

SCHEMAS = {
    "open_intervals": pl.Schema(
        {
            "schedule": pl.String(),
            "opens_at": pl.Datetime("us", "UTC"),
            "closes_at": pl.Datetime("us", "UTC"),
            "open_us": pl.Int64(),
            "open_before_us": pl.Int64(),
        }
    ),
    "schedule_rules": pl.Schema(
        {
            "schedule": pl.String(),
            "channel": pl.String(),
            "team": pl.String(),
            "precedence": pl.Int64(),
            "is_default": pl.Boolean(),
        }
    ),
    "target_rules": pl.Schema(
        {
            "measure": pl.String(),
            "channel": pl.String(),
            "priority": pl.String(),
            "precedence": pl.Int64(),
            "target_us": pl.Int64(),
            "is_business": pl.Boolean(),
            "pauses_for_customer": pl.Boolean(),
            "pauses_on_hold": pl.Boolean(),
        }
    ),
}
_SQL_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Datetime: "timestamptz",
    pl.Int64: "bigint",
    pl.Boolean: "boolean",
}


def without_rows() -> dict[str, exp.Query]:
    """Each table as a query of no rows: nothing is known in opening hours then, and nothing promised."""
    return {
        name: exp.select(
            *(
                exp.alias_(exp.cast(exp.null(), _SQL_TYPES[type(kind)]), column)
                for column, kind in schema.items()
            )
        ).where(exp.false())
        for name, schema in SCHEMAS.items()
    }
