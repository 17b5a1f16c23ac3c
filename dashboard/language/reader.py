"""In which language a reader reads: as the link says, else as they chose, else as their browser wishes."""

from __future__ import annotations

import streamlit as st

from dashboard import language, state
from dashboard.language import _

LINK = "lang"


def settle() -> None:
    """Settle the language of this run; first of all, for the names of the pages are texts already."""
    link = st.query_params.get(LINK)
    if link != st.session_state.get(state.LANGUAGE_OF_LINK) and link is not None:
        st.session_state[state.LANGUAGE_OF_LINK] = link
        if code := language.understood(link):
            st.session_state[state.LANGUAGE] = code
    if st.session_state.get(state.LANGUAGE) not in language.languages():
        st.session_state[state.LANGUAGE] = _wished()
    language.speak(st.session_state[state.LANGUAGE])


def offer() -> None:
    """Let the reader choose another; the link says it from then on."""
    with st.sidebar:
        st.selectbox(
            _("Language"),
            language.languages(),
            format_func=language.autonym,
            key=state.LANGUAGE,
            on_change=_into_the_link,
            persist_state="session",
        )


def link_parameters() -> dict[str, list[str]]:
    """What an address must say to a browser that wishes another language than the reader chose."""
    code: str = st.session_state[state.LANGUAGE]
    return {} if code == _wished() else {LINK: [code]}


def _into_the_link() -> None:
    code = st.session_state[state.LANGUAGE]
    st.session_state[state.LANGUAGE_OF_LINK] = code
    st.query_params[LINK] = code


def _wished() -> str:
    return language.understood(st.context.locale) or language.ENGLISH
