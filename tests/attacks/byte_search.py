"""All bytes of all files below a folder, what is packed unpacked: whatever is kept of anybody is in them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb
import polars as pl


def everything_in(*folders: Path, damaged: Collection[str] = ()) -> dict[Path, bytes]:
    """By file, its name and its bytes, and the texts of what is packed.

    `damaged`: names of databases that cannot be opened; any other one that cannot be is a failure.
    """
    return {
        path: str(path).encode() + path.read_bytes() + (b"" if path.name in damaged else _unpacked(path))
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.is_file()
    }


def files_with(word: str, *folders: Path, damaged: Collection[str] = ()) -> list[str]:
    """The files that have a word in them."""
    return files_with_any([word], *folders, damaged=damaged)


def files_with_any(words: Collection[str], *folders: Path, damaged: Collection[str] = ()) -> list[str]:
    """The files that have one of some words in them: each as often as it has other ones of them."""
    contents = everything_in(*folders, damaged=damaged)
    return [str(path) for word in words for path, content in contents.items() if word.encode() in content]


def _unpacked(path: Path) -> bytes:
    if path.suffix == ".parquet":
        try:
            return pl.read_parquet(path).write_ndjson().encode()
        except pl.exceptions.PolarsError:  # it is damaged
            return b""
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
            frames = [pl.DataFrame(connection.table(name).to_arrow_table()) for name in names]
        return b"".join(frame.write_ndjson().encode() for frame in frames)
    return b""
