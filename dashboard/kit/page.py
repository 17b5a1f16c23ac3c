"""How every page begins: its title, its notices, its scope, and whether there is data."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.filters import filter_bar, scope_words
from dashboard.kit import doubt, render
from dashboard.kit.export import chart_exports, page_content
from dashboard.language import _, ngettext, words
from dashboard.queries import warehouse
from metrics.query.scope import Scope


class EndOfPage(Exception):
    """Raised where a page has no more to show."""


def end() -> NoReturn:
    """Nothing more comes on this page. Not `st.stop`, after which what stands for a page that loads stays."""
    raise EndOfPage


def begin(title: str, question: str) -> tuple[str | None, Scope]:
    """The snapshot and the scope a page answers for; ends the page where nothing has been loaded."""
    _head(title, question)
    filter_bar.show_notices()
    snapshot, scope = filter_bar.current()
    if scope is None:
        st.caption(question)
        render.nothing_loaded()
        end()
    if refusal := warehouse.small_group(snapshot, scope):
        st.caption(words.escaped(scope_words.sentence(scope), render.LONGEST))
        render.lag(is_lagging=warehouse.is_lagging(snapshot))
        render.small_group(refusal)
        end()
    st.caption(words.escaped(_subject(snapshot, scope), render.LONGEST))
    render.lag(is_lagging=warehouse.is_lagging(snapshot))
    doubt.suspicions(warehouse.suspicious_checks(snapshot, scope))
    return snapshot, scope


def begin_beside_the_scope(
    title: str, question: str, *, has_numbers: bool = True
) -> tuple[str | None, Scope | None]:
    """The same for a page that the filters do not change; it is there even where nothing has been loaded.

    `has_numbers`: whether it shows some that data may make wrong.
    """
    _head(title, question)
    filter_bar.show_notices()
    st.caption(question)
    snapshot, scope = filter_bar.current()
    render.lag(is_lagging=warehouse.is_lagging(snapshot))
    if has_numbers:
        doubt.suspicions(warehouse.suspicious_checks(snapshot, None))
    return snapshot, scope


def _head(title: str, question: str) -> None:
    """The title, and beside it the page to take along."""
    page = page_content.begin(title, question)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        chart_exports.offer_report(page, palette=render.current_palette())


def _subject(snapshot: str | None, scope: Scope) -> str:
    excluded = warehouse.excluded_tickets(snapshot, scope)
    left_out = ngettext(
        "{n} merged, spam or deleted ticket left out",
        "{n} merged, spam or deleted tickets left out",
        excluded,
        n=words.count(excluded),
    )
    ends_at = scope_words.end_of_data(scope, warehouse.newest_event(snapshot))
    end = _("the data ends at {time} on the last day", time=ends_at) if ends_at else ""
    return " · ".join(
        part for part in (scope_words.sentence(scope), end, left_out if excluded else "") if part
    )
