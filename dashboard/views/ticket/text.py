"""The sentences the page of a ticket opens with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.language import _, ngettext, words
from dashboard.language.messages import say
from etl.messages import Message
from metrics.catalog.metric import Metric


def opening(facts: Mapping[str, Any], time_zone: str, *, as_of: datetime | None) -> str:
    """One ticket in a few sentences: what it is about, how long things took, how it ended.

    `as_of`: the instant at which it is looked at.
    """
    sentences = [_arrived(facts, time_zone)]
    if facts["excluded_because"] == "merged":
        sentences.append(_("It was merged into another ticket, so no number counts it."))
    elif facts["is_excluded"]:
        sentences.append(_("It was discarded, so no number counts it."))
    if facts["first_response_minutes"] is not None:
        took = words.minutes(facts["first_response_minutes"])
        sentences.append(_("An agent first answered after {minutes}.", minutes=took))
    if facts["resolution_minutes"] is not None:
        took = words.minutes(facts["resolution_minutes"])
        sentences.append(_("It was solved after {minutes}.", minutes=took))
    elif facts["is_open"]:
        sentences.append(_("It is open as of {instant}.", instant=words.instant(as_of, time_zone)))
    if times := facts["reopens"]:
        sentences.append(
            ngettext("It was reopened once.", "It was reopened {n} times.", times, n=words.count(times))
        )
    if facts["rating_share"] is not None:
        content = facts["is_satisfied"]
        sentences.append(
            _("The customer was satisfied.") if content else _("The customer was not satisfied.")
        )
    return " ".join(sentences)


def _arrived(facts: Mapping[str, Any], time_zone: str) -> str:
    values = {
        "ticket": words.label(facts["ticket_id"]),
        "when": words.instant(facts["arrived_at"] or facts["first_event_at"], time_zone),
        "channel": words.label(facts["channel"]),
        "reason": words.label(facts["reason"]),
    }
    match bool(facts["channel"]), bool(facts["reason"]):
        case True, True:
            return _("Ticket {ticket} came in on {when} by {channel} about “{reason}”.", **values)
        case True, False:
            return _("Ticket {ticket} came in on {when} by {channel}.", **values)
        case False, True:
            return _("Ticket {ticket} came in on {when} about “{reason}”.", **values)
        case _:
            return _("Ticket {ticket} came in on {when}.", **values)


def replay(metric: Metric, value: float | None, left_out: Message | None) -> str:
    """What a ticket adds to a number, or why it is not in it."""
    title = _(metric.title)
    if value is None and left_out is not None:
        return _("This ticket is not in “{number}”. {reason}", number=title, reason=say(left_out))
    if value is None:
        return _("This ticket is not in “{number}”.", number=title)
    if metric.unit == "minutes":
        return _("{number} of this ticket: {minutes}.", number=title, minutes=words.minutes(value))
    if value:
        return _("This ticket counts towards “{number}”.", number=title)
    return _("This ticket is in, but does not count towards, “{number}”.", number=title)
