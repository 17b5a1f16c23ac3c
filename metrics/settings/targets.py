"""What was promised: how soon a ticket is answered and solved, by its channel and priority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from etl.contract.names import Name
from etl.messages import field_error
from metrics.settings.schedules import tickets_of

Measure = Literal["first_response", "resolution"]
Pause = Literal["customer", "hold"]
MEASURES: tuple[Measure, ...] = ("first_response", "resolution")
_LONGEST = 366 * 24 * 60


class Target(BaseModel):
    """Service-level targets of some tickets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: tuple[Name, ...] = Field(
        default=(), description="For tickets of these channels only; empty: of all."
    )
    priorities: tuple[Name, ...] = Field(
        default=(), description="For tickets of these priorities only; empty: of all."
    )
    clock: Literal["business", "calendar"] = Field(
        default="business", description='Counts opening hours ("business"), or every hour ("calendar").'
    )
    pauses_while: tuple[Pause, ...] = Field(
        default=(),
        description='The clock rests while the customer is waited for ("customer"), or on hold ("hold").',
    )
    first_response_minutes: float | None = Field(
        default=None, gt=0, le=_LONGEST, description="An agent answers within this many minutes."
    )
    resolution_minutes: float | None = Field(
        default=None, gt=0, le=_LONGEST, description="The ticket is solved within this many minutes."
    )

    @model_validator(mode="after")
    def _promises_something(self) -> Target:
        if self.first_response_minutes is None and self.resolution_minutes is None:
            raise field_error("settings.target_empty")
        return self

    def minutes(self, measure: Measure) -> float | None:
        """The target for a measure; None where it has none."""
        return self.first_response_minutes if measure == "first_response" else self.resolution_minutes

    def rules(self) -> Iterator[tuple[Measure, str | None, str | None]]:
        """Measure, channel and priority of each promise; None stands for all."""
        for measure in MEASURES:
            if self.minutes(measure) is not None:
                for channel in self.channels or (None,):
                    for priority in self.priorities or (None,):
                        yield measure, channel, priority


def without_contradictions(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Targets of which none contradicts another.

    Raises:
        ValueError: two promise the same to the same tickets.
    """
    rules: set[Any] = set()
    for target in targets:
        for rule in target.rules():
            if rule in rules:
                measure, channel, priority = rule
                field, tickets = f"{measure}_minutes", tickets_of(channel=channel, priority=priority)
                raise field_error("settings.targets_overlap", field=field, tickets=tickets)
            rules.add(rule)
    return targets
