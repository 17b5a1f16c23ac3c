"""The files that the archive can make anew."""

from __future__ import annotations

from pathlib import Path


def discard_database(directory: Path) -> None:
    """Remove the database and its snapshots, which the archive can make anew."""
    for file in [*directory.glob("warehouse.duckdb*"), *(directory / "snapshots").glob("*")]:
        file.unlink(missing_ok=True)
