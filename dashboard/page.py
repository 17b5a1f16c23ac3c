"""How every page begins (title, notices, whether there is data) and how it lets the reader choose."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import data, drawing, scope_bar, words
from metrics.scope import Scope


def begin(title: str, question: str) -> tuple[str | None, Scope]:
    """The snapshot and the scope a page answers for; ends the page where nothing has been loaded."""
    st.title(title, anchor=False)
    scope_bar.show_notices()
    snapshot, scope = scope_bar.current()
    if scope is None:
        st.caption(question)
        drawing.nothing_loaded()
        st.stop()
    st.caption(words.escaped(_subject(snapshot, scope), drawing.LONGEST))
    return snapshot, scope


def _subject(snapshot: str | None, scope: Scope) -> str:
    excluded = data.excluded_tickets(snapshot, scope)
    left_out = f" · {words.counted(excluded, 'merged, spam or deleted ticket')} left out" if excluded else ""
    sentence = scope.in_words()
    return f"{sentence[:1].upper()}{sentence[1:]}{left_out}"


def choice(label: str, options: Mapping[str, str], *, key: str) -> str:
    """The name behind one of the titles, kept in the link; the first where the link names none there is.

    Titles, for the link carries what the widget shows: it reads as a sentence, and holds on any data.
    """
    titles = list(options)
    asked = scope_bar.refused(scope_bar.asked_for(key), titles)
    picked = st.selectbox(label, titles, key=key, bind="query-params", persist_state="session", width=420)
    if asked:
        st.warning(words.escaped(asked, drawing.LONGEST), icon=":material/link_off:")
    return options.get(picked, options[titles[0]])
