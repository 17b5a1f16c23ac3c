"""The filters every page shares: shown in the sidebar, kept in the link, checked before any query.

A link with a value that this data does not have falls back to the default, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

import streamlit as st

from dashboard import state
from dashboard.language import N_, _, in_english, words
from dashboard.queries import warehouse
from metrics.catalog.dimensions import dimension
from metrics.query.scope import Scope

PERIODS = {
    N_("Last 4 weeks"): 4 * 7,
    N_("Last 12 weeks"): 12 * 7,
    N_("Last 26 weeks"): 26 * 7,
    N_("Last 52 weeks"): 52 * 7,
}
ALL, DATES = N_("All data"), N_("Choose dates")
DIMENSIONS = {
    "source": N_("Source"),
    "channel": N_("Channel"),
    "team": N_("Team"),
    "workflow": N_("Workflow"),
}
CALLED = {
    "source": N_("the source"),
    "channel": N_("the channel"),
    "team": N_("the team"),
    "workflow": N_("the workflow"),
}
OWN_PREFIX = "own_"
"""What the address calls a dimension of the settings, before its name: pages have keys of their own."""


def show(snapshot: str | None) -> None:
    """Draw the filters and settle the scope of this run.

    Called by the entry point, not by pages: a widget of a page forgets its link when the page changes.
    """
    st.session_state[state.SCOPE] = snapshot, _selection(snapshot)


def keys() -> dict[str, str]:
    """The dimensions that one can filter by, each with its key in the address."""
    own = {name: f"{OWN_PREFIX}{name}" for name, _attribute in warehouse.settings().custom_dimensions}
    return {name: name for name in DIMENSIONS} | own


def current() -> tuple[str | None, Scope | None]:
    """The snapshot and the scope of this run; no scope where there is no data to choose from."""
    snapshot, scope = st.session_state[state.SCOPE]
    return snapshot, scope


def _selection(snapshot: str | None) -> Scope | None:
    settings = warehouse.settings()
    time_zone = settings.time_zone
    days = warehouse.data_range(snapshot, time_zone)
    if days is None:
        return None
    own = settings.custom_dimensions
    with st.sidebar:
        start, end = _period(*days, warehouse.weekly_volumes(snapshot))
        values = warehouse.values_of(snapshot, tuple(keys()))
        values_by_name = {name: _filter(name, key, values[name]) for name, key in keys().items()}
        period = words.period(*days)
        st.caption(_("Data from {period}, days in {time_zone}", period=period, time_zone=time_zone))
    where = tuple((name, values) for name, values in values_by_name.items() if values)
    return Scope(start=start, end=end, time_zone=time_zone, dimensions=own, where=where)


def link_values(name: str) -> list[str]:
    """What the link says for a filter, before the widget has swallowed what it cannot use."""
    return st.query_params.get_all(name)


def unknown_values(values: Sequence[str], allowed: Sequence[str], name: str = "") -> str | None:
    """The notice for values of a link that do not exist; None where all do."""
    unknown = [words.label(value, 40) for value in values if value and value not in allowed]
    if not unknown:
        return None
    left = [words.label(value, 40) for value in values if value in allowed]
    asks = _(
        "This link asks for {what}, which does not exist here.",
        what=" ".join([name.strip(), _("“{text}”", text=words.joined(unknown))]).strip(),
    )
    if not left:
        return f"{asks} {_('The default is shown instead.')}"
    return f"{asks} {_('Showing {values} only.', values=words.joined(left))}"


def _notice(text: str | None) -> None:
    if text:
        st.session_state.setdefault(state.NOTICES, []).append(text)


def show_notices() -> None:
    """Say once, at the top of the page, what of the link could not be followed."""
    for text in st.session_state.pop(state.NOTICES, []):
        warn(text)


def warn(notice: str) -> None:
    """Say what of the link could not be followed."""
    st.warning(words.escaped(notice, 600), icon=":material/link_off:")


def _period(first: date, last: date, volumes: Sequence[Sequence[int]]) -> tuple[date, date]:
    length = (last - first).days + 1
    options = [name for name, days in PERIODS.items() if days <= length] + [ALL, DATES]
    _in_any_language(options)
    periods = [in_english(value) for value in link_values(state.PERIOD)]
    _notice(unknown_values(periods, options, _("the period")))
    titles = {name: _(name) for name in options}
    choice = st.selectbox(
        _("Period"),
        options,
        index=0 if state.PERIOD in st.session_state else first_period(options, volumes),
        format_func=lambda name: titles.get(name, name),
        key=state.PERIOD,
        bind="query-params",
        persist_state="session",
    )
    if choice == DATES:
        return _dates(first, last)
    days = PERIODS[choice] if choice in PERIODS and choice in options else length
    return last - timedelta(days=days - 1), last


def first_period(options: Sequence[str], volumes: Sequence[Sequence[int]]) -> int:
    """The place of the shortest period with ordinary volume: a history that fades shows nothing at its end.

    `volumes`: tickets with events in each seven days, the newest first, and openings. Ordinary is each from a
    third of the week that the median ticket is in: of a history that fades most weeks may have hardly any.
    """
    for place, name in enumerate(options):
        weeks = PERIODS.get(name, 0) // 7
        if all(_is_ordinary(volume[:weeks], volume) for volume in volumes):
            return place  # of the rest the first is all data
    return 0


def _is_ordinary(weeks: Sequence[int], volume: Sequence[int]) -> bool:
    ordered = sorted(volume)
    so_far = accumulate(ordered)
    normal = next((week for week, n in zip(ordered, so_far, strict=True) if 2 * n >= sum(ordered)), 0)
    return 3 * sum(weeks) >= normal * len(weeks)


def _in_any_language(options: Sequence[str]) -> None:
    """A link says the period in the language it was made in; the widget knows only the reader's."""
    for value in link_values(state.PERIOD):
        meant = in_english(value)
        if meant in options and _(meant) != value and state.PERIOD not in st.session_state:
            st.session_state[state.PERIOD] = meant


def _dates(first: date, last: date) -> tuple[date, date]:
    allowed = [f"{first + timedelta(days=place)}" for place in range((last - first).days + 1)]
    _notice(unknown_values(link_values("dates"), allowed, _("the date")))
    choice = st.date_input(
        _("First and last day"),
        value=(first, last),
        min_value=first,
        max_value=last,
        format="YYYY-MM-DD",
        key="dates",
        bind="query-params",
        persist_state="session",
    )
    inside = [min(max(each, first), last) for each in (choice if isinstance(choice, tuple) else ())]
    # While the reader has picked only the first day, the last stays open.
    return (min(inside), max(inside)) if len(inside) == 2 else (inside[0] if inside else first, last)


def _filter(name: str, key: str, allowed: list[str]) -> tuple[str, ...]:
    title = _(DIMENSIONS.get(name) or dimension(name, warehouse.settings().custom_dimensions).title)
    _notice(unknown_values(link_values(key), allowed, _(CALLED[name]) if name in CALLED else title))
    if not allowed:
        return ()  # a filter without anything to choose would only be in the way
    selection = st.multiselect(
        title,
        allowed,
        placeholder=_("All"),
        key=key,
        bind="query-params",
        persist_state="session",
    )
    # The browser's choices are wishes: only what the data has reaches a query.
    return tuple(sorted(value for value in selection if value in allowed))
