"""The limits behind the definitions: settings, each with the value METRICS gives it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Thresholds(BaseModel):
    """Every limit a definition uses. Another value changes what the facts say, so they are made anew."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    quick_back_seconds: float = Field(
        default=15, ge=0, description="Going back within this time means the step itself was not understood."
    )
    hesitation_factor: float = Field(
        default=3, gt=0, description="Longer than this many fluent times is a hesitation."
    )
    abandoned_after_hours: float = Field(
        default=24,
        gt=0,
        description="A run without an end and without an event for this long was abandoned. Hours of opening "
        "where opening hours are set.",
    )
    finished_by_solve_minutes: float = Field(
        default=60,
        ge=0,
        description="A run without an end was finished if its ticket was solved in its last visit or within "
        "this time after it.",
    )
    rushed_seconds: float = Field(
        default=5, ge=0, description="Only a visit that is shorter than this can be a rushed one."
    )
    rushed_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="A visit shorter than this share of what an unhurried one takes was rushed.",
    )
    rushed_run_share: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="A finished run was clicked through if at least this share of its visits was rushed.",
    )
    ended_share_needed: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Where fewer of a workflow version's silent runs have an end, nobody knows which were "
        "abandoned.",
    )
    silent_runs_needed: int = Field(
        default=20, ge=1, description="With fewer silent runs than this, runs without an end were abandoned."
    )
    inputs_rejected_needed: int = Field(
        default=2,
        ge=1,
        description="This many refused inputs in one visit are a strong sign; fewer are a weak one.",
    )
    weak_signs_needed: int = Field(
        default=2, ge=1, description="This many different weak signs make a visit a confused one."
    )
    satisfied_share: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="A rating of at least this share of its scale is a satisfied one.",
    )
    short_abandonment_seconds: float = Field(
        default=10,
        ge=0,
        description="Who hung up or left within this time counts in no abandonment rate.",
    )
    unreopened_solves_needed: int = Field(
        default=200,
        ge=1,
        description="Where so many tickets of a source were solved and none was ever reopened, it records no "
        "reopenings.",
    )
    follow_up_days: float = Field(
        default=7, gt=0, description="An agent's check-back counts within this time after a solve."
    )
    repeat_days: float = Field(
        default=7, gt=0, description="A new ticket within this time after a solve is a repeat contact."
    )
    idle_minutes: float = Field(
        default=30,
        gt=0,
        description="Nobody was at work for what is longer than this without an event in a visit.",
    )
    cost_limit_factor: float = Field(
        default=10,
        gt=0,
        description="A confused visit costs at most this many times what the others take, or a minute.",
    )
    guided_share_needed: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="A workflow guides agents where at least this share of its visits have help, a search, "
        "going back, a refusal, a pause or an answer.",
    )
    state_minutes: float = Field(
        default=60,
        ge=0,
        description="With fewer of these, a workflow whose median visit is longer is a log of states.",
    )
    settling_days: float = Field(
        default=5,
        ge=0,
        description="Agents first seen within this time of the data's beginning may have been there long "
        "before; later ones are new, and their practice is known.",
    )
