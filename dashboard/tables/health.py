"""The ledger of loads, the rows refused by rule, and everything the checks looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import words
from dashboard.tables.table import Column, Table

SAID = {"suspicious": "suspicious", "look": "look at it", "ok": "fine"}


def load_table(loads: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per load, the newest first."""
    return Table(
        title="Every load",
        frame=loads.with_columns(
            at=pl.Series([words.instant(at, time_zone) for at in loads["loaded_at"]], dtype=pl.String),
            file=pl.Series([words.label(source) for source in loads["source"]], dtype=pl.String),
        ),
        columns={
            "at": Column("Loaded at", width=150),
            "file": Column("File", width=230),
            "read": Column("Rows read", "count", "Read = loaded + duplicates + rejected, always."),
            "loaded": Column("Loaded", "count"),
            "duplicates": Column("Duplicates", "count", "Rows that were there already."),
            "rejected": Column("Rejected", "count", "Kept aside with the rule they broke."),
            "events": Column("Events", "count", "A mapping may tell several events from a row."),
            "conflicts": Column("Conflicts", "count", "Rows that contradict another of the same id."),
        },
        alt="Every load of a file, the newest first, with its rows read, loaded, repeated and rejected",
    )


def refused_table(refused: pl.DataFrame) -> Table:
    """One row per rule and file, the most frequent first."""
    return Table(
        title="Rejected rows by rule",
        frame=refused.with_columns(
            why=pl.Series([words.label(text, 300) for text in refused["explanation"]], dtype=pl.String),
            file=pl.Series([words.label(source) for source in refused["source"]], dtype=pl.String),
        ),
        columns={
            "rows": Column("Rows", "count", width=80),
            "rule": Column("Rule", width=210),
            "why": Column("What is wrong", width=460),
            "file": Column("File", width=230),
        },
        alt="How many rows were rejected, by rule and file",
    )


def check_table(findings: Sequence[Mapping[str, Any]]) -> Table:
    """One row per thing a check saw, the worst first."""
    rows = [
        {
            "check": finding["check"].replace("_", " "),
            "said": SAID[finding["severity"]] if finding["is_known"] else "cannot be told",
            "file": "" if finding["source"] is None else words.label(finding["source"]),
            "seen": words.label(finding["seen"], 600),
        }
        for finding in findings
    ]
    columns = {
        "check": Column("Check", width=170),
        "said": Column("Verdict", width=120),
        "seen": Column("What was seen", width=600),
        "file": Column("File", width=200),
    }
    return Table("Everything that was checked", pl.DataFrame(rows), columns, "Every check with its verdict")
