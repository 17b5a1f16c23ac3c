"""One event of a ticket, and what it does to a metric."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from etl.messages import Message

Effect = Literal["starts", "restarts", "stops", "counts", "takes back", "excludes", "none"]
Note = tuple[Effect, Message]


@dataclass(frozen=True)
class Event:
    """One event of a ticket, as far as a metric may look at it.

    `was_left_out`: just before it the ticket was merged away or discarded, and not taken back.
    `merged_from`: the ticket merged into this one that it comes from, null for the ticket's own.
    """

    occurred_at: datetime
    kind: str
    actor: str
    agent_id: str | None
    channel: str | None
    reason: str | None
    run_id: str | None
    score: float | None
    scale_max: float | None
    place: int
    was_left_out: bool
    merged_from: str | None

    def is_by_customer(self) -> bool:
        """Whether the customer is heard in it."""
        opening = self.kind == "opened" and self.actor != "agent"
        return opening or (self.kind == "replied" and self.actor == "customer")

    def as_first_contact(self) -> Message:
        """What to call it where it is the first contact: of an opening rows need not say whose it was."""
        return Message("explain.opening_as_contact" if self.kind == "opened" else "explain.first_contact")

    def is_void(self) -> bool:
        """Whether it solves or reopens nothing, since the ticket was left out."""
        return self.was_left_out and self.kind in ("solved", "closed", "reopened")

    def brings_back(self) -> bool:
        """Whether somebody is waited for again after it, though the customer hung up or left the queue."""
        return self.kind == "reopened" or (self.kind == "replied" and self.actor in ("customer", "agent"))

    def is_answer(self) -> bool:
        """Whether it is a message of an agent."""
        return self.kind == "replied" and self.actor == "agent"


Rule = Callable[[Sequence[Event]], list[Note]]
"""What each event of a ticket does to a number, for all its events in order."""


@dataclass(frozen=True)
class Moment:
    """One event, what it does to the metric, and why."""

    occurred_at: datetime
    kind: str
    actor: str
    effect: Effect
    because: Message


def nothing(_: Event) -> Note:
    """What most events do."""
    return "none", Message("explain.no_matter")
