"""Opening a saved view as the link it is: its page, its choices, and its filters instead of those set now."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import state
from dashboard.filters import navigation
from dashboard.language import reader
from dashboard.notes.notebook import SavedView


def request_view(view: SavedView) -> None:
    """Open the view in the run that follows."""
    st.session_state[state.VIEW_TO_OPEN] = view


def open_requested(pages: Mapping[str, StreamlitPage]) -> None:
    """Go to the view that was asked for; `pages`: the pages there are, by what the address calls them."""
    if (view := st.session_state.pop(state.VIEW_TO_OPEN, None)) is not None:
        navigation.open_view(pages[view.page], parse_qs(view.query) | reader.link_parameters())
