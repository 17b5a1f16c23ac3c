"""The scope that the options of a command make."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.warehouses import settings_of
from etl.errors import InvalidRequest
from metrics.query.scope import Scope


def scope_of(
    start: datetime | None, end: datetime | None, as_of: str | None, where: list[str], warehouse: Path
) -> Scope:
    """The scope that the options of a command make; days are days of the settings' time zone."""
    values_by_dimension: dict[str, list[str]] = {}
    for condition in where:
        dimension, equals, value = condition.partition("=")
        if not equals:
            raise InvalidRequest("option.where", condition=condition)
        values_by_dimension.setdefault(dimension.strip(), []).append(value.strip())
    settings = settings_of(warehouse)
    return Scope(
        dimensions=settings.custom_dimensions,
        start=start.date() if start else None,
        end=end.date() if end else None,
        time_zone=settings.time_zone,
        as_of=_instant(as_of),
        where=tuple(
            (dimension, tuple(sorted(values))) for dimension, values in sorted(values_by_dimension.items())
        ),
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest("option.as_of", text=text) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
