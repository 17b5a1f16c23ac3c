"""What the page of the process map shows: which version, which part of it, and what a click on it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import record_filters, widgets
from dashboard.filters.clicks import Thing
from dashboard.filters.step_names import named_steps
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from dashboard.queries import step_numbers, warehouse
from dashboard.views.process_map import text
from dashboard.views.process_map.charts import Map, process_map
from dashboard.views.process_map.rare_paths import frequent_moves, frequent_steps
from metrics.process.process_map import order_of_steps, with_repeats
from metrics.query.scope import Scope

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class ProcessVersion:
    """One workflow version in a scope; `steps` as ranked, `named` by what links call them."""

    steps: pl.DataFrame
    moves: pl.DataFrame
    variants: pl.DataFrame
    rows_by_name: dict[str, dict[str, Any]]
    titles: dict[str, str]
    order: tuple[str, ...]
    defined: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MapOptions:
    """What the reader wants to see of it."""

    by_time: bool
    steps: float
    paths: float


def read(snapshot: str | None, scope: Scope, version: tuple[str, str]) -> ProcessVersion:
    """Everything the map of a version is made from."""
    workflow, number = version
    here = record_filters.only(scope, {"workflow": workflow, "version": number})
    ranked = warehouse.ranked_steps(snapshot, scope)
    process = step_numbers.version_moves(snapshot, here, workflow, number)
    rows_by_name = {
        name: row
        for name, row in named_steps(ranked).items()
        if (row["workflow"], row["version"]) == (workflow, number)
    }
    steps = ranked.filter(pl.col("workflow").eq_missing(workflow), pl.col("version").eq_missing(number))
    stays = step_numbers.states(snapshot, here).select("step", "median_hours", "total_hours", stays="visits")
    steps = steps.join(stays, on="step", how="left", nulls_equal=True)
    steps = steps.with_columns(visits=pl.coalesce("stays", "visits")).drop("stays")
    defined = process.defined.sort("position")
    titles = {step: words.label(name or step) for step, name in steps["step", "title"].rows()}
    return ProcessVersion(
        steps=with_repeats(steps, process.moves).sort("step"),
        moves=process.moves,
        variants=process.variants,
        rows_by_name=rows_by_name,
        titles=titles,
        order=order_of_steps(defined["step"].to_list(), process.variants, steps["step"].to_list()),
        defined=tuple(
            (step, other) for step, follow in defined["step", "next"].rows() for other in follow or []
        ),
    )


def map_options() -> MapOptions:
    """How much of the map the reader wants to see, and what its lines stand for; kept in the link."""
    with st.container(horizontal=True):
        lines = widgets.choice(
            _("Lines show"), {_("number of moves"): False, _("median time"): True}, key="lines"
        )
        paths = widgets.scale(
            _("Moves shown"),
            SHARES,
            key="paths",
            default=0.99,
            help=_("The most frequent moves up to this share of all moves. Each step keeps its main ways."),
        )
        steps = widgets.scale(
            _("Steps shown"),
            SHARES,
            key="steps",
            default=1.0,
            help=_("The most visited steps up to this share of all visits."),
        )
    return MapOptions(by_time=lines, steps=steps, paths=paths)


def moves_on_map(process: ProcessVersion, options: MapOptions) -> pl.DataFrame:
    """The moves that are drawn."""
    return frequent_moves(process.moves, frequent_steps(process.steps, options.steps), options.paths)


def chart(process: ProcessVersion, options: MapOptions, *, palette: Palette) -> Chart:
    """The map as the reader wants to see it."""
    content = Map(process.steps, process.moves, process.order, process.defined)
    return process_map(
        content,
        moves=moves_on_map(process, options),
        by_time=options.by_time,
        headline=text.map_headline(process.steps),
        palette=palette,
    )


def coverage(process: ProcessVersion, options: MapOptions) -> str:
    """How much of the map is drawn."""
    moves = moves_on_map(process, options)
    there = (set(moves["step"]) | set(moves["next_step"])) - {None}
    return _(
        "{steps} of {all_steps} and {moves} of {all_moves} ways between them are drawn. Click a step, or "
        "choose it below, to read all about it.",
        steps=words.count(len(there)),
        all_steps=words.counted(process.steps.height, "step"),
        moves=words.count(moves.height),
        all_moves=words.count(process.moves.height),
    )


def undefined() -> str:
    """Why nothing is called off the path."""
    return _(
        "This version has no definition. Its steps stand in the order in which runs came to them. "
        "What is off the path is not known. Add one: stepsight workflows add workflows.json"
    )


def names(process: ProcessVersion) -> dict[str, str]:
    """The steps of the map for a select box, in its order."""
    place = {step: at for at, step in enumerate(process.order)}
    ordered = sorted(
        process.rows_by_name, key=lambda name: place.get(process.rows_by_name[name]["step"], len(place))
    )
    return {name: name for name in ordered}


def name_of(thing: Thing, process: ProcessVersion) -> str | None:
    """What links call the step that was clicked; nothing where it was a move, or no step of this map."""
    if thing[0] != "step":
        return None
    return next((name for name, row in process.rows_by_name.items() if row["step"] == thing[-1]), None)
