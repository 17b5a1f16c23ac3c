"""When a desk is open: weekly hours in a time zone, less holidays, in versions, per channel and team."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from etl.contract.names import Name
from etl.contract.time_zones import TimeZone
from etl.messages import Message, field_error

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"([a-z]{3}(?:[-,][a-z]{3})*) ([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])", re.I)

Piece = tuple[int, int, int]


@dataclass(frozen=True)
class Hours:
    """The same hours on some days of the week; they end on the next day where they end before they start.

    `days`: 0 is Monday. `start` and `end` are minutes of the day, on the wall clock.
    """

    text: str
    days: tuple[int, ...]
    start: int
    end: int

    def pieces(self) -> list[Piece]:
        """Weekday, first minute, end minute: hours past midnight are cut there."""
        if self.start < self.end:
            return [(day, self.start, self.end) for day in self.days]
        evenings = [(day, self.start, DAY_MINUTES) for day in self.days]
        return evenings + [((day + 1) % 7, 0, self.end) for day in self.days if self.end]


def read_hours(text: object) -> Hours:
    """Hours as people write them: `Mon-Fri 09:00-17:00`, `Sat,Sun 22:00-06:00`, `Mon-Sun 00:00-24:00`.

    Raises:
        ValueError: not of that form.
    """
    if isinstance(text, Hours):
        return text
    words = " ".join(text.split()) if isinstance(text, str) else ""
    match = _HOURS.fullmatch(words)
    if not match:
        raise field_error("settings.no_hours", text=text)
    days = tuple(sorted({day for part in match[1].split(",") for day in _days(part)}))
    start, end = int(match[2]) * 60 + int(match[3]), int(match[4]) * 60 + int(match[5])
    if start >= DAY_MINUTES or end > DAY_MINUTES:
        raise field_error("settings.hours_too_late", text=text)
    if start == end:
        raise field_error("settings.hours_empty", text=text)
    return Hours(words, days, start, end)


def _days(part: str) -> list[int]:
    """The days of `Mon`, or from `Fri` to `Mon`."""
    names = [name.title() for name in part.split("-")]
    if len(names) > 2 or (unknown := next((name for name in names if name not in DAYS), None)):
        wrong = part if len(names) > 2 else unknown
        raise field_error("settings.unknown_day", name=wrong, known=DAYS)
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _known_region(region: str) -> str:
    from holidays import list_supported_countries  # takes longer to import than most commands to run

    country, _, part = region.partition("-")
    countries: dict[str, list[str]] = list_supported_countries(include_aliases=True)
    if country not in countries:
        raise field_error("settings.unknown_country", region=region)
    if part and part not in countries[country]:
        if not countries[country]:
            raise field_error("settings.no_parts", country=country)
        raise field_error("settings.unknown_part", country=country, part=part, known=countries[country])
    return region


class Schedule(BaseModel):
    """The opening hours of a desk. One of the same name with a later `valid_from` follows on that day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="How it is called. Its versions share the name.")
    hours: tuple[
        Annotated[
            Hours,
            BeforeValidator(read_hours),
            PlainSerializer(lambda hours: hours.text, return_type=str),
        ],
        ...,
    ] = Field(description='Weekly hours, each as "Mon-Fri 09:00-17:00"; "Fri 22:00-06:00" ends on Saturday.')
    time_zone: TimeZone | None = Field(
        default=None, description="IANA time zone of these hours. Without one, that of the settings."
    )
    channels: tuple[Name, ...] = Field(
        default=(), description="For tickets of these channels only; empty: of all."
    )
    teams: tuple[Name, ...] = Field(default=(), description="For tickets of these teams only; empty: of all.")
    holidays: Annotated[str, AfterValidator(_known_region)] | None = Field(
        default=None,
        description='Closed on the public holidays of this country ("DE") or part of one ("DE-BY").',
    )
    closed_on: tuple[date, ...] = Field(default=(), description="Closed on these days, too.")
    valid_from: date | None = Field(
        default=None, description="The first day of this version; the first version has none."
    )

    def pieces(self) -> list[Piece]:
        """When it is open in a week: weekday, first minute, end minute; in order, apart from one another."""
        merged: list[Piece] = []
        for day, start, end in sorted({piece for hours in self.hours for piece in hours.pieces()}):
            if merged and merged[-1][0] == day and start <= merged[-1][2]:
                merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
            else:
                merged.append((day, start, end))
        return merged

    def rules(self) -> list[tuple[str | None, str | None]]:
        """The channels and teams it is for, each pair once; None stands for all."""
        return [(channel, team) for channel in self.channels or (None,) for team in self.teams or (None,)]


DEFAULT = Schedule(name="default", hours=(read_hours("Mon-Fri 09:00-17:00"),))


def without_gaps_or_overlaps(schedules: tuple[Schedule, ...]) -> tuple[Schedule, ...]:
    """Schedules of which exactly one applies to any ticket on any day.

    Raises:
        ValueError: two apply to the same tickets, or none to some.
    """
    owners: dict[Any, str] = {}
    versions: dict[str, list[Schedule]] = {}
    for schedule in schedules:
        versions.setdefault(schedule.name, []).append(schedule)
        for rule in schedule.rules():
            if owners.setdefault(rule, schedule.name) != schedule.name:
                tickets = tickets_of(channel=rule[0], team=rule[1])
                raise field_error(
                    "settings.schedules_overlap", one=owners[rule], other=schedule.name, tickets=tickets
                )
    for name, same in versions.items():
        starts = [version.valid_from for version in same]
        if starts.count(None) != 1 or len(set(starts)) != len(starts):
            raise field_error("settings.schedule_dates", name=name)
        if any(set(version.rules()) != set(same[0].rules()) for version in same):
            raise field_error("settings.schedule_tickets", name=name)
    if (None, None) not in owners:
        raise field_error("settings.schedules_gap")
    return schedules


def tickets_of(**conditions: str | None) -> Message:
    """The tickets of a rule: those of a channel, team or priority, of two of them, or all."""
    parts = [
        Message("tickets.part", {"dimension": name.capitalize(), "value": value})  # as its title says
        for name, value in conditions.items()
        if value is not None
    ]
    return Message("tickets.of", {"parts": parts}) if parts else Message("tickets.all")
