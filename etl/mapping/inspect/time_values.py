"""How the times that a guess uses are stated in its mapping: by name, by their own form, of two columns."""

from __future__ import annotations

import re
from collections.abc import Mapping as Members
from dataclasses import dataclass
from typing import Any

import polars as pl

from etl.contract.kinds import Kind
from etl.mapping.inspect.profile import Profile
from etl.mapping.mapping import Mapping
from etl.mapping.sections import Time
from etl.mapping.value_from import ColumnValue, ValueFrom, columns_of

_DURATIONS: dict[Kind, re.Pattern[str]] = {
    Kind.REPLIED: re.compile(
        r"\b(?:(?:first|initial) (?:agent |admin |public )?(?:reply|response|answer)"
        r"|time to first (?:reply|response)|metric set reply time)\b"
    ),
    Kind.SOLVED: re.compile(r"\b(?:full resolution|resolution|time to (?:resolution|resolve|solve))\b"),
}
_OTHER_CLOCK = re.compile(r"\b(?:business|working|within|sla|first resolution)\b")
_UNITS = {
    "milliseconds": re.compile(r"\b(?:milliseconds|millis|ms)\b"),
    "seconds": re.compile(r"\b(?:seconds?|secs?)\b"),
    "minutes": re.compile(r"\b(?:minutes?|mins?)\b"),
    "hours": re.compile(r"\b(?:hours?|hrs?)\b"),
    "days": re.compile(r"\bdays?\b"),
}
_INSTANTS = frozenset({"occurred_at", "recorded_at"})
_CLOCKED = r"^[0-9]+:[0-5][0-9]:[0-5][0-9]$"


def with_time_values(profile: Profile, mapping: Mapping) -> Mapping:
    """The mapping with its times stated as their columns write them.

    Columns of one form share it; of several, each that is not in the usual form states its own.
    """
    sets = [mapping.columns, *(event.columns or {} for event in mapping.event)]
    values = [value for columns in sets for ours, value in columns.items() if ours in _INSTANTS]
    names = {name for value in values for name in columns_of(value) if name in profile.forms}
    forms = [profile.forms[name] for name in sorted(names)]
    formats = {form.format for form in forms}
    shared = formats.pop() if len(formats) == 1 else None
    zone = "UTC" if any(form.needs_zone for form in forms) else None

    def with_times(columns: Members[str, ColumnValue]) -> dict[str, ColumnValue]:
        return {
            ours: _time_value(profile, value, shared) if ours in _INSTANTS else value
            for ours, value in columns.items()
        }

    events = [
        event.model_copy(update={"columns": with_times(event.columns)}) if event.columns else event
        for event in mapping.event
    ]
    columns = with_times(mapping.columns)
    return mapping.model_copy(
        update={"columns": columns, "event": events, "time": Time(zone=zone, format=shared)}
    )


def _time_value(profile: Profile, value: ColumnValue, shared: str | None) -> ColumnValue:
    name = value if isinstance(value, str) else value.sources[0]
    if name not in profile.forms:
        return value
    form, parts = profile.forms[name].format, profile.pairs.get(name)
    own: dict[str, Any] = {} if isinstance(value, str) else value.model_dump(exclude_none=True)
    if form != shared:
        own["format"] = form
    if not own and not parts:
        return name
    return ValueFrom.model_validate({**own, "from": list(parts) if parts else name})


@dataclass(frozen=True)
class Duration:
    """A column that says how long after the opening something happened."""

    column: str
    unit: str

    def after(self, opened: str) -> ValueFrom:
        """The instant so long after the one in a column."""
        return ValueFrom.model_validate({"from": opened, "plus": self.column, "unit": self.unit})


def duration_of(profile: Profile, kind: Kind) -> Duration | None:
    """The column that says how long after its opening this happened to a ticket, by every hour of the day."""
    pattern = _DURATIONS.get(kind)
    for name, text in profile.names.items():
        if not pattern or not pattern.search(text) or _OTHER_CLOCK.search(text) or name in profile.forms:
            continue
        texts = profile.rows[name].drop_nulls().cast(pl.String)
        if texts.is_empty():
            continue
        if texts.str.contains(_CLOCKED).all():
            return Duration(name, "h:mm:ss")
        numbers = texts.cast(pl.Float64, strict=False)
        unit = next((unit for unit, word in _UNITS.items() if word.search(text)), None)
        if unit and numbers.null_count() == 0 and (numbers >= 0).all():
            return Duration(name, unit)
    return None
