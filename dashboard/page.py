"""How every page begins: the filters, the title, what the link asked for in vain, whether there is data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import data, drawing, scope_bar, words
from metrics.scope import Scope


def begin(title: str, question: str) -> tuple[str | None, Scope]:
    """The snapshot and the scope a page answers for; ends the page where nothing has been loaded."""
    snapshot = data.snapshot()
    scope = scope_bar.chosen(snapshot)
    st.title(title, anchor=False)
    scope_bar.show_notices()
    if scope is None:
        st.caption(question)
        drawing.nothing_loaded()
        st.stop()
    st.caption(words.escaped(_subject(snapshot, scope), drawing.LONGEST))
    return snapshot, scope


def _subject(snapshot: str | None, scope: Scope) -> str:
    excluded = data.excluded_tickets(snapshot, scope)
    left_out = f" · {words.counted(excluded, 'merged, spam or deleted ticket')} left out" if excluded else ""
    return f"{scope.in_words()}{left_out}"


def choice(label: str, options: Sequence[str], *, key: str, shown: Callable[[str], str]) -> str:
    """One of the options, kept in the link; the first one where the link names none that exists."""
    asked = scope_bar.refused(scope_bar.asked_for(key), options, label.lower())
    picked = st.selectbox(
        label, options, format_func=shown, key=key, bind="query-params", persist_state="session", width=420
    )
    if asked:
        st.warning(words.escaped(asked, drawing.LONGEST), icon=":material/link_off:")
    return picked if picked in options else options[0]
