"""A desk to load into: a warehouse in a folder of its own, and a way to write event files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from etl.contract.workflows import read_definitions
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.load import add_definitions, load
from etl.store.load_report import FileReport

LOADED_AT = datetime(2026, 3, 9, tzinfo=UTC)
CSV_HEADER = "event_id,occurred_at,ticket_id,kind\n"


@dataclass
class Desk:
    """A warehouse under `folder`, open for writing."""

    folder: Path
    connection: duckdb.DuckDBPyConnection
    archive: Archive
    written: int = field(default=0)

    def file(self, content: str | bytes, name: str = "events.csv") -> Path:
        """A file with this content, in a folder of its own so that names may repeat."""
        self.written += 1
        path = self.folder / str(self.written) / name
        path.parent.mkdir()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, path: Path, mapping: Mapping | None = None) -> FileReport:
        report = load([path], self.connection, self.archive, now=LOADED_AT, mapping=mapping)
        return report.files[0]

    def define(self, path: Path) -> None:
        add_definitions(read_definitions(path), self.connection, self.archive)

    def table(self, name: str) -> pl.DataFrame:
        return pl.DataFrame(self.connection.table(name).to_arrow_table())

    def events(self) -> pl.DataFrame:
        return (
            self.table("events")
            .drop("load_id", "position")
            .sort("ticket_id", "occurred_at", "seq", "event_id")
        )
