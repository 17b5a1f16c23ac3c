"""What can happen, and who usually does it."""

from __future__ import annotations

from enum import StrEnum


class Actor(StrEnum):
    """Who did it, in the role they had at that moment."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class Kind(StrEnum):
    """What happened, in the past tense."""

    OPENED = "opened"
    REPLIED = "replied"
    ASSIGNED = "assigned"
    HANDED_OFF = "handed_off"
    ESCALATED = "escalated"
    HELD = "held"
    RELEASED = "released"
    SOLVED = "solved"
    REOPENED = "reopened"
    CLOSED = "closed"
    MERGED = "merged"
    DISCARDED = "discarded"
    FOLLOWED_UP = "followed_up"
    SURVEY_OFFERED = "survey_offered"
    RATED = "rated"
    CONTACT_ABANDONED = "contact_abandoned"

    RUN_STARTED = "run_started"
    ENTERED = "entered"
    ANSWERED = "answered"
    WENT_BACK = "went_back"
    ASKED_HELP = "asked_help"
    SEARCHED = "searched"
    INPUT_REJECTED = "input_rejected"
    SKIPPED = "skipped"
    PAUSED = "paused"
    RESUMED = "resumed"
    RUN_FINISHED = "run_finished"
    RUN_ABANDONED = "run_abandoned"


STEP_KINDS = frozenset(list(Kind)[list(Kind).index(Kind.RUN_STARTED) :])
"""What happens in a run of a workflow."""
RUN_KINDS = frozenset({Kind.RUN_STARTED, Kind.RUN_FINISHED, Kind.RUN_ABANDONED})
"""What happens to a run itself, at a step or at none."""

WAITED_FOR = ("customer", "colleague", "system")
"""For whom a `paused` may say in `value` that the agent waits."""

DEFAULT_ACTOR: dict[Kind, Actor] = {
    **dict.fromkeys(STEP_KINDS, Actor.AGENT),
    Kind.OPENED: Actor.CUSTOMER,
    # `replied` has none: whose reply it was decides the first response, so it is never guessed.
    Kind.ASSIGNED: Actor.SYSTEM,
    Kind.HANDED_OFF: Actor.BOT,
    Kind.ESCALATED: Actor.AGENT,
    Kind.HELD: Actor.AGENT,
    Kind.RELEASED: Actor.AGENT,
    Kind.SOLVED: Actor.AGENT,
    Kind.REOPENED: Actor.CUSTOMER,
    Kind.CLOSED: Actor.SYSTEM,
    Kind.MERGED: Actor.AGENT,
    Kind.DISCARDED: Actor.AGENT,
    Kind.FOLLOWED_UP: Actor.AGENT,
    Kind.SURVEY_OFFERED: Actor.SYSTEM,
    Kind.RATED: Actor.CUSTOMER,
    Kind.CONTACT_ABANDONED: Actor.CUSTOMER,
}

ACTOR_BY_NAME: dict[object, Actor] = {kind.value: actor for kind, actor in DEFAULT_ACTOR.items()}
