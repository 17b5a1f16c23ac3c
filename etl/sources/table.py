"""What every source gives: rows as they stand in the file, and the rows that could not be told apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

POSITION = ":position"
"""The row's number in its file; 1 is the first row below the header. No source column is called that."""

REJECTED_SCHEMA = pl.Schema(
    {POSITION: pl.Int64(), "rule": pl.String(), "explanation": pl.String(), "content": pl.String()}
)


@dataclass(frozen=True)
class FileForm:
    """How a text file is written. Stated in a mapping; never guessed."""

    delimiter: str | None = None
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Table:
    """The rows of one file.

    `rows`: `POSITION` and the source's columns, one row per row of the file that could be read.
    `broken`: `REJECTED_SCHEMA`, one row per row of the file that is damaged in itself.
    """

    rows: pl.DataFrame
    broken: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTED_SCHEMA))

    @property
    def columns(self) -> list[str]:
        """The names of the source's columns."""
        return [name for name in self.rows.columns if name != POSITION]
