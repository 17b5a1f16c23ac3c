"""What a page's own widgets keep in the address, so that a link, Back and Forward show the same view.

Not with `bind`: Streamlit takes a bound parameter of a page out of the history when the page is left, and
Back would lead to the page without it. The shared filters are bound; they outlive pages.
"""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from dashboard import state
from dashboard.filters import filter_bar
from dashboard.language import in_english


def settle(key: str, *, default: str, allowed: Collection[str] | None = None, name: str = "") -> str | None:
    """Give the widget about to be drawn the value the address asks for; a notice if there is none such."""
    values = st.query_params.get_all(key)
    wished = values[-1] if values else None
    if key in st.session_state and wished == _written().get(key):
        return None  # the address says what the widget said last; what the reader has chosen since stands
    _written()[key] = wished
    if allowed is not None and wished not in allowed:
        wished = in_english(wished or "")  # a link may come from a reader of another language
    refused = None if allowed is None else filter_bar.unknown_values([wished or ""], list(allowed), name)
    st.session_state[key] = default if refused or not wished else wished
    return refused


def keep(key: str, value: str, *, default: str) -> None:
    """Write what the widget shows into the address, unless it says so already."""
    wished = st.query_params.get(key)
    if value != (default if wished is None else wished):
        st.query_params[key] = value
        _written()[key] = value


def _written() -> dict[str, str | None]:
    """What each key last stood for in the address of this session."""
    written: dict[str, str | None] = st.session_state.setdefault(state.ADDRESS, {})
    return written
