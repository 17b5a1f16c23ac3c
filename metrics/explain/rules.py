"""A ticket told event by event, in the words of a metric's definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from etl.messages import Message
from metrics.catalog.metric import Metric
from metrics.explain.clock_rules import first_response, open_spells, resolution, waits
from metrics.explain.count_rules import Story, counting, last, records
from metrics.explain.event_effects import Event, Moment, nothing


def story_of(metric: Metric, events: Sequence[Event]) -> list[Moment]:
    """Every event with what it does to the metric, in event order; another percentile changes nothing."""
    tell = STORIES.get(metric.name.removesuffix(f"_p{round(metric.quantile * 100)}"))
    notes = tell(events) if tell else [nothing(event) for event in events]
    return [
        Moment(event.occurred_at, event.kind, event.actor, effect, because)
        for event, (effect, because) in zip(events, notes, strict=True)
    ]


_TO_AGENT: Story = partial(first_response, is_felt=False)
_TO_CUSTOMER: Story = partial(first_response, is_felt=True)
_TO_LAST_SOLVE: Story = partial(resolution, is_first=False)
_OPENING = counting("opened", because=Message("explain.opening"))
_AGENT_WROTE = counting("replied", because=Message("explain.agents_message"), by_agents=True)
_ASKED = counting("survey_offered", "rated", because=Message("explain.survey"))
_RATED = last("rated", Message("explain.last_rating"))

STORIES: Mapping[str, Story] = {
    "first_response_minutes": _TO_AGENT,
    "first_response_business_minutes": _TO_AGENT,
    "first_response_sla_rate": _TO_AGENT,
    "felt_first_response_minutes": _TO_CUSTOMER,
    "unanswered": _TO_CUSTOMER,
    "first_resolution_minutes": partial(resolution, is_first=True),
    "resolution_minutes": _TO_LAST_SOLVE,
    "resolution_business_minutes": _TO_LAST_SOLVE,
    "resolution_km_minutes": _TO_LAST_SOLVE,
    "resolution_sla_rate": _TO_LAST_SOLVE,
    "tickets_solved": _TO_LAST_SOLVE,
    "first_contact_resolution_rate": _TO_LAST_SOLVE,
    "requester_wait_minutes": waits,
    "agent_wait_minutes": waits,
    "hold_minutes": waits,
    "reopen_rate": open_spells,
    "backlog": open_spells,
    "tickets_opened": _OPENING,
    "proactive_share": _OPENING,
    "repeat_contact_rate": _OPENING,
    "one_touch_rate": _AGENT_WROTE,
    "zero_reply_solves": _AGENT_WROTE,
    "zero_touch_rate": counting(because=Message("explain.agent_did_it"), by_agents=True),
    "hand_off_rate": counting("handed_off", because=Message("explain.handed_over")),
    "escalation_rate": counting("escalated", because=Message("explain.escalated")),
    "csat": _RATED,
    "low_ratings": _RATED,
    "tickets_rated": _RATED,
    "surveys_offered": _ASKED,
    "csat_response_rate": _ASKED,
    "follow_up_rate": counting("followed_up", "solved", because=Message("explain.check_back")),
    "record_completeness": records,
    "reason_completeness": records,
    "channel_completeness": records,
    "run_completeness": records,
}
