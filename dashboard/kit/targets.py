"""Opening hours and targets in words: shown beside every number they shape, and how to set them."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.kit import render
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _, words
from metrics.query.scope import Scope
from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from metrics.settings.targets import Measure, Target
from metrics.tickets.response_times import Time

MOST_LINES = 4
PAUSES = {"customer": N_("the customer is waited for"), "hold": N_("the ticket is on hold")}


def target_lines(settings: Settings, time: Time, scope: Scope, by: str, group: str) -> dict[str, float]:
    """The minutes promised on the clock chosen, by what a chart calls them; not those of other channels."""
    channels = {group} if by == "channel" and group else set(dict(scope.where).get("channel", ()))
    by_minutes: dict[float, list[Target]] = {}
    for target in settings.targets:
        minutes = target.minutes(time.measure)
        fits = not channels or _holds(target, channels, settings.targets)
        if minutes is not None and target.clock == time.clock and fits:
            by_minutes.setdefault(minutes, []).append(target)
    return {
        _(
            "target {time}: {tickets}", time=words.minutes(minutes), tickets=_for(by_minutes[minutes][0])
        ): minutes
        for minutes in sorted(by_minutes)[:MOST_LINES]
    }


def _holds(target: Target, channels: set[str], targets: tuple[Target, ...]) -> bool:
    """Whether a target may hold for tickets of these channels; one for all does not where each has one."""
    if target.channels:
        return bool(set(target.channels) & channels)
    own = {name for other in targets if not other.priorities for name in other.channels}
    return bool(target.priorities) or not channels <= own


def beside(settings: Settings, measure: Measure | None = None) -> None:
    """What was promised and when the desk is open, one click away from the numbers it shapes."""
    with st.expander(_("Opening hours and targets"), icon=":material/schedule:"):
        render.table(hours_table(settings.schedules, settings.time_zone))
        if settings.targets:
            render.table(target_table(settings.targets, measure))
        else:
            without_targets()


def without_targets() -> None:
    """Nothing was promised: why there are no service levels, and how to set them."""
    render.nothing_here(
        _("No targets are set"),
        _(
            "Service levels need targets. Write [[targets]] with first_response_minutes or "
            "resolution_minutes into stepsight.toml. Then run: stepsight refresh. "
            "docs/SETTINGS.md shows an example."
        ),
    )


def hours_table(schedules: tuple[Schedule, ...], time_zone: str) -> Table:
    """One row per version of a schedule."""
    rows = [
        {
            "name": words.label(schedule.name),
            "hours": ", ".join(hours.text for hours in schedule.hours),
            "zone": schedule.time_zone or time_zone,
            "tickets": _tickets(schedule.channels, schedule.teams),
            "closed": ", ".join(
                [*([schedule.holidays] if schedule.holidays else []), *map(words.day, schedule.closed_on)]
            )
            or words.UNKNOWN,
            "since": words.day(schedule.valid_from) if schedule.valid_from else words.UNKNOWN,
        }
        for schedule in schedules
    ]
    columns = {
        "name": Column(_("Schedule"), width=130),
        "hours": Column(_("Open"), width=330),
        "tickets": Column(_("For"), width=200),
        "zone": Column(_("Time zone"), width=130),
        "closed": Column(_("Closed on"), width=160, help=_("Public holidays of a region, and single days.")),
        "since": Column(_("From"), width=110),
    }
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
    return Table(_("Opening hours"), frame, columns, _("When the desk is open, and for which tickets"))


def target_table(targets: tuple[Target, ...], measure: Measure | None = None) -> Table:
    """One row per target; of one measure, only those that promise it."""
    rows = [
        {
            "tickets": _for(target),
            "first": words.minutes(target.first_response_minutes),
            "last": words.minutes(target.resolution_minutes),
            "clock": _("opening hours") if target.clock == "business" else _("every hour"),
            "pauses": ", ".join(_(PAUSES[pause]) for pause in target.pauses_while),
        }
        for target in targets
        if measure is None or target.minutes(measure) is not None
    ]
    columns = {
        "tickets": Column(_("For"), width=330),
        "first": Column(_("First response within"), width=170),
        "last": Column(_("Resolution within"), width=150),
        "clock": Column(_("Counted in"), width=130),
        "pauses": Column(_("Pauses while"), width=220),
    }
    return Table(
        _("Targets; the most specific for a ticket holds"),
        pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)),
        columns,
        _("What was promised for which tickets"),
    )


def _for(target: Target) -> str:
    return _tickets(target.channels, target.priorities)


def _tickets(channels: tuple[str, ...], others: tuple[str, ...]) -> str:
    groups = [words.joined([words.label(name) for name in names]) for names in (channels, others) if names]
    return ", ".join(groups) or _("all other tickets")
