"""What the events of a ticket do to a number: rules that several metrics share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from etl.messages import Message
from metrics.replay.clock_rules import first_response, resolution
from metrics.replay.count_rules import counting, last
from metrics.replay.event_effects import Event, Moment, Rule, nothing

FIRST_RESPONSE: Rule = partial(first_response, is_felt=False)
FELT_FIRST_RESPONSE: Rule = partial(first_response, is_felt=True)
FIRST_RESOLUTION: Rule = partial(resolution, is_first=True)
RESOLUTION: Rule = partial(resolution, is_first=False)
OPENINGS = counting("opened", because=Message("explain.opening"))
AGENT_REPLIES = counting("replied", because=Message("explain.agents_message"), by_agents=True)
SURVEYS = counting("survey_offered", "rated", because=Message("explain.survey"))
LAST_RATING = last("rated", Message("explain.last_rating"))


def moments(rule: Rule | None, events: Sequence[Event]) -> list[Moment]:
    """Every event with what it does to the number, in event order; without a rule none does anything."""
    notes = rule(events) if rule else [nothing(event) for event in events]
    return [
        Moment(event.occurred_at, event.kind, event.actor, effect, because)
        for event, (effect, because) in zip(events, notes, strict=True)
    ]
