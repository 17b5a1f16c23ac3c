"""A simulation as three files, byte for byte the same for the same simulation."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from etl.simulator.simulation import Simulation

EVENTS, DEFINITIONS, TRUTH = "events.parquet", "workflows.json", "truth.json"
_IN_SEQUENCE = ("event_id", "ticket_id", "run_id")
_LEVEL = 12


def write(simulation: Simulation, directory: Path) -> None:
    """Writes events, workflow definitions and the planted truth into the directory, which it makes."""
    directory.mkdir(parents=True, exist_ok=True)
    # The simulated clock counts milliseconds; stored as such, instants take a quarter less room.
    events = simulation.events.with_columns(pl.col("occurred_at").cast(pl.Datetime("ms", "UTC")))
    table = events.rechunk().to_arrow()
    encodings = dict.fromkeys(_IN_SEQUENCE, "DELTA_BYTE_ARRAY") | {"occurred_at": "BYTE_STREAM_SPLIT"}
    pq.write_table(
        table,
        directory / EVENTS,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=[name for name in table.column_names if name not in encodings],
        column_encoding=encodings,
        row_group_size=1_000_000,
        write_statistics=["occurred_at"],
    )
    write_json(simulation.definitions, directory / DEFINITIONS)
    write_json(simulation.truth, directory / TRUTH)


def write_json(content: object, path: Path) -> None:
    """Writes a document for people and programs to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
