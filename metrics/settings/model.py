"""What an operator may choose: `stepsight.toml`, whose every field has a default that needs no file.

Nothing here reads a file or the environment: `etl.settings.file` does, for command line and dashboard.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from etl.contract.instants import EARLIEST
from etl.contract.time_zones import TimeZone
from etl.messages import field_error
from etl.privacy.phone_numbers import DEFAULT_REGIONS, unknown_regions
from etl.store.ticket_groups import Retention
from metrics.settings.dimensions import Dimensions
from metrics.settings.hotspot_rules import HotspotRules
from metrics.settings.run_rules import RunRules
from metrics.settings.schedules import DEFAULT, Schedule, without_gaps_or_overlaps
from metrics.settings.targets import Target, without_contradictions
from metrics.settings.thresholds import Thresholds
from metrics.settings.version_rules import VersionRules
from metrics.settings.warning_limits import WarningLimits


def _existing_regions(regions: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := unknown_regions(regions):
        raise field_error("settings.unknown_region", region=wrong[0])
    return regions


class Privacy(BaseModel):
    """What is kept of people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep_free_text: bool = Field(
        default=False, description="Keep answers and search words as they were written."
    )
    keep_months: int | None = Field(
        default=None,
        ge=1,
        description="Rows of tickets without an event in so many months are not loaded: those that "
        "`stepsight purge` would take.",
    )
    regions: Annotated[tuple[str, ...], AfterValidator(_existing_regions)] = Field(
        default=DEFAULT_REGIONS,
        description="Countries whose telephone numbers are looked for in texts, also without their '+'.",
    )
    smallest_group: int = Field(
        default=5,
        ge=5,
        description="The fewest agents that a number may be about; smaller groups are not shown.",
    )


class Settings(BaseModel):
    """All settings. Facts made with others are made anew; the same settings give the same numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: TimeZone = Field(
        default="UTC", description="IANA time zone of local days, and of hours that name none."
    )
    earliest: date = Field(
        default=EARLIEST,
        description="The day (UTC) before which nothing can have happened; earlier rows are rejected.",
    )
    hourly_cost: float | None = Field(
        default=None, ge=0, description="What an hour of an agent costs; turns lost hours into money."
    )
    currency: str = Field(default="EUR", min_length=1, description="The money of hourly_cost.")
    privacy: Privacy = Field(default=Privacy(), description="What is kept of people.")
    thresholds: Thresholds = Field(default=Thresholds(), description="The limits behind the definitions.")
    hotspots: HotspotRules = Field(
        default=HotspotRules(), description="How far a step must stand out to be a hotspot."
    )
    runs: RunRules = Field(default=RunRules(), description="What makes events with one run id one run.")
    versions: VersionRules = Field(
        default=VersionRules(), description="When a new version is called improved, worse or unchanged."
    )
    warnings: WarningLimits = Field(
        default=WarningLimits(),
        description="What is too much: a measure that is certainly above it is a warning sign.",
    )
    dimensions: Dimensions = Field(
        default={},
        description="Dimensions of your own: a name, and the column that a mapping fills, as in plan = "
        "'custom_plan'.",
    )
    schedules: Annotated[tuple[Schedule, ...], AfterValidator(without_gaps_or_overlaps)] = Field(
        default=(DEFAULT,),
        description="Opening hours. The most specific for a ticket holds: by channel and team, by team, by "
        "channel, for all.",
    )
    targets: Annotated[tuple[Target, ...], AfterValidator(without_contradictions)] = Field(
        default=(),
        description="Service-level targets. The most specific for a ticket holds: by channel and priority, "
        "by priority, by channel, for all.",
    )

    def retention(self, now: datetime) -> Retention | None:
        """Which tickets are kept at an instant; None where all are."""
        months = self.privacy.keep_months
        return None if months is None else Retention.of_months(months, now, self.runs.unique)

    @property
    def has_opening_hours(self) -> bool:
        """Whether opening hours are stated; those that hold by default say nothing of when people work.

        Earlier versions wrote the default into every settings file: it states nothing there, either.
        """
        return "schedules" in self.model_fields_set and self.schedules != (DEFAULT,)

    @property
    def stated_time_zone(self) -> str | None:
        """The time zone where one is stated; that of the default says nothing of the data."""
        return self.time_zone if "time_zone" in self.model_fields_set else None

    @property
    def custom_dimensions(self) -> tuple[tuple[str, str], ...]:
        """The dimensions as a scope has them."""
        return tuple(sorted(self.dimensions.items()))
