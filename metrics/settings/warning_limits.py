"""From where on a warning sign is one: settings, which change no fact."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class WarningLimits(BaseModel):
    """What is too much; a measure is a warning where its whole interval lies beyond."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    onboarding_visits: int = Field(
        default=10,
        ge=1,
        le=50,
        description="Visits to a step by which new agents should be as sure and as quick as the others. From "
        "50 on practice is not told apart.",
    )
    as_good_factor: float = Field(
        default=1.25,
        gt=1,
        description="As sure and as quick as the others is who is at most this many times as often "
        "confused, or as slow.",
    )
    error_share: float = Field(default=0.05, ge=0, lt=1, description="Of visits, those with an error.")
    agents_apart: float = Field(
        default=0.5,
        gt=0,
        description="How far agents lie apart on equal cases: 0.5 is half more or less than expected.",
    )
    held_by_five: float = Field(
        default=0.5,
        gt=0,
        lt=1,
        description="Of the solved tickets of a reason, those of the five agents who solved most.",
    )
    crowded_share: float = Field(
        default=0.1, ge=0, lt=1, description="Of the working time, that with many tickets at once."
    )
    many_tickets: int = Field(default=3, ge=1, description="More tickets at once than this are many.")
    laid_down_minutes: float = Field(
        default=60,
        gt=0,
        description="A ticket on which an agent does nothing for longer than this is laid down.",
    )
    after_hours_share: float = Field(
        default=0.1, ge=0, lt=1, description="Of what agents do, that outside the opening hours."
    )
