"""One file per kind of source; each gives the rows of a file as a `Table`."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sources.arrow_file import read_arrow
from etl.sources.compression import PACKED
from etl.sources.delimited import read_delimited
from etl.sources.excel import read_excel
from etl.sources.file_list import find_files, kind_of
from etl.sources.json_document import read_json
from etl.sources.json_lines import read_json_lines
from etl.sources.parquet import read_parquet
from etl.sources.table import FileForm, Table
from etl.sources.xes import read_xes
from etl.sources.zip_files import in_zip, members

READERS: dict[str, Callable[[Path, FileForm], Table]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".parquet": read_parquet,
    ".arrow": read_arrow,
    ".feather": read_arrow,
    ".xes": read_xes,
    ".xlsx": read_excel,
    ".ods": read_excel,
}
"""The one list of formats: help, messages and the page that takes files repeat it."""

KINDS = frozenset({*READERS, ".zip"})
ENDINGS = (*READERS, *PACKED, ".zip")
"""Every ending of a file that can be read."""


def files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths stand for: folders, patterns such as `2026-*.csv`, and .zip files are opened up.

    Never fails: a path that stands for no file is given as it is, and `read` says why.
    """
    return find_files(paths, KINDS)


def files_beside(path: Path) -> list[Path]:
    """The files that can be read in a file's folder, itself among them; of one in a .zip, those in there."""
    inside = in_zip(path)
    folder = inside[0] if inside else path.parent
    return [file for file in find_files([folder], READERS) if file != folder]


def read(path: Path, form: FileForm | None = None) -> Table:
    """All rows of a file, by the ending of its name; `.gz` or `.zst` behind it is unpacked first.

    A file in a .zip is named as if the .zip were a folder: `export.zip/events.csv`.

    Raises:
        UnreadableFile: the file as a whole cannot be read.
    """
    if path.is_dir():
        raise UnreadableFile("file.empty_folder", path=path, endings=list(READERS))
    if path.exists() and not path.is_file():
        raise UnreadableFile("file.not_regular", path=path)  # a pipe would be waited for without end
    if glob.has_magic(str(path)) and not path.exists() and not in_zip(path):
        raise UnreadableFile("file.no_match", path=path)
    if path.suffix.lower() == ".zip":
        path = _only_member(path)
    kind = kind_of(path)
    if kind not in READERS:
        raise UnreadableFile(
            "file.unknown_ending", file=path.name, ending=kind or path.name, endings=list(READERS)
        )
    return READERS[kind](path, form or FileForm())


def _only_member(path: Path) -> Path:
    inside = [path / name for name in members(path) if kind_of(Path(name)) in KINDS]
    if not inside:
        raise UnreadableFile("file.nothing_in_zip", file=path.name, endings=list(READERS))
    if len(inside) > 1:
        raise UnreadableFile("file.several_in_zip", file=path.name, n=len(inside), files=inside[:5])
    return inside[0]


__all__ = ["ENDINGS", "KINDS", "READERS", "FileForm", "Table", "files", "files_beside", "kind_of", "read"]
