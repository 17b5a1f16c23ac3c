"""How far a step must stand out to be a hotspot: settings, which change no fact."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class HotspotRules(BaseModel):
    """The least effect that matters: a hotspot is beyond chance, and so far above the baseline."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    least_points: float = Field(
        default=0.02,
        ge=0,
        lt=1,
        description="A hotspot's share of confused visits is at least so far above the baseline: 0.02 is two "
        "points.",
    )
    least_share: float = Field(
        default=0.5,
        ge=0,
        description="And at least by this part of the baseline: 0.5 is half as much again.",
    )
