"""The values of a dimension as choices for a reader, and which of them a link to a list may ask for."""

from __future__ import annotations

from dashboard.language import N_, _, time_words, words
from dashboard.queries import warehouse
from metrics.catalog.dimensions import DIMENSIONS
from metrics.catalog.durations import EDGES
from metrics.catalog.metric import Metric

FILTER_PREFIX = "only_"
"""What a link to a list calls a dimension it is narrowed by, before the dimension's name."""
TITLES = {
    "channel": N_("Channel"),
    "team": N_("Team"),
    "priority": N_("Priority"),
    "workflow": N_("Workflow"),
    "version": N_("Version"),
    "weekday": N_("Day of the week"),
    "hour": N_("Hour of the day"),
    "first_response_band": N_("First response"),
    "first_response_business_band": N_("First response, opening hours"),
    "resolution_band": N_("Resolution"),
    "resolution_business_band": N_("Resolution, opening hours"),
    "answered_within": N_("First response"),
    "reopened": N_("Reopened"),
    "confused": N_("Workflow run"),
    "escalated": N_("Escalated"),
}
LEVELS = {
    "answered_within": (
        N_("under 5 minutes"),
        N_("5 minutes to 1 hour"),
        N_("1 to 4 hours"),
        N_("4 to 24 hours"),
        N_("over a day"),
    ),
    "reopened": (N_("reopened"), N_("not reopened")),
    "confused": (N_("a visit confused"), N_("no visit confused")),
    "escalated": (N_("escalated"), N_("not escalated")),
}
"""Of dimensions whose values are ours, not the data's."""


def narrowable(metric: Metric) -> list[str]:
    """The dimensions by which the records of a metric can be narrowed, beside reason and step."""
    return [name for name in TITLES if metric.fact in DIMENSIONS[name].facts]


def choices(snapshot: str | None, dimension: str) -> dict[str, str]:
    """What a reader calls each value, and the value as a scope has it."""
    if DIMENSIONS[dimension].band_of:
        return {time_words.band(low): str(low) for low in EDGES}
    if dimension == "weekday":
        return {time_words.group(day, dimension): str(day) for day in range(1, 8)}
    if dimension == "hour":
        return {time_words.group(hour, dimension): str(hour) for hour in range(24)}
    if dimension in LEVELS:
        return {_(level): level for level in LEVELS[dimension]}
    return {words.label(value): value for value in warehouse.dimension_values(snapshot, dimension)} | {
        words.label(None): ""
    }


def title(dimension: str) -> str:
    """What a reader calls a dimension, in English."""
    return TITLES.get(dimension, DIMENSIONS[dimension].title)


def value_title(value: object, dimension: str) -> str:
    """A value as a reader calls it."""
    if value is not None and dimension in LEVELS:
        return _(str(value))
    if value is not None and DIMENSIONS[dimension].band_of:
        return time_words.band(int(str(value)))
    return time_words.group(value, dimension)
