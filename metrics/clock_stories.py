"""Metrics that run a clock, told event by event: what starts and stops it, and why the rest doesn't."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from metrics.moments import Event, Note, nothing


def first_response(events: Sequence[Event], *, is_felt: bool) -> list[Note]:
    """From first contact, or the last hand-off after it unless as felt, to an agent's first message."""
    contact = next((event for event in events if event.is_by_customer()), None)
    if contact is None:
        return [("none", "The customer has not been heard.") for _ in events]
    since = contact.occurred_at
    answer = next((event for event in events if event.is_answer() and event.occurred_at >= since), None)
    end = answer.place if answer else len(events) + 1
    hand_offs = [event for event in events if event.kind == "handed_off" and event.place < end]
    last = hand_offs[-1] if hand_offs and hand_offs[-1].occurred_at > since else None

    def note(event: Event) -> Note:
        if event is contact:
            return "starts", "The customer's first contact."
        if event is answer:
            return "stops", "The first message of an agent at or after the first contact."
        if event is last and not is_felt:
            return "restarts", "The bot hands over: from here on an agent is waited for."
        if event.kind == "handed_off":
            waits = "The customer waits on, whoever is in charge."
            return "none", waits if is_felt else "It is not the last between first contact and answer."
        return _no_response(event, since=since)

    return [note(event) for event in events]


def _no_response(event: Event, *, since: datetime) -> Note:
    """Why this is neither the first contact nor the answer to it."""
    if event.is_answer():
        early = event.occurred_at < since
        return "none", "The customer had not written yet." if early else "The ticket was answered before."
    if event.is_by_customer():
        return "none", "The first contact came before."
    if event.kind == "replied":
        return "none", "Bots and automatic messages never answer."
    if event.kind == "opened":
        return "none", "An agent opened the ticket: nobody waits before the customer writes."
    return nothing(event)


def _solves(events: Sequence[Event]) -> list[Event]:
    solved = next((event.place for event in events if event.kind == "solved"), len(events) + 1)
    return [e for e in events if e.kind == "solved" or (e.kind == "closed" and e.place < solved)]


def resolution(events: Sequence[Event], *, is_first: bool) -> list[Note]:
    """From first contact to the first solve, or to the last one that stands."""
    solves = _solves(events)
    first = solves[0].place if solves else len(events) + 1
    reopened = [event.place for event in events if event.kind == "reopened" and event.place > first]
    standing = solves if is_first else [s for s in solves if s.place > (reopened[-1] if reopened else 0)]
    end = (standing[0] if is_first else standing[-1]) if standing else None
    begins = [
        next((e for e in events if e.is_by_customer()), None),
        next((e for e in events if e.kind == "opened"), None),
    ]
    start = next((b for b in begins if b and (end is None or b.occurred_at <= end.occurred_at)), None)

    def note(event: Event) -> Note:
        if event is start:
            heard = (
                "The customer's first contact."
                if event.is_by_customer()
                else "The customer had not written yet."
            )
            return "starts", heard
        if event is end:
            return "stops", "The first solve." if is_first else "The last solve, and no reopening follows."
        if event in solves:
            if is_first:
                return "none", "The ticket was solved before."
            undone = reopened and event.place < reopened[-1]
            return (
                "none",
                "The ticket was reopened after it." if undone else "The ticket was solved once more.",
            )
        if event.kind == "closed":
            return "none", "The ticket was solved before: closing it adds nothing."
        if event.kind == "reopened":
            if event.place < first:
                return "none", "The ticket was not solved yet."
            return (
                ("none", "The first solve stands.")
                if is_first
                else ("takes back", "The ticket is open again.")
            )
        if event.is_by_customer():
            return "none", "The clock runs from the first contact before the solve."
        return nothing(event)

    return [note(event) for event in events]


def waits(events: Sequence[Event]) -> list[Note]:
    """Whose turn it is after each event."""
    notes: list[Note] = []
    spoken = solved = False
    for event in events:
        speaks = event.kind == "opened" or (event.kind == "replied" and event.actor in ("customer", "agent"))
        if speaks and not (event.kind == "opened" and spoken):
            turn = "the customer's" if event.actor == "agent" else "ours"
            notes.append(
                (
                    "counts",
                    f"From here on it is {turn} turn." if turn != "ours" else "From here on it is our turn.",
                )
            )
        elif event.kind == "reopened" and solved:
            notes.append(("counts", "Reopened: from here on it is our turn."))
        elif event.kind in ("solved", "closed"):
            notes.append(("stops", "Nobody waits until it is reopened."))
        elif event.kind in ("held", "released"):
            held = "On hold: the customer waits, whoever wrote last."
            notes.append(("counts", held if event.kind == "held" else "No longer on hold."))
        elif event.kind == "replied":
            notes.append(("none", "Bots and automatic messages leave the turn as it is."))
        else:
            notes.append(nothing(event))
        spoken, solved = spoken or speaks, solved or event.kind in ("solved", "closed")
    return notes


def open_spells(events: Sequence[Event]) -> list[Note]:
    """From the opening, and every reopening, to a solve or closing."""
    opened = at_rest = False
    notes: list[Note] = []
    for event in events:
        if event.kind == "opened" and not opened:
            opened = True
            notes.append(("starts", "The ticket is opened."))
        elif event.kind in ("solved", "closed"):
            notes.append(
                ("none", "It was solved or closed already.") if at_rest else ("stops", "Solved or closed.")
            )
            at_rest = True
        elif event.kind == "reopened" and at_rest:
            at_rest = False
            notes.append(("restarts", "The ticket is open again."))
        elif event.kind in ("merged", "discarded"):
            notes.append(("stops", "The ticket is left out of every number."))
        else:
            notes.append(nothing(event))
    return notes
