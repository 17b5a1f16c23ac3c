"""When a verdict on a new version is given: settings, which change no fact."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class VersionRules(BaseModel):
    """What it takes to call a new version improved, worse or unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    false_discovery_rate: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="Of what is called improved or worse, at most this share may be chance: over all steps "
        "and measures of one new version, its times apart from the rest.",
    )
    telling_effect: float = Field(
        default=0.5,
        gt=0,
        description="No change is shown only by data that would have shown a rise by this share.",
    )
    most_weeks: int = Field(
        default=12, ge=1, description="Compared are at most this many weeks before and after."
    )
    least_weeks: int = Field(
        default=2, ge=1, description="Nothing is said on fewer weeks than this, on either side."
    )
