"""Every term with its meaning, and what is left out of a number and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dashboard.tables.table import Column, Table
from metrics.metric import Metric
from metrics.signs import SIGNS

BETTER = {"lower": "lower", "higher": "higher", None: "neither"}


def exclusion_table(exclusions: Iterable[Mapping[str, Any]], metric: Metric) -> Table:
    """One row per reason why something is not in the number."""
    return Table(
        title="What is left out of it, in all data",
        frame=pl.DataFrame(list(exclusions), schema={"because": pl.String, "n": pl.Int64}),
        columns={"because": Column("Left out because", width=520), "n": Column("How many", "count")},
        alt=f"Why some are not in {metric.title}, and how many",
        definition=metric.definition,
    )


def term_table(metrics: Iterable[Metric]) -> Table:
    """One row per metric, in the catalog's order."""
    rows = [
        {
            "title": metric.title,
            "question": metric.question,
            "unit": metric.unit,
            "better": BETTER[metric.better],
            "definition": metric.definition,
        }
        for metric in metrics
    ]
    columns = {
        "title": Column("Term", width=230),
        "question": Column("Question", width=330),
        "unit": Column("Unit", width=80),
        "better": Column("Better", width=80),
        "definition": Column("Definition", width=900),
    }
    return Table("All terms", pl.DataFrame(rows), columns, "Every number with its question and definition")


def sign_table() -> Table:
    """One row per sign of confusion."""
    rows = [
        {"sign": sign.name.replace("_", " "), "strength": sign.strength, "shown": sign.sentence}
        for sign in SIGNS
    ]
    columns = {
        "sign": Column("Sign", width=170),
        "strength": Column("Strength", width=90),
        "shown": Column("A visit shows it when", width=640),
    }
    return Table(
        "The signs of confusion",
        pl.DataFrame(rows),
        columns,
        "Every sign of confusion and when a visit shows it",
        definition="One strong sign, or two different weak ones, and a visit is confused.",
    )
