"""Rules of metrics that count events: which count, and why the rest doesn't."""

from __future__ import annotations

from collections.abc import Sequence

from etl.messages import Message
from metrics.replay.event_effects import Event, Note, Rule, nothing


def counting(*kinds: str, because: Message, by_agents: bool = False) -> Rule:
    """Events of some kinds count, each for itself, whoever's they are or those of agents alone.

    An opening counts for its own ticket only, not for the one it was merged into.
    """

    def rule(events: Sequence[Event]) -> list[Note]:
        return [
            ("none", Message("explain.opens_another"))
            if event.kind == "opened" and "opened" in kinds and event.merged_from is not None
            else ("counts", because)
            if (not kinds or event.kind in kinds) and (not by_agents or event.actor == "agent")
            else ("none", Message("explain.only_agents"))
            if event.kind in kinds
            else nothing(event)
            for event in events
        ]

    return rule


def last(kind: str, because: Message) -> Rule:
    """Only the last event of a kind counts."""

    def rule(events: Sequence[Event]) -> list[Note]:
        places = [event.place for event in events if event.kind == kind]
        return [
            nothing(event)
            if event.kind != kind
            else ("counts", because)
            if event.place == places[-1]
            else ("none", Message("explain.later_one"))
            for event in events
        ]

    return rule


def records(events: Sequence[Event]) -> list[Note]:
    """Which of reason, channel and workflow run each event records."""
    notes: list[Note] = []
    for event in events:
        parts = [
            part
            for part, is_known in (
                (Message("explain.reason"), event.reason is not None),
                (Message("explain.channel"), event.channel is not None),
                (Message("explain.workflow_run"), event.kind == "entered" and event.run_id is not None),
            )
            if is_known
        ]
        notes.append(
            ("counts", Message("explain.records", {"parts": parts}))
            if parts
            else ("none", Message("explain.records_nothing"))
        )
    return notes
