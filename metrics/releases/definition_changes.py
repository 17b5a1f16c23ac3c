"""What a new version of a workflow changed in its definition: steps added, removed or changed."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from etl.contract.workflows import MARKS
from metrics.query.run import run_query

_DETAILS = ("position", "title", "type", "next", *MARKS)
_CHANGES = {
    "renamed": "title",
    "leads on otherwise": "next",
    "asked otherwise": "type",
    "required or not": "required",
    "coming back allowed or not": "returns_by_design",
    "customer decides or not": "customer_decides",
    "searching meant or not": "searches_by_design",
    "help meant or not": "help_by_design",
    "waiting meant or not": "waits_by_design",
}


def definition_changes(
    connection: duckdb.DuckDBPyConnection, workflow: str, before: str, after: str
) -> pl.DataFrame:
    """One row per step that the new version adds, removes or changes, in the order of the new definition.

    `change`: added, removed, or what is different (a step may have several rows), with the title, or what
    else is different, before and after. A step whose id stays is the same step. No rows where either version
    has no definition: not known.
    """
    steps = run_query(
        connection, exp.select("workflow", "version", "step", *_DETAILS).from_("workflow_steps")
    )
    old, new = (steps.filter(workflow=workflow, version=version) for version in (before, after))
    if old.is_empty() or new.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    both = new.join(old, on="step", how="full", coalesce=True, suffix="_before")
    both = both.sort(pl.coalesce("position", "position_before"), "position", "step", nulls_last=True)
    return pl.DataFrame(
        [change for row in both.to_dicts() for change in _step_changes(row)], schema=_SCHEMA, orient="row"
    )


def is_defined(connection: duckdb.DuckDBPyConnection, workflow: str, version: str) -> bool:
    """Whether the definition of a workflow version has been loaded."""
    versions = run_query(connection, exp.select("workflow", "version").distinct().from_("workflow_steps"))
    return (workflow, version) in versions.rows()


def _step_changes(row: dict[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    if row["position_before"] is None:
        return [(row["step"], "added", None, row["title"])]
    if row["position"] is None:
        return [(row["step"], "removed", row["title_before"], None)]
    return [
        (row["step"], change, _text(row[f"{name}_before"]), _text(row[name]))
        for change, name in _CHANGES.items()
        if row[f"{name}_before"] != row[name]
    ]


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(value)
    return ("yes" if value else "no") if isinstance(value, bool) else value


_SCHEMA = dict.fromkeys(("step", "change", "before", "after"), pl.String)
