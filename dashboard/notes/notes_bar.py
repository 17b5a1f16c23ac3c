"""Saved views and annotations in the sidebar: list, open, add, rename, delete; what is refused is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, get_args
from urllib.parse import urlencode

import streamlit as st

from dashboard import state
from dashboard.language import _, words
from dashboard.language.messages import say
from dashboard.notes import notebook, store, view_requests
from dashboard.notes.marks import KINDS, Mark, in_words
from dashboard.notes.notebook import Notebook, Occasion
from dashboard.queries import warehouse
from etl.errors import StepsightError

MOST_NOTES = 12
NOT_SAVED = ("lang",)
"""Said by an address, but a matter of the reader, not of the view."""


def show(snapshot: str | None, pages: Mapping[str, Any], page: str) -> None:
    """Two pop-overs; `pages`: the pages there are, by what the address calls them; `page`: the one shown."""
    with st.sidebar, st.container(horizontal=True, gap="small"):
        try:
            written = store.read()
        except StepsightError as error:
            st.warning(words.escaped(say(error), 600), icon=":material/bookmark:")
            return
        with st.popover(_("Saved views"), icon=":material/bookmark:", type="tertiary"):
            _views(written, pages, page)
        with st.popover(_("Annotations"), icon=":material/flag:", type="tertiary"):
            _annotations(written, snapshot)


def _views(written: Notebook, pages: Mapping[str, Any], page: str) -> None:
    _refusal(state.VIEW_ERROR)
    views = [view for view in written.views if view.page in pages]
    if not views:
        st.caption(_("Nothing saved yet. A saved view is this page with its filters and choices, by name."))
    for view in views:
        st.button(
            words.escaped(view.name, notebook.LONGEST_NAME),
            key=f"open {view.id}",
            icon=":material/bookmark:",
            type="tertiary",
            on_click=view_requests.request_view,
            args=(view,),
        )
    if views:
        with st.expander(_("Rename or delete")):
            _edit({view.name: view.id for view in views})
    with st.form("save view", border=False, clear_on_submit=True):
        st.text_input(
            _("Save this view as"),
            key=state.VIEW_NAME,
            max_chars=notebook.LONGEST_NAME,
            placeholder=_("For example: Billing, last 4 weeks"),
        )
        st.form_submit_button(_("Save"), on_click=_save, args=(page,))


def _edit(ids: Mapping[str, str]) -> None:
    """Names are told apart without regard to case, so that none stands for two views."""
    title = st.selectbox(_("Saved view"), list(ids), key="view to edit")
    st.text_input(_("New name"), key=state.NEW_VIEW_NAME, max_chars=notebook.LONGEST_NAME)
    view_id = ids.get(title, "")
    with st.container(horizontal=True, gap="small"):
        st.button(_("Rename"), on_click=_rename, args=(view_id,))
        gone = partial(notebook.without, entry_id=view_id)
        st.button(_("Delete"), icon=":material/delete:", on_click=_write, args=(state.VIEW_ERROR, gone))


def _annotations(written: Notebook, snapshot: str | None) -> None:
    _refusal(state.ANNOTATION_ERROR)
    st.caption(_("What happened on a day stands on every chart over time. New versions do by themselves."))
    latest = sorted(written.annotations, key=lambda note: note.day, reverse=True)[:MOST_NOTES]
    for note in latest:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            label = in_words(Mark(note.day, note.occasion, note.text))
            st.markdown(words.escaped(f"{words.day(note.day)}: {label}", 120), width="stretch")
            st.button(
                " ",
                key=f"delete {note.id}",
                icon=":material/delete:",
                type="tertiary",
                help=_("Delete this annotation"),
                on_click=_write,
                args=(state.ANNOTATION_ERROR, partial(notebook.without, entry_id=note.id)),
            )
    if len(written.annotations) > MOST_NOTES:
        st.caption(_("The latest {shown} are listed; charts show the others, too.", shown=MOST_NOTES))
    days = warehouse.data_range(snapshot, warehouse.settings().time_zone)
    with st.form("annotate", border=False, clear_on_submit=True):
        st.date_input(
            _("Day"), value=days[1] if days else "today", format="YYYY-MM-DD", key=state.ANNOTATION_DAY
        )
        titles = {_(KINDS[occasion]): occasion for occasion in get_args(Occasion)}
        st.selectbox(_("What"), list(titles), key=state.ANNOTATION_OCCASION)
        st.text_input(
            _("What happened"),
            key=state.ANNOTATION_TEXT,
            max_chars=notebook.LONGEST_TEXT,
            placeholder=_("For example: telephone down in the morning"),
        )
        st.form_submit_button(_("Add"), on_click=_annotate, args=(titles,))


def _save(page: str) -> None:
    query = {name: st.query_params.get_all(name) for name in st.query_params if name not in NOT_SAVED}
    name, address = st.session_state[state.VIEW_NAME], urlencode(query, doseq=True)
    _write(state.VIEW_ERROR, lambda old: notebook.with_view(old, name, page, address))


def _rename(view_id: str) -> None:
    name = st.session_state[state.NEW_VIEW_NAME]
    _write(state.VIEW_ERROR, lambda old: notebook.renamed(old, view_id, name))


def _annotate(titles: Mapping[str, Occasion]) -> None:
    day, text = st.session_state[state.ANNOTATION_DAY], st.session_state[state.ANNOTATION_TEXT]
    occasion = titles.get(st.session_state[state.ANNOTATION_OCCASION], "note")
    if isinstance(day, date):
        _write(state.ANNOTATION_ERROR, lambda old: notebook.with_annotation(old, day, occasion, text))


def _write(place: str, changed: Callable[[Notebook], Notebook]) -> None:
    """Write it, or keep what was wrong for the run that follows."""
    try:
        store.write(changed)
    except StepsightError as error:
        st.session_state[place] = say(error)


def _refusal(place: str) -> None:
    if message := st.session_state.pop(place, ""):
        st.error(words.escaped(message, 600), icon=":material/error:")
