"""Rules of metrics that run a clock: what starts and stops it, and why the rest doesn't."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import inf

from etl.messages import Message
from metrics.replay.event_effects import Event, Note, nothing


def first_response(events: Sequence[Event], *, is_felt: bool) -> list[Note]:
    """From first contact, or the last hand-off after it unless as felt, to an agent's first message."""
    contact = next((event for event in events if event.is_by_customer()), None)
    if contact is None:
        return [("none", Message("explain.never_heard")) for _ in events]
    since = contact.occurred_at
    answer = next((event for event in events if event.is_answer() and event.occurred_at >= since), None)
    heard = min(event.occurred_at for event in events if event.kind == "opened" or event.is_by_customer())
    has_written = any(event.kind == "replied" and event.actor == "customer" for event in events)
    end = answer.place if answer else events[-1].place + 1
    hand_offs = [event for event in events if event.kind == "handed_off" and event.place < end]
    last = hand_offs[-1] if hand_offs and hand_offs[-1].occurred_at > since else None

    def note(event: Event) -> Note:
        if event is contact:
            return "starts", event.as_first_contact()
        if event is answer:
            return "stops", Message("explain.first_answer")
        if event is last and not is_felt:
            return "restarts", Message("explain.bot_hands_over")
        if event.kind == "handed_off":
            if is_felt:
                return "none", Message("explain.waits_on")
            return "none", Message("explain.not_the_last_hand_over")
        if event.is_answer() and event.occurred_at < heard and not has_written:
            return "none", Message("explain.before_opening")
        return _no_response(event, since=since)

    return [note(event) for event in events]


def _no_response(event: Event, *, since: datetime) -> Note:
    """Why this is neither the first contact nor the answer to it."""
    if event.is_answer():
        is_early = event.occurred_at < since
        early, late = Message("explain.nothing_written_yet"), Message("explain.answered_before")
        return "none", early if is_early else late
    if event.is_by_customer():
        return "none", Message("explain.contact_before")
    if event.kind == "replied":
        return "none", Message("explain.bots_never_answer")
    if event.kind == "opened":
        return "none", Message("explain.agent_opened")
    return nothing(event)


def _solves(events: Sequence[Event]) -> list[Event]:
    solved = next((event.place for event in events if event.kind == "solved"), inf)
    idle = _closings_after_leaving(events)
    return [
        e
        for e in events
        if e.kind == "solved" or (e.kind == "closed" and e.place < solved and e.place not in idle)
    ]


def _closings_after_leaving(events: Sequence[Event]) -> set[int]:
    """Places at which a ticket is closed whose customer had left unanswered: they solve nothing."""
    contact = next((event.occurred_at for event in events if event.is_by_customer()), None)
    places: set[int] = set()
    is_answered = is_gone = is_unanswered = False
    for event in events:
        if event.kind == "contact_abandoned" and not is_gone:
            is_gone, is_unanswered = True, not is_answered
        elif event.brings_back():
            is_gone = False
        elif event.kind == "closed" and is_gone and is_unanswered:
            places.add(event.place)
        is_answered |= event.is_answer() and contact is not None and event.occurred_at >= contact
    return places


def _resolution_start(events: Sequence[Event], end: Event | None) -> Event | None:
    """The first contact, or the ticket's own opening where that came only after the end."""
    begins = [
        next((e for e in events if e.is_by_customer()), None),
        next((e for e in events if e.kind == "opened" and e.merged_from is None), None),
    ]
    return next((b for b in begins if b and (end is None or b.occurred_at <= end.occurred_at)), None)


def resolution(events: Sequence[Event], *, is_first: bool) -> list[Note]:
    """From first contact to the first solve, or to the last one that stands."""
    solves = _solves(events)
    solve_places = {solve.place for solve in solves}
    idle = _closings_after_leaving(events)
    first = solves[0].place if solves else inf
    reopened = [event.place for event in events if event.kind == "reopened" and event.place > first]
    final_solves = solves if is_first else [s for s in solves if s.place > (reopened[-1] if reopened else 0)]
    end = (final_solves[0] if is_first else final_solves[-1]) if final_solves else None
    start = _resolution_start(events, end)

    def note(event: Event) -> Note:
        if event is start:
            heard = (
                event.as_first_contact() if event.is_by_customer() else Message("explain.nothing_written_yet")
            )
            return "starts", heard
        if event is end:
            return "stops", Message("explain.first_solve") if is_first else Message("explain.last_solve")
        if event.place in solve_places:
            if is_first:
                return "none", Message("explain.solved_before")
            undone = reopened and event.place < reopened[-1]
            return (
                "none",
                Message("explain.reopened_after") if undone else Message("explain.solved_once_more"),
            )
        if event.kind == "closed":
            is_idle = event.place in idle
            return "none", Message("explain.abandoned_before" if is_idle else "explain.closing_adds_nothing")
        if event.kind == "reopened":
            if event.place < first:
                return "none", Message("explain.not_solved_yet")
            return (
                ("none", Message("explain.first_solve_stands"))
                if is_first
                else ("takes back", Message("explain.open_again"))
            )
        if event.is_by_customer():
            return "none", Message("explain.runs_from_first_contact")
        return nothing(event)

    return [note(event) for event in events]


