"""One ticket event by event: when, what, by whom, and what it does to a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from dashboard.kit.tables.records_table import sign_names
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _, words
from dashboard.language.messages import say
from etl.messages import message_of
from etl.messages.kinds import KIND_TITLES

Event = Mapping[str, Any]
ACTORS = {
    "customer": N_("customer"),
    "agent": N_("agent"),
    "bot": N_("bot"),
    "system": N_("system"),
}
EFFECTS = {
    "starts": N_("▶ starts"),
    "restarts": N_("↻ restarts"),
    "stops": N_("■ stops"),
    "counts": N_("● counts"),
    "takes back": N_("↩ takes back"),
    "excludes": N_("✕ excludes"),
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
            "by": ", ".join(part for part in (_actor(event["actor"]), event["team"]) if part),
            "effect": effect(moment),
        }
        for place, (event, moment) in enumerate(zip(events.iter_rows(named=True), moments, strict=True))
    ]
    return Table(
        title=_("Event by event"),
        frame=pl.DataFrame(rows, schema=dict.fromkeys(_columns(number), pl.String)),
        columns=_columns(number),
        alt=_("Every event of the ticket in order, and what it does to “{number}”", number=number),
        definition=_("{number}: what each event does to this number, and why.", number=number),
    )


def _columns(number: str) -> dict[str, Column]:
    return {
        "at": Column(_("When"), width=130),
        "what": Column(_("What happened"), width=218),
        "detail": Column(_("Details"), width=185),
        "by": Column(_("By"), width=125, help=_("In the role they had; people are not named.")),
        "effect": Column(number, help=_("What the event does to this number, and why."), width=375),
        "after": Column(_("Since the first"), width=92),
    }


def effect(moment: Mapping[str, Any]) -> str:
    """What an event does to the number and why; nothing for most events."""
    text = _(EFFECTS[moment["effect"]])
    return _("{effect}: {reason}", effect=text, reason=say(message_of(moment["because"]))) if text else ""


def _actor(actor: str | None) -> str:
    return _(ACTORS.get(actor or "", actor or ""))


def what(event: Event) -> str:
    """What happened, in a word or two; a step by its title."""
    if event["kind"] == "entered":
        return _("Step: {step}", step=words.label(event["title"] or event["step"]))
    return _(KIND_TITLES[event["kind"]]) if event["kind"] in KIND_TITLES else words.label(event["kind"])


def detail(event: Event) -> str:
    """What else is known of it: the answer, the rating, how long a step took and which signs it showed."""
    value = words.label(event["value"], 80) if event["value"] else ""
    match event["kind"]:
        case "entered" if event["minutes"] is not None:
            signs = sign_names(event["signs"])
            if event["is_confused"]:
                signs = _("confused: {signs}", signs=signs)
            return " · ".join(part for part in (words.minutes(event["minutes"]), signs) if part)
        case "rated" if event["score"] is not None:
            return _(
                "{score} of {highest}",
                score=words.number(event["score"]),
                highest=words.number(event["scale_max"]),
            )
        case "searched":
            results = "" if event["hits"] is None else words.counted(event["hits"], "result")
            return " · ".join(part for part in (_quoted(value), results) if part)
        case "run_started":
            workflow, version = words.label(event["workflow"]), words.label(event["version"], 12)
            return _("{workflow}, version {version}", workflow=workflow, version=version)
        case "opened":
            parts = [words.label(event[name]) for name in ("reason", "channel") if event[name]]
            return ", ".join(parts)
        case "went_back":
            return _("to {step}", step=value) if value else ""
        case "merged":
            return _("into {ticket}", ticket=value) if value else ""
        case _:
            return _quoted(value)


def _quoted(text: str) -> str:
    return _("“{text}”", text=text) if text else ""


def _minutes(first: datetime | None, then: datetime) -> float | None:
    return None if first is None else (then - first).total_seconds() / 60
