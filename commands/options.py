"""What commands are asked: options that several share, and the scope they make."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.warehouses import settings_of
from etl.errors import InvalidRequest
from metrics.scope import Scope

HOME = Path(__file__).parents[1]


SAMPLE = HOME / "data" / "sample"


Warehouse = Annotated[
    Path,
    typer.Option(
        "--warehouse", envvar="STEPSIGHT_WAREHOUSE", help="The folder that holds archive and database."
    ),
]


From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]


HourlyCost = Annotated[
    float | None, typer.Option(min=0, help="What an hour costs, instead of hourly_cost of the settings.")
]


To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]


AsOf = Annotated[str | None, typer.Option(help="State of knowledge at this instant, as 2026-03-02T09:00Z.")]


Wheres = Annotated[
    list[str] | None, typer.Option("--where", help="DIM=VALUE; the same DIM again means either.")
]


Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the dashboard listens.")]


DEFAULT_WAREHOUSE = HOME / "data" / "warehouse"


DEMO_WAREHOUSE = HOME / "data" / "demo"


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


Form = Annotated[Format, typer.Option("--format", help="How to print the answer.")]


def scope_of(
    start: datetime | None, end: datetime | None, as_of: str | None, where: list[str], warehouse: Path
) -> Scope:
    """The scope that the options of a command make; days are days of the settings' time zone."""
    chosen: dict[str, list[str]] = {}
    for condition in where:
        dimension, equals, value = condition.partition("=")
        if not equals:
            raise InvalidRequest(f"--where {condition}: expected DIM=VALUE, as in --where channel=phone.")
        chosen.setdefault(dimension.strip(), []).append(value.strip())
    return Scope(
        start=start.date() if start else None,
        end=end.date() if end else None,
        time_zone=settings_of(warehouse).time_zone,
        as_of=_instant(as_of),
        where=tuple((dimension, tuple(sorted(values))) for dimension, values in sorted(chosen.items())),
    )


def one_of(known: Iterable[str], what: str) -> str:
    """Refuse what is not among the known."""
    if what not in known:
        raise InvalidRequest(f"There is no {what!r} to show. There are: {', '.join(known)}.")
    return what


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest(f"--as-of {text}: expected an instant such as 2026-03-02T09:00Z.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
