"""What readers and links call a step and a workflow version, the same on every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.language import words
from metrics.process.process_map import visited_versions
from metrics.steps.counts import KEY


def named_steps(steps: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Each row under what a reader calls it; those that are called the same add their step's id.

    So the name of a step is the same on every page, in whatever order its steps stand.
    """
    rows = steps.to_dicts()
    names = [_name(row) for row in rows]
    often = Counter(names)
    return {
        name if often[name] == 1 else f"{name} · {row['step']}": row
        for name, row in zip(names, rows, strict=True)
    }


def hotspots_first(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The names to choose a step from: those beyond chance first, the others in the order they are in."""
    return {name: name for name in sorted(rows, key=lambda name: not rows[name]["hotspot"])}


def name_of(rows: Mapping[str, Mapping[str, Any]], key: Sequence[str]) -> str | None:
    """The name of the row of this workflow, version and step; None where there is none."""
    return next(
        (name for name, row in rows.items() if tuple(row[part] or "" for part in KEY) == tuple(key)), None
    )


def _name(row: Mapping[str, Any]) -> str:
    where = f"{words.label(row['workflow'], 30)} {words.label(row['version'], 12)}"
    return f"{words.label(row['title'] or row['step'], 40)} · {where}"


def version_titles(steps: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """The workflow versions visited, the most visited first, each under what a reader calls it."""
    return {version_title(*names): names for names in visited_versions(steps).rows()}


def version_title(workflow: str | None, version: str | None) -> str:
    """What a workflow version is called in choices and links."""
    return f"{words.label(workflow, 40)} {words.label(version, 12)}"
