"""Mappings, settings and workflow definitions that contradict themselves or the contract."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "mapping.answers": "{place}: {problem}.",
    "settings.newer_than_numbers": (
        "The settings have changed since these numbers were made. `stepsight refresh` applies them."
    ),
    # Values of settings: parts of a sentence that names the place.
    "settings.unknown_zone": "{name!r} is no IANA time zone; expected a name such as Europe/Berlin",
    "settings.no_hours": "{text!r} are no hours; expected days and times, as in 'Mon-Fri 09:00-17:00'",
    "settings.hours_too_late": "{text!r} has a time after 24:00; expected times from 00:00 to 24:00",
    "settings.hours_empty": "{text!r} ends when it starts; for the whole day write 00:00-24:00",
    "settings.unknown_day": "{name!r} is no day of the week; expected {known}, or two as in Mon-Fri",
    "settings.unknown_country": (
        "{region!r} is no country; expected its two letters, as in DE, or with a part: DE-BY"
    ),
    "settings.unknown_part": ("{country} has no part {part!r} with holidays of its own; known are: {known}"),
    "settings.no_parts": "{country} has no parts with holidays of their own; expected {country} alone",
    "settings.schedules_overlap": "{one!r} and {other!r} are both for {tickets}; keep one of them",
    "settings.schedule_dates": (
        "of the versions of {name!r} one (the first) must have no valid_from, and each other its own"
    ),
    "settings.schedule_tickets": "the versions of {name!r} must be for the same channels and teams",
    "settings.schedules_gap": "none is for all other tickets; add one without channels and teams",
    "settings.target_empty": "promises nothing; give first_response_minutes, resolution_minutes or both",
    "settings.targets_overlap": "two set {field} for {tickets}; keep one of them",
    "tickets.all": "all tickets",
    "tickets.of_channel": "tickets of channel {channel}",
    "tickets.of_team": "tickets of team {team}",
    "tickets.of_priority": "tickets of priority {priority}",
    "tickets.of_channel_and_team": "tickets of channel {channel} and team {team}",
    "tickets.of_channel_and_priority": "tickets of channel {channel} and priority {priority}",
}
