"""What commands are asked: options that several share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from etl.errors import InvalidRequest


def a_folder(path: Path) -> Path:
    """A path where no file stands.

    Raises:
        InvalidRequest: a file stands there.
    """
    if path.is_file():
        raise InvalidRequest("warehouse.is_file", path=path)
    return path


Warehouse = Annotated[
    Path,
    typer.Option(
        "--warehouse",
        envvar="STEPSIGHT_WAREHOUSE",
        callback=a_folder,
        help="The folder that holds archive and database.",
    ),
]


def path_by_name(text: str) -> Path:
    """A path that is not empty: an unset variable of a script would else mean the current folder.

    Raises:
        InvalidRequest: it is empty.
    """
    if not text.strip():
        raise InvalidRequest("option.empty_path")
    return Path(text)


From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]


HourlyCost = Annotated[
    float | None, typer.Option(min=0, help="What an hour costs, instead of hourly_cost of the settings.")
]


To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]


AsOf = Annotated[
    str | None,
    typer.Option(help="Answer from the events up to this instant, as corrected since: 2026-03-02T09:00Z."),
]


Wheres = Annotated[
    list[str] | None, typer.Option("--where", help="DIM=VALUE; the same DIM again means either.")
]


SmallGroups = Annotated[
    bool,
    typer.Option(
        envvar="STEPSIGHT_SMALL_GROUPS",
        help="Numbers of groups of few agents, too; pages never show them. Each use is logged.",
    ),
]


Port = Annotated[
    int, typer.Option(min=0, max=65535, help="Where the dashboard listens; 0 takes a free port.")
]


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


Form = Annotated[Format, typer.Option("--format", help="How to print the answer.")]


def one_of(choices: Iterable[str], what: str) -> str:
    """Refuse what is not among the known."""
    if what not in choices:
        raise InvalidRequest("choice.unknown", text=what, known=list(choices))
    return what
