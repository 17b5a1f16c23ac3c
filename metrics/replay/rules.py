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
    """Every event with what it does to the number, in event order; without a rule none does anything.

    A rule sees no event that is void; the event that leaves the ticket out of every number is named.
    """
    effective = [event for event in events if not event.is_void()]
    notes = rule(effective) if rule else [nothing(event) for event in effective]
    by_place = {event.place: note for event, note in zip(effective, notes, strict=True)}
    last_kept = max((event.place for event in events if event.kind == "reopened"), default=0)
    exclusions = [event.place for event in events if event.kind in ("merged", "discarded")]
    for event in events:
        if event.kind in ("merged", "discarded") and event.place < last_kept:
            by_place[event.place] = ("none", Message("explain.taken_back_later"))
        elif event.kind in ("merged", "discarded") and event.place == exclusions[-1]:
            by_place[event.place] = ("excludes", Message("explain.left_out_of_all"))
        elif event.is_void() and event.kind == "reopened":
            by_place[event.place] = ("takes back", Message("explain.counts_again"))
        elif event.is_void():
            by_place[event.place] = ("none", Message("explain.left_out_then"))
    return [Moment(event.occurred_at, event.kind, event.actor, *by_place[event.place]) for event in events]
