"""A run visit by visit and event by event; the runs of a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.kit.steps.practice_words import bands
from dashboard.kit.tables.records_table import sign_names
from dashboard.kit.tables.table import Column, Table
from dashboard.kit.tables.timeline import detail, what
from dashboard.language import N_, _, words
from metrics.catalog.metrics import CATALOG
from metrics.process.run_events import CLOCKS, VISIT

Row = Mapping[str, Any]
EFFECTS = {
    "starts": N_("▶ starts “{clock}”"),
    "restarts": N_("↻ restarts “{clock}”"),
    "stops": N_("■ stops “{clock}”"),
    "pauses": N_("‖ pauses “{clock}”"),
    "goes on": N_("▶ “{clock}” goes on"),
    "counts": N_("● counts for “{clock}”"),
    "takes back": N_("↩ takes back “{clock}”"),
    "excludes": N_("✕ excludes from “{clock}”"),
}
BREACHES = {
    "unlisted next step": N_("went to a step that the definition does not list as next"),
    "unlisted escalation": N_("escalated where the definition does not allow it"),
    "required step skipped": N_("skipped this required step"),
}


def visit_list(visits: Sequence[Row], *, time_zone: str) -> Table:
    """One row per visit of a run, in order."""
    experience = bands("practice")
    titles = {visit["step"]: words.label(visit["title"] or visit["step"]) for visit in visits}
    rows = [
        {
            "number": visit["visit_number"],
            "step": ("◆ " if visit["is_confused"] else "") + titles[visit["step"]],
            "entered": words.instant(visit["entered_at"], time_zone),
            "stayed": words.minutes(visit["minutes"]),
            "fluent": words.minutes(visit["fluent_minutes"]),
            "paused": words.minutes(visit["paused_minutes"]) if visit["paused_minutes"] else "",
            "signs": sign_names(visit["signs"]),
            "left": exit_text(visit, titles),
            "team": words.label(visit["team"]),
            "experience": experience.get(visit["practice"], words.UNKNOWN),
        }
        for visit in visits
    ]
    is_of_states = any(visit["is_guided"] is False for visit in visits)
    columns = {
        "number": Column(_("No."), "count"),
        "step": Column(_("Step"), width=210, help="" if is_of_states else _("◆ marks a confused visit.")),
        "entered": Column(_("Entered"), width=140),
        "stayed": Column(_("Stayed"), width=75, help=_("Without pauses.")),
        "paused": Column(_("Pauses"), width=75),
        "fluent": Column(_("Fluent time"), width=90, help=_("The time of a fluent visit.")),
        "signs": Column(_("Signs"), width=170),
        "left": Column(_("How it was left"), width=260),
        "team": Column(_("Team"), width=120),
        "experience": Column(
            _("Agent's visit"),
            width=100,
            help=_("How often the agent had come to this step; nobody is named."),
        ),
    }
    frame = pl.DataFrame(rows, schema={name: pl.Int64 if name == "number" else pl.String for name in columns})
    if is_of_states:
        frame = frame.drop("fluent", "signs")
    return Table(
        _("Visit by visit"),
        frame,
        {name: column for name, column in columns.items() if name in frame.columns},
        _("Every visit of the run in order, with its time and how it was left")
        if is_of_states
        else _("Every visit of the run in order, with its time, its signs and how it was left"),
    )


def exit_text(visit: Row, titles: Mapping[str, str]) -> str:
    """How a visit was left: where to, whether back, and whether the definition allows it."""
    to = titles.get(visit["next_step"], words.label(visit["next_step"])) if visit["next_step"] else ""
    if visit["breach"]:
        breach = _(BREACHES[visit["breach"]])
        return _("⚠ {breach}: “{step}”", breach=breach, step=to) if to else _("⚠ {breach}", breach=breach)
    if visit["is_left_by_going_back"] and to:
        return _("↩ back to “{step}”", step=to)
    if to:
        return _("→ “{step}”", step=to)
    return _("still there") if visit["is_unended"] else _("end of the run")


def event_list(events: Sequence[Row], *, time_zone: str) -> Table:
    """One row per event of a run, and of its ticket meanwhile, with what it does to the clocks."""
    first = events[0]["occurred_at"] if events else None
    rows = [
        {
            "at": words.instant(event["occurred_at"], time_zone),
            "after": "" if not place else "+ " + words.minutes(_minutes(first, event["occurred_at"])),
            "what": what(event) if event["run_id"] else _("Ticket: {what}", what=what(event)),
            "detail": detail(event),
            "by": ", ".join(part for part in (event["actor"], event["team"]) if part),
            "clocks": "; ".join(effect_text(effect) for effect in event["effects"]),
        }
        for place, event in enumerate(events)
    ]
    columns = {
        "at": Column(_("When"), width=150),
        "after": Column(_("Since the start"), width=110),
        "what": Column(_("What happened"), width=230),
        "detail": Column(_("Details"), width=200),
        "clocks": Column(
            _("To the clocks"),
            width=420,
            help=_("The clock of each visit, and those of the ticket: {clocks}.", clocks=_clocks()),
        ),
        "by": Column(_("By"), width=130, help=_("In the role they had; people are not named.")),
    }
    return Table(
        _("Event by event"),
        pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String)),
        columns,
        _("Every event of the run in order, and which clocks it starts and stops"),
    )


def effect_text(effect: Row) -> str:
    """What an event does to one clock."""
    clock: str = (
        words.label(effect["step"]) if effect["clock"] == VISIT else _(CATALOG[effect["clock"]].title)
    )
    return _(EFFECTS[effect["effect"]], clock=clock)


def _clocks() -> str:
    return ", ".join(_(CATALOG[name].title) for name in CLOCKS)


def run_choices(runs: pl.DataFrame, *, time_zone: str) -> dict[str, str]:
    """The runs of a ticket, each under what a reader calls it: its id, its workflow and its beginning."""
    return {
        _(
            "{run} · {workflow} {version} · {when}",
            run=words.label(row["run_id"], 40),
            workflow=words.label(row["workflow"], 30),
            version=words.label(row["version"], 12),
            when=words.instant(row["started_at"], time_zone),
        ): row["run_id"]
        for row in runs.iter_rows(named=True)
    }


def _minutes(first: Any, then: Any) -> float | None:
    return None if first is None else (then - first).total_seconds() / 60
