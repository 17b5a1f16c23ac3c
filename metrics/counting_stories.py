"""Metrics that count events, told event by event: which count, and why the rest doesn't."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from metrics.moments import Event, Note, nothing

Story = Callable[[Sequence[Event]], list[Note]]


def counting(*kinds: str, actor: str | None = None, because: str) -> Story:
    """Events of some kinds count, each for itself."""

    def tell(events: Sequence[Event]) -> list[Note]:
        return [
            ("counts", because)
            if (not kinds or event.kind in kinds) and actor in (None, event.actor)
            else ("none", f"Only what the {actor} does counts.")
            if event.kind in kinds
            else nothing(event)
            for event in events
        ]

    return tell


def last(kind: str, because: str) -> Story:
    """Only the last event of a kind counts."""

    def tell(events: Sequence[Event]) -> list[Note]:
        places = [event.place for event in events if event.kind == kind]
        return [
            nothing(event)
            if event.kind != kind
            else ("counts", because)
            if event.place == places[-1]
            else ("none", "A later one counts.")
            for event in events
        ]

    return tell


def records(events: Sequence[Event]) -> list[Note]:
    """What each event tells of the ticket's reason, channel and workflow run."""
    notes: list[Note] = []
    for event in events:
        told = [
            word
            for word, known in (
                ("reason", event.reason is not None),
                ("channel", event.channel is not None),
                ("workflow run", event.kind == "entered" and event.run_id is not None),
            )
            if known
        ]
        notes.append(
            ("counts", f"It tells the {', '.join(told)}.")
            if told
            else ("none", "It tells none of the three.")
        )
    return notes
