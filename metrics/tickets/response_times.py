"""Where each time stands in opening hours and on every hour of the clock: metric, band, waits, target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from metrics.catalog.dimensions import (
    RESOLUTION_WAITS,
    RESPONSE_WAITS,
    TIMED_RESOLUTION_WAITS,
    TIMED_RESPONSE_WAITS,
)
from metrics.settings.targets import Measure
from metrics.tickets.survival import Waits

Clock = Literal["calendar", "business"]


@dataclass(frozen=True)
class Time:
    """One time on one clock: the metric that tells it, its band, and the waits with those still open."""

    measure: Measure
    clock: Clock
    metric: str
    waits: Waits

    @property
    def band(self) -> str:
        """The dimension of its bands."""
        return self.metric.removesuffix("_minutes") + "_band"

    @property
    def level(self) -> str:
        """The metric of its service level."""
        return f"{self.measure}_sla_rate"


_ALL = (
    Time(
        "first_response",
        "calendar",
        "first_response_minutes",
        Waits(RESPONSE_WAITS, "waited_minutes"),
    ),
    Time(
        "first_response",
        "business",
        "first_response_business_minutes",
        Waits(TIMED_RESPONSE_WAITS, "waited_business_minutes"),
    ),
    Time(
        "resolution",
        "calendar",
        "resolution_minutes",
        Waits(RESOLUTION_WAITS, "waited_minutes"),
    ),
    Time(
        "resolution",
        "business",
        "resolution_business_minutes",
        Waits(TIMED_RESOLUTION_WAITS, "waited_business_minutes"),
    ),
)
TIMES: Mapping[str, Time] = {time.metric: time for time in _ALL}


def time(measure: Measure, clock: Clock) -> Time:
    """That time on that clock."""
    return next(each for each in _ALL if (each.measure, each.clock) == (measure, clock))
