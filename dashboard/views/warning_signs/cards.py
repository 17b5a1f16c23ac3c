"""The five warning signs as cards, and behind each the picture, the steps or the tickets that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import links, step_links, widgets
from dashboard.filters.step_names import named_steps
from dashboard.kit import render
from dashboard.kit.render import LONGEST
from dashboard.language import _, words
from dashboard.queries import warehouse
from dashboard.views.warning_signs import charts, queries, text
from metrics.query.scope import Scope
from metrics.warnings import errors, knowledge, onboarding

HOTSPOTS, TRAINING = "views/hotspots/view.py", "views/training_needs/view.py"
ICONS = {
    "warning": ":material/warning:",
    "none": ":material/check_circle:",
    "early": ":material/help:",
    "unknown": ":material/help:",
}
Rows = Sequence[Mapping[str, Any]]


def cards(signs: pl.DataFrame) -> None:
    """Which signs are there, and one card per sign: its measures, what it means and what to do."""
    render.say(text.opening(signs.to_dicts()))
    with st.grid(2, min_column_width=330, gap="small"):
        for name in text.SIGNS:
            _card(name, signs.filter(pl.col("sign") == name).to_dicts())
    st.caption(
        words.escaped(_("The limits are set in stepsight.toml, under [warnings] (docs/SETTINGS.md)."), 160)
    )


def _card(name: str, rows: Rows) -> None:
    sign, status = text.SIGNS[name], text.status(rows)
    with st.container(border=True, height="stretch"):
        title = _("{sign}: {status}", sign=_(sign.title), status=_(text.STATUS[status]))
        st.markdown(f"**{ICONS[status]} {words.escaped(title)}**")
        for row in rows:
            with st.container(gap=None):
                _measure(row)
        if status == "warning":
            st.markdown(words.escaped(f"{_(sign.meaning)} {_(sign.todo)}", LONGEST))
        elif status == "unknown":
            st.caption(words.escaped(text.why_unknown(name, are_hours_set=queries.are_hours_set()), LONGEST))


def _measure(row: Mapping[str, Any]) -> None:
    value = words.escaped(text.value(row["value"], row["unit"]))
    name = words.escaped(text.measure(row["measure"], queries.limits()), 160)
    st.markdown(f"**{value}** {name}")
    st.caption(words.escaped(text.basis(row), LONGEST))


def closer_look(snapshot: str | None, scope: Scope) -> None:
    """The chosen sign: its picture, and the ways to the steps and tickets behind it."""
    titles = {_(sign.title): name for name, sign in text.SIGNS.items()}
    name = widgets.choice(_("Step in detail"), titles, key="sign")
    sign = text.SIGNS[name]
    render.say(f"{_(sign.meaning)} {_(sign.todo)}")
    _DETAILS[name](snapshot, scope)


def _onboarding(snapshot: str | None, scope: Scope) -> None:
    bands = onboarding.learning(queries.counted(snapshot, scope).visits)
    as_good = queries.limits().as_good_factor
    for measure in ("confusion", "time"):
        render.chart(
            charts.onboarding_bands(
                bands, measure=measure, as_good=as_good, palette=render.current_palette()
            ),
            key=f"onboarding {measure}",
        )
    label = _("Which steps are learnt with practice, and which stay hard →")
    st.page_link(TRAINING, label=words.escaped(label, 120), icon="", query_params=links.filters())


def _errors(snapshot: str | None, scope: Scope) -> None:
    steps = errors.erring_steps(queries.counted(snapshot, scope).visits)
    render.chart(charts.erring_steps(steps, palette=render.current_palette()), key="errors")
    if steps.height:
        _visits_of(snapshot, scope, steps)


def _visits_of(snapshot: str | None, scope: Scope, steps: pl.DataFrame) -> None:
    """A step with errors to choose, and links to its visits."""
    at = {(row["workflow"], row["version"], row["step"]): place for place, row in enumerate(steps.to_dicts())}
    rows = {
        name: row
        for name, row in named_steps(warehouse.ranked_steps(snapshot, scope)).items()
        if (row["workflow"], row["version"], row["step"]) in at
    }
    order = sorted(
        rows, key=lambda name: at[rows[name]["workflow"], rows[name]["version"], rows[name]["step"]]
    )
    if order:
        step = widgets.choice(_("The visits to a step"), {name: name for name in order}, key="step")
        links.to_visits(rows[step], step)
        step_links.to_step(step)


def _consistency(snapshot: str | None, scope: Scope) -> None:  # noqa: ARG001 - as the others
    render.say(
        _(
            "Agents are compared on equal cases: the same step versions, reasons and channels. ± "
            "30% means that a typical agent is about 30% above or below the expected value. "
            "Chance is already taken out. No agent's own figure is ever shown."
        )
    )
    _to_hotspots(_("Steps where a few agents have most of the extra confusion: coaching →"))


def _knowledge(snapshot: str | None, scope: Scope) -> None:
    most = queries.limits().held_by_five
    reasons = knowledge.reasons_in_few_hands(queries.counted(snapshot, scope).solved, most=most)
    chart = charts.reasons_in_few_hands(reasons, most=most, palette=render.current_palette())
    render.chart(chart, key="hands")
    hidden = reasons.filter(pl.col("share").is_null())["reason"].to_list()
    if hidden:
        render.say(
            _(
                "Solved by fewer than ten agents, so that no share is shown: {reasons}.",
                reasons=words.joined([words.label(reason) for reason in hidden]),
            )
        )
    if reasons.height:
        titles = {words.label(row["reason"]): row for row in reasons.to_dicts()}
        row = widgets.choice(_("The tickets of a reason"), titles, key="of")
        links.to_records("tickets_solved", row["tickets"], reason=words.label(row["reason"]))


def _overload(snapshot: str | None, scope: Scope) -> None:
    render.say(
        _(
            "An agent works on a ticket from the first action on it to the last. A break of more "
            "than {pause} interrupts the work. Calls one after the other count as one at a time. "
            "Chats side by side count as several.",
            pause=words.minutes(queries.limits().laid_down_minutes),
        )
    )
    if queries.are_hours_set():
        hours = "; ".join(
            f"{words.label(schedule.name)} {', '.join(period.text for period in schedule.hours)}"
            for schedule in warehouse.settings().schedules
        )
        render.say(_("Opening hours: {hours}.", hours=hours))
    else:
        render.say(text.why_unknown("overload", are_hours_set=False))
    n = warehouse.by_metric(snapshot, ("tickets_opened",), scope)["tickets_opened"]["n"]
    links.to_records("tickets_opened", n)


def _to_hotspots(label: str) -> None:
    st.page_link(HOTSPOTS, label=words.escaped(label, 120), icon="", query_params=links.filters())


_DETAILS = {
    "long onboarding": _onboarding,
    "high error rate": _errors,
    "inconsistent service": _consistency,
    "tribal knowledge": _knowledge,
    "overload": _overload,
}
