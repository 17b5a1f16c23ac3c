"""The five warning signs as cards, and behind each the picture, the steps or the tickets that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import data, data_warnings, drawing, leading, page, step_links, words
from dashboard.charts import warnings as charts
from dashboard.drawing import LONGEST
from dashboard.language import _
from dashboard.sentences import warning_words
from dashboard.tables.steps import named_steps
from metrics.query.scope import Scope
from metrics.warnings import errors, knowledge, onboarding

HOTSPOTS, TRAINING = "views/hotspots.py", "views/training_needs.py"
ICONS = {True: ":material/warning:", False: ":material/check_circle:", None: ":material/help:"}
Rows = Sequence[Mapping[str, Any]]


def cards(signs: pl.DataFrame) -> None:
    """One card per sign: is it there, its measures, what it means and what to do."""
    with st.grid(2, min_column_width=330, gap="small"):
        for name in warning_words.SIGNS:
            _card(name, signs.filter(pl.col("sign") == name).to_dicts())
    st.caption(
        words.escaped(_("The limits are set in stepsight.toml, under [warnings] (docs/SETTINGS.md)."), 160)
    )


def _card(name: str, rows: Rows) -> None:
    sign, status = warning_words.SIGNS[name], warning_words.status(rows)
    with st.container(border=True, height="stretch"):
        said = _("{sign}: {status}", sign=_(sign.title), status=_(warning_words.STATUS[status]))
        st.markdown(f"**{ICONS[status]} {words.escaped(said)}**")
        for row in rows:
            with st.container(gap=None):
                _measure(row)
        if status:
            st.markdown(words.escaped(f"{_(sign.meaning)} {_(sign.todo)}", LONGEST))
        elif status is None:
            st.caption(
                words.escaped(
                    warning_words.why_unknown(name, are_hours_set=data_warnings.are_hours_set()), LONGEST
                )
            )


def _measure(row: Mapping[str, Any]) -> None:
    value = words.escaped(warning_words.value(row["value"], row["unit"]))
    name = words.escaped(warning_words.measure(row["measure"], data_warnings.limits()), 160)
    st.markdown(f"**{value}** {name}")
    st.caption(words.escaped(warning_words.basis(row), LONGEST))


def closer_look(snapshot: str | None, scope: Scope) -> None:
    """The chosen sign: its picture, and the ways to the steps and tickets behind it."""
    titles = {_(sign.title): name for name, sign in warning_words.SIGNS.items()}
    name = page.choice(_("A closer look at"), titles, key="sign")
    sign = warning_words.SIGNS[name]
    drawing.say(f"{_(sign.meaning)} {_(sign.todo)}")
    _DETAILS[name](snapshot, scope)


def _onboarding(snapshot: str | None, scope: Scope) -> None:
    bands = onboarding.learning(data_warnings.counted(snapshot, scope).visits)
    as_good = data_warnings.limits().as_good_factor
    for measure in ("confusion", "time"):
        drawing.chart(
            charts.onboarding_bands(
                bands, measure=measure, as_good=as_good, palette=drawing.current_palette()
            ),
            key=f"onboarding {measure}",
        )
    label = _("Which steps are learnt with practice, and which stay hard →")
    st.page_link(TRAINING, label=words.escaped(label, 120), icon="", query_params=leading.filters())


def _errors(snapshot: str | None, scope: Scope) -> None:
    steps = errors.erring_steps(data_warnings.counted(snapshot, scope).visits)
    drawing.chart(charts.erring_steps(steps, palette=drawing.current_palette()), key="errors")
    if steps.height:
        _visits_of(snapshot, scope, steps)


def _visits_of(snapshot: str | None, scope: Scope, steps: pl.DataFrame) -> None:
    """A step with errors to choose, and links to its visits."""
    at = {(row["workflow"], row["version"], row["step"]): place for place, row in enumerate(steps.to_dicts())}
    rows = {
        name: row
        for name, row in named_steps(data.ranked_steps(snapshot, scope)).items()
        if (row["workflow"], row["version"], row["step"]) in at
    }
    order = sorted(
        rows, key=lambda name: at[rows[name]["workflow"], rows[name]["version"], rows[name]["step"]]
    )
    if order:
        step = page.choice(_("The visits to a step"), {name: name for name in order}, key="step")
        leading.to_visits(rows[step], step)
        step_links.to_step(step)


def _consistency(snapshot: str | None, scope: Scope) -> None:  # noqa: ARG001 - as the others
    drawing.say(
        _(
            "Agents are compared on equal cases: at the same step versions, and for the same reasons and "
            "channels. ± 30% means that a usual agent lies some 30% above or below what their cases let "
            "expect, chance taken out. Nobody's own figure is shown, here or anywhere."
        )
    )
    _to_hotspots(_("The steps where a few agents hold the excess: coaching →"))


def _knowledge(snapshot: str | None, scope: Scope) -> None:
    most = data_warnings.limits().held_by_five
    reasons = knowledge.reasons_in_few_hands(data_warnings.counted(snapshot, scope).solved, most=most)
    chart = charts.reasons_in_few_hands(reasons, most=most, palette=drawing.current_palette())
    drawing.chart(chart, key="hands")
    hidden = reasons.filter(pl.col("share").is_null())["reason"].to_list()
    if hidden:
        drawing.say(
            _(
                "Solved by fewer than ten agents, so that no share is shown: {reasons}.",
                reasons=words.joined([words.label(reason) for reason in hidden]),
            )
        )
    if reasons.height:
        titles = {words.label(row["reason"]): row for row in reasons.to_dicts()}
        row = page.choice(_("The tickets of a reason"), titles, key="of")
        leading.to_records("tickets_solved", row["tickets"], reason=words.label(row["reason"]))


def _overload(snapshot: str | None, scope: Scope) -> None:
    drawing.say(
        _(
            "An agent has a ticket in hand from the first to the last thing done on it, with at most {pause} "
            "between two. Calls one after the other are one at a time; chats side by side are several.",
            pause=words.minutes(data_warnings.limits().laid_down_minutes),
        )
    )
    if data_warnings.are_hours_set():
        hours = "; ".join(
            f"{words.label(schedule.name)} {', '.join(said.text for said in schedule.hours)}"
            for schedule in data.settings().schedules
        )
        drawing.say(_("Opening hours: {hours}.", hours=hours))
    else:
        drawing.say(warning_words.why_unknown("overload", are_hours_set=False))
    n = data.by_metric(snapshot, ("tickets_opened",), scope)["tickets_opened"]["n"]
    leading.to_records("tickets_opened", n)


def _to_hotspots(label: str) -> None:
    st.page_link(HOTSPOTS, label=words.escaped(label, 120), icon="", query_params=leading.filters())


_DETAILS = {
    "long onboarding": _onboarding,
    "high error rate": _errors,
    "inconsistent service": _consistency,
    "tribal knowledge": _knowledge,
    "overload": _overload,
}
