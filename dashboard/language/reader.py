"""In which language a reader reads: as the link says, else as they chose, else as their browser wishes."""

from __future__ import annotations

import streamlit as st

from dashboard import language
from dashboard.language import _

LINK, CHOSEN, FOLLOWED = "lang", "language", "language of the link"


def settle() -> None:
    """Settle the language of this run; first of all, for the names of the pages are texts already."""
    asked = st.query_params.get(LINK)
    if asked != st.session_state.get(FOLLOWED) and asked is not None:
        st.session_state[FOLLOWED] = asked
        if known := language.understood(asked):
            st.session_state[CHOSEN] = known
    if st.session_state.get(CHOSEN) not in language.languages():
        st.session_state[CHOSEN] = _wished()
    language.speak(st.session_state[CHOSEN])


def offer() -> None:
    """Let the reader choose another; the link says it from then on."""
    with st.sidebar:
        st.selectbox(
            _("Language"),
            language.languages(),
            format_func=language.autonym,
            key=CHOSEN,
            on_change=_into_the_link,
            persist_state="session",
        )


def said() -> dict[str, list[str]]:
    """What an address must say to a browser that wishes another language than the reader chose."""
    chosen: str = st.session_state[CHOSEN]
    return {} if chosen == _wished() else {LINK: [chosen]}


def _into_the_link() -> None:
    chosen = st.session_state[CHOSEN]
    st.session_state[FOLLOWED] = chosen
    st.query_params[LINK] = chosen


def _wished() -> str:
    return language.understood(st.context.locale) or language.ENGLISH
