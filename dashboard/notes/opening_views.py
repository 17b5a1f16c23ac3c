"""Opening a saved view: its page, its choices, and its filters instead of those set now.

The shared filters outlive pages, so that an address alone does not change them; they are set before they are
drawn, in the run that shows the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from dashboard import data
from dashboard.language import in_english
from dashboard.notes.notebook import SavedView
from dashboard.scope_bar import ALL, DATES, DIMENSIONS, PERIODS

FILTERS = ("period", "dates", *DIMENSIONS)
ASKED, UNDER_WAY = "view to open", "filters to set"


def ask(view: SavedView) -> None:
    """Open the view in the next run."""
    st.session_state[ASKED] = view.page, parse_qs(view.query)


def follow(snapshot: str | None, pages: Mapping[str, Any]) -> None:
    """Go to the view that was asked for; called before the filters are drawn."""
    if (asked := st.session_state.pop(ASKED, None)) is not None:
        page, query = asked
        st.session_state[UNDER_WAY] = query
        # The filters are bound to the address: they write themselves into it.
        own = {name: values for name, values in query.items() if name not in FILTERS}
        st.switch_page(pages[page], query_params=own)
    if (query := st.session_state.pop(UNDER_WAY, None)) is not None:
        _set_filters(snapshot, query)


def _set_filters(snapshot: str | None, query: Mapping[str, list[str]]) -> None:
    """Only what the data has is set; of the rest the filters say themselves that they could not follow."""
    whole = data.data_range(snapshot, data.settings().time_zone)
    if whole is None:
        return
    length = (whole[1] - whole[0]).days + 1
    periods = [name for name, days in PERIODS.items() if days <= length] + [ALL, DATES]
    asked = [in_english(value) for value in query.get("period", [])][-1:]
    st.session_state["period"] = asked[0] if asked and asked[0] in periods else periods[0]
    with suppress(ValueError):
        days = sorted(date.fromisoformat(day) for day in query.get("dates", []))
        if (
            len(days) == 2
            and st.session_state["period"] == DATES
            and whole[0] <= days[0] <= days[1] <= whole[1]
        ):
            st.session_state["dates"] = (days[0], days[1])
    for name in DIMENSIONS:
        allowed = data.dimension_values(snapshot, name)
        st.session_state[name] = [value for value in query.get(name, []) if value in allowed]
