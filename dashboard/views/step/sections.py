"""The parts of a step's page: its signs week by week, its ways, its causes, whom it concerns, its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import dimension_choices, links, step_names, widgets
from dashboard.kit import render
from dashboard.kit.charts.trend import trend
from dashboard.kit.steps.states_table import states_table
from dashboard.kit.steps.step_signs import sign_title, step_signs
from dashboard.kit.tables.move_table import move_table
from dashboard.kit.tables.records_table import run_links
from dashboard.kit.tables.weeks_table import week_table
from dashboard.language import _, words
from dashboard.queries import step_numbers, warehouse
from dashboard.views.step import text
from dashboard.views.step.groups import HOLDERS, held_by, holder_table
from dashboard.views.step.tables import answer_table, help_table, search_table
from dashboard.views.step.ways import step_ways
from metrics.catalog.metrics import CATALOG
from metrics.catalog.signs import SIGNS
from metrics.query.scope import Scope
from metrics.steps.weeks import CONFUSED

EXAMPLES = 10
Row = Mapping[str, Any]


def version_title(step: Row) -> str:
    """What the map calls the step's workflow version."""
    return step_names.version_title(step["workflow"], step["version"])


def signs(snapshot: str | None, here: Scope, step: Row) -> None:
    """By which signs it confuses, and one of them week by week; new versions mark themselves."""
    render.chart(step_signs(step, palette=render.current_palette()), key="signs")
    kinds = {_("Confused visits"): CONFUSED} | {
        sign_title(sign.name).capitalize(): sign.name for sign in SIGNS
    }
    sign = widgets.choice(_("Week by week"), kinds, key="sign")
    title = next(each for each, name in kinds.items() if name == sign)
    measure = replace(CATALOG["confusion_rate"], title=title)
    weeks = step_numbers.sign_weeks(snapshot, here, sign)
    shaded = (here.start, here.end) if here.start and here.end else None
    figure = trend(weeks, metric=measure, shaded=shaded, palette=render.current_palette())
    render.chart(figure, key="weeks", workflow=step["workflow"])
    if weeks.height:
        render.folded_table(week_table(weeks, metric=measure))


def ways(snapshot: str | None, version: Scope, step: Row, *, return_share: float | None = None) -> None:
    """From where runs come, and where they go on or back to; `return_share`: of a state."""
    process = step_numbers.version_moves(snapshot, version, step["workflow"], step["version"])
    titles = {
        each: words.label(title or each)
        for each, title in step_numbers.step_times(snapshot, version)["step", "title"].rows()
    }
    chart = step_ways(
        step["step"], process.moves, titles, return_share=return_share, palette=render.current_palette()
    )
    render.chart(chart, key="ways")
    beside = process.moves.filter(
        (process.moves["step"] == step["step"]).fill_null(value=False)
        | (process.moves["next_step"] == step["step"]).fill_null(value=False)
    )
    render.folded_table(move_table(beside, titles))


def causes(snapshot: str | None, here: Scope) -> None:
    """What is answered anew, what is searched, what precedes a call for help; and what was not seen."""
    causes = step_numbers.causes_of(snapshot, here)
    has_agents, least = warehouse.has_agents(snapshot), step_numbers.smallest_group(snapshot)
    nothing_of = {
        "answers": _("No answer given here was changed later."),
        "searches": _("Nothing was searched in the knowledge base here."),
        "help": _("Nobody asked for help here."),
    }
    nothing_of_enough = {
        "answers": _("No answer given here was changed later by {least} agents or more.", least=least),
        "searches": _("Nothing was searched here by {least} agents or more.", least=least),
        "help": _("Nothing preceded calls for help of {least} agents or more here.", least=least),
    }
    tables = {"answers": answer_table, "searches": search_table, "help": help_table}
    for name, table in tables.items():
        if causes[name].height:
            render.table(table(causes[name]), tall=8)
        else:
            nothing = nothing_of_enough[name] if has_agents else nothing_of[name]
            st.caption(words.escaped(nothing, render.LONGEST))
    if has_agents:
        left_out = _("What fewer than {least} agents typed, answered or did here is left out.", least=least)
        st.caption(left_out)


def affected(snapshot: str | None, here: Scope, step: Row) -> None:
    """Whom the confusion concerns; groups of few agents are not shown."""
    divisions = {_(title): by for by, title in HOLDERS.items()} | dimension_choices.further(snapshot)
    by = widgets.choice(
        _("Who is affected, by"), dimension_choices.with_values(snapshot, divisions), key="who"
    )
    rows = step_numbers.holders(snapshot, by, here)
    figure = held_by(rows, by, overall=step["confusion_rate"], palette=render.current_palette())
    render.chart(figure, key="who is affected")
    if rows.height > 1:
        render.folded_table(holder_table(rows, by))


def examples(snapshot: str | None, here: Scope) -> None:
    """Runs in which it confused, to be read event by event."""
    _to_runs(warehouse.visits(snapshot, here, "hits", EXAMPLES, 0), here)


def state(snapshot: str | None, version: Scope, here: Scope, step: Row) -> None:
    """A state of tickets: its time, hand-overs and returns beside the other states; its ways and visits."""
    states = step_numbers.states(snapshot, version)
    own = next((row for row in states.to_dicts() if row["step"] == step["step"]), None)
    if own is not None:
        render.say(text.state(own))
    ways(snapshot, version, step, return_share=own["return_share"] if own else None)
    render.table(states_table(states))
    _to_runs(step_numbers.visits_to_states(snapshot, here, EXAMPLES), here, guided=False)


def _to_runs(visits: pl.DataFrame, here: Scope, *, guided: bool = True) -> None:
    if visits.is_empty():
        return
    table = run_links(visits, time_zone=here.time_zone, guided=guided)
    st.header(words.escaped(table.title, render.LONGEST), anchor=False)
    row = render.page_of(table, key="example", export=lambda: table)
    if row is not None:
        links.open_ticket(visits["ticket_id"][row], visits["run_id"][row])
