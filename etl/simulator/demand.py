"""Who gets in touch, when, how and about what."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from etl.simulator.arrays import HOUR, MINUTE, Bools, Floats, Ints, draw
from etl.simulator.calendar import Calendar
from etl.simulator.channels import CHANNELS, Channel
from etl.simulator.flow import NOWHERE
from etl.simulator.workflow import Workflow

OTHER_REASONS = ("general question", "feedback", "complaint")
PRIORITIES = ("low", "normal", "high", "urgent")
_PRIORITY_SHARE = np.array([0.14, 0.67, 0.15, 0.04])
_OTHER_SHARE = 0.07
_CUSTOMERS_PER_TICKET = 0.85
_PROACTIVE = {"phone": 0.035, "email": 0.045, "sms": 0.03}
_DISCARDED = {"email": 0.03, "web": 0.03, "social": 0.05}
_MERGED = 0.012
_REASON_AT_ONCE = {"chat", "web", "whatsapp", "telegram", "sms"}
_REASON_NEVER = 0.025

ANSWERED, UNANSWERED, DISCARDED, MERGED = range(4)
AT_OPENING, WHEN_ASSIGNED, NEVER = range(3)


@dataclass(frozen=True)
class Tickets:
    """One entry per ticket, as the customer brings it."""

    opened: Ints
    channel: Ints
    workflow: Ints
    reason: Ints
    customer: Ints
    priority: Ints
    proactive: Bools
    fate: Ints
    into: Ints
    """The ticket it was merged into."""
    reason_known: Ints

    def __len__(self) -> int:
        return len(self.opened)

    def joined(self, other: Tickets) -> Tickets:
        """These and those."""
        return Tickets(
            *[np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)]
        )


def traits(name: str) -> Floats:
    """One trait of every channel."""
    return np.array([getattr(channel, name) for channel in CHANNELS], dtype=np.float64)


def first_contacts(
    rng: np.random.Generator,
    size: int,
    *,
    calendar: Calendar,
    workflows: tuple[Workflow, ...],
    growth: float,
) -> Tickets:
    """Contacts over the period: each channel with its hours, more at the start of a month, growing."""
    channel = draw(rng, traits("share"), size)
    slot = np.zeros(size, dtype=np.int64)
    for number, channel_traits in enumerate(CHANNELS):
        mine = np.flatnonzero(channel == number)
        slot[mine] = draw(rng, _busy(channel_traits, calendar, growth), len(mine))
    opened = calendar.hours[slot] + rng.integers(0, HOUR, size)
    workflow = _workflow(rng, channel, calendar.day_of_month[slot] <= 5, workflows)
    reason = np.where(
        workflow == NOWHERE, len(workflows) + draw(rng, np.array([0.6, 0.15, 0.25]), size), workflow
    )
    tickets = Tickets(
        opened,
        channel,
        workflow,
        reason,
        rng.integers(0, max(1, round(size * _CUSTOMERS_PER_TICKET)), size),
        draw(rng, _PRIORITY_SHARE, size),
        rng.random(size) < _by_channel(_PROACTIVE)[channel],
        _fate(rng, channel),
        np.full(size, NOWHERE, dtype=np.int64),
        _reason_known(rng, channel),
    )
    return _with_duplicates(rng, tickets, calendar)


def come_backs(
    rng: np.random.Generator, earlier: Tickets, who: Ints, at: Ints, *, calendar: Calendar
) -> Tickets:
    """The same customers for the same reason, mostly on the same channel."""
    size = len(who)
    channel = np.where(rng.random(size) < 0.75, earlier.channel[who], draw(rng, traits("share"), size))
    only_when_open = traits("only_when_open")[channel] > 0
    opened = np.where(only_when_open, calendar.after_work(at, np.zeros(size, np.int64)), at)
    fate = np.where(rng.random(size) < traits("unanswered")[channel], UNANSWERED, ANSWERED)
    priority = np.minimum(earlier.priority[who] + (rng.random(size) < 0.3), len(PRIORITIES) - 1)
    return Tickets(
        opened,
        channel,
        earlier.workflow[who],
        earlier.reason[who],
        earlier.customer[who],
        priority,
        np.zeros(size, dtype=np.bool_),
        fate,
        np.full(size, NOWHERE, dtype=np.int64),
        _reason_known(rng, channel),
    )


def _busy(channel: Channel, calendar: Calendar, growth: float) -> Floats:
    """Demand in each hour of the period."""
    hours = slice(0, 168 * calendar.weeks)
    weekday, hour = calendar.weekday[hours], calendar.hour[hours]
    grown = 1 + growth * np.arange(168 * calendar.weeks) / 168
    busy = channel.hourly()[hour] * channel.daily()[weekday] * grown
    closes = np.array([20, 20, 20, 20, 20, 18, 16])
    is_open = (hour >= np.array([7, 7, 7, 7, 7, 8, 10])[weekday]) & (hour < closes[weekday])
    return np.asarray(busy * is_open if channel.only_when_open else busy)


def _workflow(
    rng: np.random.Generator, channel: Ints, is_month_start: Bools, workflows: tuple[Workflow, ...]
) -> Ints:
    workflow = np.zeros(len(channel), dtype=np.int64)
    for number, channel_traits in enumerate(CHANNELS):
        for start in (False, True):
            weights = np.array(
                [
                    w.share * w.channels.get(channel_traits.name, 1) * (w.month_start if start else 1)
                    for w in workflows
                ]
            )
            mine = np.flatnonzero((channel == number) & (is_month_start == start))
            workflow[mine] = draw(rng, weights, len(mine))
    return np.where(rng.random(len(channel)) < _OTHER_SHARE, NOWHERE, workflow)


def _by_channel(shares: dict[str, float]) -> Floats:
    return np.array([shares.get(channel.name, 0.0) for channel in CHANNELS])


def _fate(rng: np.random.Generator, channel: Ints) -> Ints:
    unanswered = rng.random(len(channel)) < traits("unanswered")[channel]
    discarded = rng.random(len(channel)) < _by_channel(_DISCARDED)[channel]
    merged = rng.random(len(channel)) < _MERGED
    return np.select([merged, discarded, unanswered], [MERGED, DISCARDED, UNANSWERED], ANSWERED)


def _reason_known(rng: np.random.Generator, channel: Ints) -> Ints:
    at_once = np.array([channel_traits.name in _REASON_AT_ONCE for channel_traits in CHANNELS])[channel]
    never = rng.random(len(channel)) < _REASON_NEVER
    return np.select([never, at_once], [NEVER, AT_OPENING], WHEN_ASSIGNED)


def _with_duplicates(rng: np.random.Generator, tickets: Tickets, calendar: Calendar) -> Tickets:
    """Merged tickets become second messages about an open one."""
    merged = np.flatnonzero(tickets.fate == MERGED)
    answered = np.flatnonzero(tickets.fate == ANSWERED)
    if not len(answered):
        return tickets
    into = answered[rng.integers(0, len(answered), len(merged))]
    opened = tickets.opened[into] + rng.integers(2 * MINUTE, 90 * MINUTE, len(merged))
    tickets.opened[merged] = np.minimum(opened, calendar.end - 1)
    for column in (tickets.workflow, tickets.reason, tickets.customer):
        column[merged] = column[into]
    tickets.proactive[merged] = False
    tickets.into[merged] = into
    return tickets
