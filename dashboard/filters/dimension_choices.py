"""The values of a dimension as choices for a reader, and which of them a link to a list may ask for."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.language import N_, _, time_words, words
from dashboard.queries import warehouse
from metrics.catalog.dimensions import Dimension, dimension
from metrics.catalog.durations import EDGES
from metrics.catalog.metric import Metric

FILTER_PREFIX = "only_"
"""What a link to a list calls a dimension it is narrowed by, before the dimension's name."""
TITLES = {
    "source": N_("Source"),
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
OF_TICKETS = ("channel", "team", "reason", "priority")
"""Dimensions that every warehouse may have, and many have not."""
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


def dimension_of(name: str) -> Dimension:
    """The dimension of that name, built in or of the settings."""
    return dimension(name, warehouse.settings().custom_dimensions)


def with_values(snapshot: str | None, titles: Mapping[str, str]) -> dict[str, str]:
    """Dimensions by what readers call them, without those of which the data records nothing.

    All of them where that leaves none: the page then says what is missing.
    """
    recorded = {
        title: name
        for title, name in titles.items()
        if name not in OF_TICKETS or warehouse.dimension_values(snapshot, name)
    }
    return recorded or dict(titles)


def further(snapshot: str | None) -> dict[str, str]:
    """Dimensions that not every warehouse has, by what readers call them: sources, and those of settings."""
    of_sources = {_(title("source")): "source"} if warehouse.dimension_values(snapshot, "source") else {}
    return of_sources | of_settings()


def of_settings() -> dict[str, str]:
    """The dimensions of the settings, by what a reader calls them."""
    return {_(title(name)): name for name, _attribute in warehouse.settings().custom_dimensions}


def narrowable(metric: Metric) -> list[str]:
    """The dimensions by which the records of a metric can be narrowed, beside reason and step."""
    names = [*TITLES, *(name for name, _attribute in warehouse.settings().custom_dimensions)]
    return [name for name in names if metric.fact in dimension_of(name).facts]


def choices(snapshot: str | None, name: str) -> dict[str, str]:
    """What a reader calls each value, and the value as a scope has it."""
    if dimension_of(name).band_of:
        return {time_words.band(low): str(low) for low in EDGES}
    if name == "weekday":
        return {time_words.group(day, name): str(day) for day in range(1, 8)}
    if name == "hour":
        return {time_words.group(hour, name): str(hour) for hour in range(24)}
    if name in LEVELS:
        return {_(level): level for level in LEVELS[name]}
    return {words.label(value): value for value in warehouse.dimension_values(snapshot, name)} | {
        words.label(None): ""
    }


def title(name: str) -> str:
    """What a reader calls a dimension, in English."""
    return TITLES.get(name) or dimension_of(name).title


def value_title(value: object, name: str) -> str:
    """A value as a reader calls it."""
    if value is not None and name in LEVELS:
        return _(str(value))
    if value is not None and dimension_of(name).band_of:
        return time_words.band(int(str(value)))
    return time_words.group(value, name)
