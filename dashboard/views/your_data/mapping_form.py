"""The questions of the page "Your data": which column is which, when it happened, what activities mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.language import N_, _, words
from dashboard.language.mapping_text import mapping_text
from dashboard.views.your_data import mapping_guide, uploads
from dashboard.views.your_data.mapping_guide import MOST_ACTIVITIES, NEEDED, OF_STEPS, OTHERS, USEFUL, Choices
from etl.contract import time_zones
from etl.contract.events import COLUMNS
from etl.contract.kinds import Kind
from etl.mapping.inspect import Inspection
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import with_source
from etl.messages.kinds import KIND_TITLES
from etl.store.archive import LoadRecord

TITLES = {
    "ticket_id": N_("Ticket"), "occurred_at": N_("When it happened"), "kind": N_("What happened"),
    "customer_id": N_("Customer"), "agent_id": N_("Agent"), "team": N_("Team"), "channel": N_("Channel"),
    "reason": N_("Contact reason"), "priority": N_("Priority"), "run_id": N_("Workflow run"),
    "workflow": N_("Workflow"), "version": N_("Version"), "step": N_("Step"), "value": N_("Answer"),
    "actor": N_("Who did it"), "score": N_("Rating"), "scale_max": N_("Top of the rating's scale"),
    "event_id": N_("Id of the event"), "seq": N_("Order within an instant"), "hits": N_("Search results"),
    "recorded_at": N_("When it was recorded"),
}  # fmt: skip


def show(guess: Inspection, activities: Callable[[str], Sequence[str]], *, key: str) -> Mapping:
    """The mapping as the reader has it; `key` tells the widgets of one file from those of another.

    `activities`: what a column names, the most frequent first.

    Raises:
        InvalidMapping: the answers contradict the contract.
    """
    guided, text = _("Answer some questions"), _("Write it as text (TOML)")
    way = st.segmented_control(
        _("How to say what the columns mean"), [guided, text], default=guided, key=f"{key} way", required=True
    )
    if way == text:
        return _written(guess, key)
    first = mapping_guide.guessed(guess)
    theirs = [column.name for column in guess.columns]
    columns = _columns(NEEDED, first, theirs, key)
    activity = _activity(first, theirs, key) if not columns["kind"] else None
    meant = _meanings(first, activities(activity), f"{key} {activity}") if activity else {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        zone = _zone(first.zone, key)
        form = st.text_input(
            _("Form of the times, if not ISO 8601"),
            first.form or "",
            key=f"{key} form",
            max_chars=60,
            placeholder="%d/%m/%Y %H:%M",
            width=280,
        )
    with st.expander(_("More columns: people, teams, reasons, workflow steps")):
        for group in (USEFUL, OF_STEPS, OTHERS):
            columns |= _columns(group, first, theirs, key)
    return mapping_guide.mapped(
        guess.mapping, Choices(columns, activity, meant, zone, form.strip() or None), theirs
    )


def source(mapping: Mapping, sources: Sequence[str], earlier: Sequence[LoadRecord], *, key: str) -> Mapping:
    """The mapping with the source that the reader names; asked for where the warehouse has `sources`.

    `earlier`: the loads of the same content, of which the last one says what to begin with. A mapping that
    names its source is left as it is.

    Raises:
        InvalidRequest: a source cannot be called so.
    """
    if not sources or mapping.source:
        return mapping
    was = earlier[-1].source if earlier else None
    names = ["", *sorted({*sources, was} if was else sources)]
    choice = st.selectbox(
        _("Source: the system that the file comes from"),
        names,
        index=names.index(was or ""),
        format_func=lambda name: words.label(name) if name else _("(none)"),
        accept_new_options=True,
        help=_("The warehouse holds several systems. Ids of one source are apart from those of another."),
        key=f"{key} source",
        width=480,
    )
    return with_source(mapping, choice or None)


def _columns(names: Sequence[str], first: Choices, theirs: list[str], key: str) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    with st.grid(3, min_column_width=220, gap="small"):
        for name in names:
            was = first.columns.get(name)
            choice = st.selectbox(
                _(TITLES[name]),
                theirs,
                index=theirs.index(was) if was in theirs else None,
                format_func=words.label,
                placeholder=_("Not in the file"),
                help=words.escaped(_(COLUMNS[name].description), 300),
                key=f"{key} {name}",
            )
            columns[name] = choice if choice in theirs else None
    return columns


def _activity(first: Choices, theirs: list[str], key: str) -> str | None:
    choice = st.selectbox(
        _("Column that names what was done, in the source's own words"),
        theirs,
        index=theirs.index(first.activity) if first.activity in theirs else None,
        format_func=words.label,
        placeholder=_("None: each row is one ticket, or the kind is a column"),
        key=f"{key} activity",
        width=480,
    )
    return choice if choice in theirs else None


def _meanings(first: Choices, activities: Sequence[str], key: str) -> dict[str, list[Kind]]:
    """What each activity tells; those that are not asked for mean what all others do."""
    meant = {name: list(kinds) for name, kinds in first.activities.items()}
    names = list(activities)[:MOST_ACTIVITIES]
    with st.expander(_("What the activities mean"), expanded=len(names) <= 8):
        for place, name in enumerate([*names, "*"]):
            meant[name] = st.multiselect(
                _("All others") if name == "*" else words.escaped(name),
                list(Kind),
                default=meant.get(name, meant.get("*", [])),
                format_func=lambda kind: _(KIND_TITLES[kind]),
                placeholder=_("Rows of this activity are rejected"),
                key=f"{key} activity {place}",
            )
    return meant


def _zone(was: str | None, key: str) -> str | None:
    zones = time_zones.zones()
    choice: str | None = st.selectbox(
        _("Time zone of times that name none"),
        zones,
        index=zones.index(was) if was in zones else None,
        placeholder=_("Such times are rejected"),
        key=f"{key} zone",
        width=280,
    )
    return choice if choice in zones else None


def _written(guess: Inspection, key: str) -> Mapping:
    text = st.text_area(
        _("Mapping"),
        mapping_text(guess),
        key=f"{key} toml",
        height=320,
        max_chars=50_000,
    )
    return uploads.written_mapping(text)
