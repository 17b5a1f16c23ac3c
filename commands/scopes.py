"""The scope that the options of a command make."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb

from commands.warehouses import settings_of
from etl.contract.names import name_of
from etl.errors import InvalidRequest
from etl.messages import Message
from metrics.catalog.dimensions import dimension
from metrics.query.measure import dimension_values
from metrics.query.scope import Scope


def scope_of(
    start: datetime | None,
    end: datetime | None,
    as_of: str | None,
    where: list[str],
    warehouse: Path,
    *,
    small_groups: bool = False,
) -> Scope:
    """The scope that the options of a command make; days are days of the settings' time zone.

    `small_groups`: numbers of few agents, too, as who runs commands has the database.
    """
    values_by_dimension: dict[str, list[str]] = {}
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals:
            raise InvalidRequest("option.where", condition=condition)
        values_by_dimension.setdefault(name_of(name), []).append(value)
    settings = settings_of(warehouse)
    return Scope(
        dimensions=settings.custom_dimensions,
        small_groups=small_groups,
        start=start.date() if start else None,
        end=end.date() if end else None,
        time_zone=settings.time_zone,
        as_of=_instant(as_of),
        where=tuple((name, tuple(sorted(values))) for name, values in sorted(values_by_dimension.items())),
    )


def missing_values(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[Message]:
    """Which values of the filters the data never has, each with the nearest that it has."""
    listed = {name: values for name, values in scope.where if dimension(name, scope.dimensions).is_listed}
    present = dimension_values(connection, list(listed), scope.dimensions)
    notices = []
    for name, values in listed.items():
        for value in (each for each in values if each and present[name] and each not in present[name]):
            near = get_close_matches(value, present[name], n=1)
            code = "option.where_near" if near else "option.where_missing"
            notices.append(Message(code, {"name": name, "value": value, "near": near[0] if near else ""}))
    return notices


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest("option.as_of", text=text) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
