"""Where a check begins to speak up: the limits, all in one place."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Limits(BaseModel):
    """Limits of the checks. Shares are 0-1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chance: Share = Field(
        default=0.001, description="How improbable a count must be under the harmless explanation."
    )
    fewest: int = Field(default=20, description="Tickets, runs or days below which a share says nothing.")
    fewest_ticket_hours: int = Field(
        default=100, description="Ticket-hours on either side of a clock change below which it is not judged."
    )
    evidence: float = Field(
        default=20.0,
        description="Natural-log units by which moved hours must fit better than unmoved.",
    )
    evidence_per_ticket_hour: float = Field(
        default=0.05, description="The same per ticket-hour, so that mere quantity does not decide."
    )
    fewest_hours_moved: int = Field(
        default=2, description="Hours of a jump; one hour is what a clock change does."
    )
    concentration: Share = Field(
        default=0.2, description="Below, a desk is too even over the day for its hours to tell anything."
    )
    office_middle_from: float = Field(
        default=10.5, description="The middle of an office day on the wall clock, at the earliest."
    )
    office_middle_to: float = Field(
        default=15.0, description="The middle of an office day on the wall clock, at the latest."
    )
    some_swapped: Share = Field(
        default=0.2, description="Share of tickets that dates exchanged fit better that needs a look."
    )
    empty_days: Share = Field(default=0.1, description="Share of usual days empty that is suspicious.")
    empty_stretch_days: int = Field(
        default=10, description="Usual days empty in a row that are suspicious: two weeks of work."
    )
    fewest_in_week: int = Field(
        default=50, description="Tickets, once an hour each, of a usual week below which a drop says nothing."
    )
    fewest_openings: int = Field(
        default=40,
        description="Openings usual in as many weeks as have few, below which a drop says nothing.",
    )
    abrupt_drop: Share = Field(
        default=0.1, description="Part of the usual volume below which weeks at the end are suspicious."
    )
    exact_hour: Share = Field(default=0.05, description="Share of events on an exact hour that needs a look.")
    date_only: Share = Field(default=0.5, description="Share of events on one exact hour that is suspicious.")
    wrong_order: Share = Field(
        default=0.05, description="Share of things in the wrong order that is suspicious."
    )
    some_before_opening: Share = Field(
        default=0.2, description="Share of tickets begun before they were opened that needs a look."
    )
    most_before_opening: Share = Field(default=0.5, description="The share of them that is suspicious.")
    some_repeats: Share = Field(
        default=0.2, description="Share of reopenings without a solve since the one before that needs a look."
    )
    most_repeats: Share = Field(default=0.5, description="The share of them that is suspicious.")
    unopened: Share = Field(
        default=0.2,
        description="Share of tickets without an opening, where others have one, that is bad.",
    )
    broken_merges: Share = Field(
        default=0.2, description="Share of merges that lead to no ticket that is suspicious."
    )
    some_endless: Share = Field(default=0.05, description="Share of runs without an end that needs a look.")
    most_endless: Share = Field(default=0.5, description="Share of runs without an end that is suspicious.")
    some_rushed: Share = Field(default=0.1, description="Share of runs clicked through that needs a look.")
    most_rushed: Share = Field(default=0.3, description="Share of runs clicked through that is suspicious.")
    unknown_steps: Share = Field(
        default=0.2, description="Share of events at steps the definition does not have that is suspicious."
    )
    conflicts: Share = Field(default=0.01, description="Share of contradicting events that is suspicious.")
    duplicates: Share = Field(default=0.2, description="Share of repeated rows of a load that needs a look.")
    duplicates_above_usual: float = Field(
        default=5.0, description="Times the usual share of repeated rows that is suspicious."
    )
    rejected: Share = Field(default=0.1, description="Share of rejected rows that is suspicious.")
    skipped: Share = Field(default=0.2, description="Share of skipped rows of a load that needs a look.")
    days_ahead: float = Field(
        default=1.0, description="Days by which events may be later than their load before it is suspicious."
    )
    days_behind: float = Field(
        default=3.0, description="Days a source may be behind the others before it needs a look."
    )
    times_behind: float = Field(default=3.0, description="The same, in its usual days between loads.")
