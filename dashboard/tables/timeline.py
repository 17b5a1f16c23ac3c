"""One ticket event by event: when, what, by whom, and what it does to a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from dashboard import words
from dashboard.tables.records import signs_said
from dashboard.tables.table import Column, Table

Event = Mapping[str, Any]
SAID = {
    "opened": "Ticket opened",
    "replied": "Message",
    "assigned": "Assigned",
    "handed_off": "Handed to a person",
    "escalated": "Escalated",
    "held": "Put on hold",
    "released": "Hold ended",
    "solved": "Solved",
    "reopened": "Reopened",
    "closed": "Closed",
    "merged": "Merged into another ticket",
    "discarded": "Discarded (spam, deleted)",
    "followed_up": "Checked back",
    "survey_offered": "Survey offered",
    "rated": "Rated",
    "run_started": "Workflow started",
    "entered": "Step",
    "answered": "Answered",
    "went_back": "Went back",
    "asked_help": "Asked for help",
    "searched": "Searched the knowledge base",
    "input_rejected": "Input refused",
    "skipped": "Step skipped",
    "paused": "Paused",
    "resumed": "Resumed",
    "run_finished": "Workflow finished",
    "run_abandoned": "Workflow given up",
}
EFFECTS = {
    "starts": "▶ starts",
    "restarts": "↻ restarts",
    "stops": "■ stops",
    "counts": "● counts",
    "takes back": "↩ takes back",
    "none": "",
}


def timeline_table(
    events: pl.DataFrame, moments: Sequence[Mapping[str, Any]], *, number: str, time_zone: str
) -> Table:
    """One row per event in event order; `moments` says of each what it does to the number."""
    first: datetime | None = events["occurred_at"][0] if events.height else None
    rows = [
        {
            "at": words.instant(event["occurred_at"], time_zone),
            "after": "" if not place else f"+ {words.minutes(_minutes(first, event['occurred_at']))}",
            "what": f"↳ {what(event)}" if event["run_id"] else what(event),
            "detail": detail(event),
            "by": words.joined([part for part in (event["actor"], event["team"]) if part]).replace(
                " and ", ", "
            ),
            "effect": effect(moment),
        }
        for place, (event, moment) in enumerate(zip(events.iter_rows(named=True), moments, strict=True))
    ]
    return Table(
        title="Event by event",
        frame=pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)),
        columns=COLUMNS
        | {"effect": Column(number, help="What the event does to this number, and why.", width=395)},
        alt=f"Every event of the ticket in order, and what it does to {number}",
        definition=f"{number}: what each event does to this number, and why.",
    )


COLUMNS = {
    "at": Column("When", width=140),
    "what": Column("What happened", width=215),
    "detail": Column("Details", width=140),
    "by": Column("By", width=125, help="In the role they had; people are not named."),
    "effect": Column("To the number", width=395),
    "after": Column("Since the first", width=110),
}


def effect(moment: Mapping[str, Any]) -> str:
    """What an event does to the number and why; nothing for most events."""
    told = EFFECTS[moment["effect"]]
    return f"{told}: {moment['because']}" if told else ""


def what(event: Event) -> str:
    """What happened, in a word or two; a step by its title."""
    if event["kind"] == "entered":
        return f"Step: {words.label(event['title'] or event['step'])}"
    return SAID.get(event["kind"], words.label(event["kind"]))


def detail(event: Event) -> str:
    """What else is known of it: the answer, the rating, how long a step took and which signs it showed."""
    value = words.label(event["value"], 80) if event["value"] else ""
    match event["kind"]:
        case "entered" if event["minutes"] is not None:
            confused = "confused: " if event["is_confused"] else ""
            signs = signs_said(event["signs"])
            return words.minutes(event["minutes"]) + (f" · {confused}{signs}" if signs else "")
        case "rated" if event["score"] is not None:
            return f"{event['score']:g} of {event['scale_max']:g}"
        case "searched":
            found = "" if event["hits"] is None else f" · {words.counted(event['hits'], 'result')}"
            return f"“{value}”{found}" if value else found.removeprefix(" · ")
        case "run_started":
            return f"{words.label(event['workflow'])}, version {words.label(event['version'], 12)}"
        case "opened":
            parts = [words.label(event[name]) for name in ("reason", "channel") if event[name]]
            return ", ".join(parts)
        case "went_back":
            return f"to {value}" if value else ""
        case "merged":
            return f"into {value}" if value else ""
        case _:
            return f"“{value}”" if value else ""


def _minutes(first: datetime | None, then: datetime) -> float | None:
    return None if first is None else (then - first).total_seconds() / 60
