"""All bytes of all files below a folder, what is packed unpacked: whatever is kept of anybody is in them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl


def everything_in(*folders: Path) -> dict[Path, bytes]:
    """By file, its name and its bytes, and the texts of what is packed."""
    return {
        path: str(path).encode() + path.read_bytes() + _unpacked(path)
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.is_file()
    }


def files_with(word: str, *folders: Path) -> list[str]:
    """The files that have a word in them."""
    return [str(path) for path, content in everything_in(*folders).items() if word.encode() in content]


def _unpacked(path: Path) -> bytes:
    if path.suffix == ".parquet":
        try:
            return pl.read_parquet(path).write_ndjson().encode()
        except pl.exceptions.PolarsError:  # it is damaged
            return b""
    if path.suffix == ".duckdb":
        try:
            with duckdb.connect(str(path), read_only=True) as connection:
                names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
                frames = [pl.DataFrame(connection.table(name).to_arrow_table()) for name in names]
        except duckdb.Error:
            return b""
        return b"".join(frame.write_ndjson().encode() for frame in frames)
    return b""