def waits(events: Sequence[Event]) -> list[Note]:
    """Whose turn it is after each event."""
    notes: list[Note] = []
    spoken = solved = abandoned = False
    for event in events:
        speaks = event.kind == "opened" or (event.kind == "replied" and event.actor in ("customer", "agent"))
        if speaks and not (event.kind == "opened" and spoken and event.merged_from is None):
            is_theirs = event.actor == "agent"
            turn = Message("explain.customers_turn") if is_theirs else Message("explain.our_turn")
            notes.append(("counts", turn))
        elif event.kind == "reopened" and solved:
            notes.append(("counts", Message("explain.reopened_our_turn")))
        elif event.kind == "reopened" and abandoned:
            notes.append(("counts", Message("explain.open_again")))
        elif event.kind in ("solved", "closed"):
            notes.append(("stops", Message("explain.nobody_waits")))
        elif event.kind == "contact_abandoned":
            notes.append(("stops", Message("explain.abandoned")))
        elif event.kind in ("held", "released"):
            held = Message("explain.held")
            notes.append(("counts", held if event.kind == "held" else Message("explain.released")))
        elif event.kind == "replied":
            notes.append(("none", Message("explain.bots_leave_the_turn")))
        else:
            notes.append(nothing(event))
        spoken, solved = spoken or speaks, solved or event.kind in ("solved", "closed")
        abandoned = event.kind == "contact_abandoned" or (abandoned and not event.brings_back())
    return notes


def open_periods(events: Sequence[Event]) -> list[Note]:
    """From the opening, and every reopening, to a solve or closing."""
    opened = at_rest = abandoned = False
    notes: list[Note] = []
    for event in events:
        if event.kind == "opened" and event.merged_from is None and not opened:
            opened = True
            notes.append(("starts", Message("explain.opened")))
        elif event.kind in ("solved", "closed"):
            notes.append(
                ("none", Message("explain.at_rest_already"))
                if at_rest
                else ("none", Message("explain.abandoned_before"))
                if abandoned
                else ("stops", Message("explain.at_rest"))
            )
            at_rest = True
        elif event.kind == "reopened" and (at_rest or abandoned):
            at_rest = abandoned = False
            notes.append(("restarts", Message("explain.open_again")))
        elif event.kind == "contact_abandoned" and not at_rest and not abandoned:
            abandoned = True
            notes.append(("stops", Message("explain.abandoned")))
        elif event.kind == "replied" and event.actor in ("customer", "agent") and abandoned:
            abandoned = False
            notes.append(
                ("none", nothing(event)[1]) if at_rest else ("restarts", Message("explain.open_again"))
            )
        else:
            notes.append(nothing(event))
    return notes


def abandonment(events: Sequence[Event]) -> list[Note]:
    """From first contact to the first answer, unless the customer hangs up or leaves the queue before.

    Who comes back waits anew.
    """
    notes = first_response(events, is_felt=True)
    answer = next((event.place for event, note in zip(events, notes, strict=True) if note[0] == "stops"), inf)
    begins = [event.occurred_at for event in events if event.is_by_customer() or event.kind == "opened"]
    has_left = is_gone = False
    for at, event in enumerate(events):
        if event.kind == "contact_abandoned" and event.place > answer:
            notes[at] = ("none", Message("explain.answered_before"))
        elif event.kind == "contact_abandoned" and is_gone:
            notes[at] = ("none", Message("explain.abandoned_before"))
        elif event.kind == "contact_abandoned":
            is_known = has_left or (bool(begins) and min(begins) <= event.occurred_at)
            notes[at] = (
                "stops",
                Message("explain.abandoned" if is_known else "explain.abandoned_before_contact"),
            )
            has_left = is_gone = True
        elif event.place == answer and has_left:
            notes[at] = ("none", Message("explain.abandoned_before"))
        elif is_gone and event.brings_back() and event.place < answer and not event.is_void():
            notes[at], is_gone = ("restarts", Message("explain.came_back")), False
    return notes
