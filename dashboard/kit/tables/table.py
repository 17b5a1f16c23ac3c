"""What every table function returns; how a kind of column is written is decided where it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dashboard.language import words


@dataclass(frozen=True)
class Column:
    """One column as a reader sees it."""

    title: str
    kind: Literal["text", "count", "share", "change", "hours", "open"] = "text"
    help: str | None = None
    pinned: bool = False
    width: int | None = None


@dataclass(frozen=True)
class Table:
    """A frame with exactly the columns named, in that order. Texts are plain text.

    An `open` column holds what a click on it leads to. `definition` says what its numbers mean.
    """

    title: str
    frame: pl.DataFrame
    columns: Mapping[str, Column]
    alt: str
    definition: str = ""


def texts(values: Iterable[str | None]) -> pl.Series:
    """A column of texts, also where there is none.

    Not by an expression of polars: that runs in threads of its own, which do not know the reader's language.
    """
    return pl.Series(list(values), dtype=pl.String)


def durations(seconds: pl.Series) -> pl.Series:
    """Seconds as a column of texts."""
    return texts(words.minutes(None if value is None else value / 60) for value in seconds)
