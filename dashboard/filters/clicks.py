"""What of a chart was just clicked: told once, in the run that follows the click.

A chart keeps its selection while its page is shown, also when the reader has meanwhile chosen something else
beside it. So only what changes is told: a click on what was selected already takes the selection away, and
is a click on it all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import state

Thing = tuple[str, ...]
"""What was clicked, as the chart names it in `customdata`: a step, a cell's row and column, a group."""


def note(key: str) -> None:
    """Keep what the chart of that key has just reported until it is drawn."""
    selected = things(st.session_state[key])
    before: frozenset[Thing] = st.session_state.get(state.selected(key), frozenset())
    changed = sorted(selected - before) or sorted(before - selected)
    st.session_state[state.clicked(key)] = changed[0] if changed else None


def clicked_thing(key: str, report: Mapping[str, Any]) -> Thing | None:
    """What was clicked since the chart was last drawn; whether it is there is for the page to look up."""
    # As it is drawn now: a page that was left has forgotten what was selected on it.
    st.session_state[state.selected(key)] = things(report)
    thing: Thing | None = st.session_state.pop(state.clicked(key), None)
    return thing


def things(report: Mapping[str, Any]) -> frozenset[Thing]:
    """The things that a report of the browser names; points that name none, and odd reports, are left out."""
    points = (report.get("selection") or {}).get("points") or []
    custom_data = (point.get("customdata") for point in points if isinstance(point, Mapping))
    return frozenset(
        tuple(map(str, name)) if isinstance(name, list | tuple) else (str(name),)
        for name in custom_data
        if name not in (None, [], "")
    )
