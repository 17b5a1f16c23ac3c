"""What of a chart was just clicked: told once, in the run that follows the click.

A chart keeps its selection while its page is shown, also when the reader has meanwhile chosen something else
beside it. So only what changes is told: a click on what was selected already takes the selection away, and
is a click on it all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
import streamlit as st
from streamlit.typing import EChartsState

from dashboard.charts.chart import Option

Item = tuple[int, str, int]
"""The series, what of it (main, node, edge), and the place there, from 0."""


@dataclass(frozen=True)
class Clicked:
    """One thing drawn: its place in the data of its series, from 0, and its name there."""

    kind: Literal["main", "node", "edge"]
    place: int
    name: str


def clickable(option: Option) -> Option:
    """The option with one thing at a time to be selected in each series that a pointer can reach."""
    series = [
        each if each.get("silent") else {"selectedMode": "single", "cursor": "pointer", **each}
        for each in option["series"]
    ]
    return {**option, "series": series}


def note(key: str) -> None:
    """Keep what the chart of that key has just reported until it is drawn."""
    selected = _items(st.session_state[key])
    before: frozenset[Item] = st.session_state.get(f"{key} selected", frozenset())
    changed = sorted(selected - before) or sorted(before - selected)
    st.session_state[f"{key} clicked"] = changed[0] if changed else None


def told(key: str, option: Option, state: EChartsState) -> Clicked | None:
    """What was clicked since the chart was last drawn; None where nothing was, or it is there no more."""
    # As it is drawn now: a page that was left has forgotten what was selected on it.
    st.session_state[f"{key} selected"] = _items(state)
    item: Item | None = st.session_state.pop(f"{key} clicked", None)
    return None if item is None else found(option, item)


def found(option: Option, item: Item) -> Clicked | None:
    """The thing of an option that a report of the browser means; its places are not to be trusted."""
    of_series, kind, place = item
    if not 0 <= of_series < len(option["series"]) or kind not in {"main", "node", "edge"}:
        return None
    series = option["series"][of_series]
    things = series.get("links" if kind == "edge" else "data")
    if things is None:
        things = option.get("dataset", {}).get("source", ())
    if not 0 <= place < len(things):
        return None
    return Clicked(kind, place, _name(things, place))  # type: ignore[arg-type]


def _items(state: EChartsState) -> frozenset[Item]:
    return frozenset(
        (int(group["series_index"]), str(group["data_type"]), int(place))
        for group in state.selection.selected
        for place in group["data_indices"]
    )


def _name(things: Any, place: int) -> str:
    if isinstance(things, pl.DataFrame):
        return str(things.row(place)[0])
    thing = things[place]
    return str(thing.get("name", "")) if isinstance(thing, Mapping) else str(thing)
