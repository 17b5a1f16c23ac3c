"""One file per kind of source; each gives the rows of a file as a `Table`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sources.delimited import read_delimited
from etl.sources.json_lines import read_json_lines
from etl.sources.parquet import read_parquet
from etl.sources.table import FileForm, Table

READERS: dict[str, Callable[[Path, FileForm], Table]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".parquet": read_parquet,
}


def read(path: Path, form: FileForm | None = None) -> Table:
    """All rows of a file, by the ending of its name; `.gz` behind it is unpacked first.

    Raises:
        UnreadableFile: the file as a whole cannot be read.
    """
    if path.is_dir():
        raise UnreadableFile(f"{path} is a folder. Name the files in it, as in {path}/*.parquet.")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix != ".gz"), "")
    if kind not in READERS:
        raise UnreadableFile(
            f"{path.name}: no reader for files ending in '{kind or path.name}'. "
            f"Known are {', '.join(READERS)}, each also with .gz behind it."
        )
    return READERS[kind](path, form or FileForm())


__all__ = ["READERS", "FileForm", "Table", "read"]
