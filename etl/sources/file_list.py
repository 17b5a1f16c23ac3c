"""Which files are meant: folders, patterns and .zip files as the files they stand for."""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterable
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sources.compression import PACKED
from etl.sources.zip_files import in_zip, members


def kind_of(name: Path) -> str:
    """The ending that says how a file is written: .csv of `events.csv.gz`."""
    suffixes = [suffix.lower() for suffix in name.suffixes]
    return next((suffix for suffix in reversed(suffixes) if suffix not in PACKED), "")


def find_files(paths: Iterable[Path], kinds: Collection[str]) -> list[Path]:
    """Every file once, in the order of the arguments; those of a folder, pattern or .zip sorted by name.

    A folder gives its files of the given kinds, not those of its folders. What leads to no file stays as
    it is, so that reading it says why.
    """
    return list(dict.fromkeys(file for path in paths for file in _files(path, kinds)))


def _files(path: Path, kinds: Collection[str]) -> list[Path]:
    if path.is_dir():
        inside = sorted(child for child in path.iterdir() if child.is_file())
        files = [child for child in inside if kind_of(child) in kinds and not child.name.startswith(".")]
        return [file for child in files for file in _zip_members(child, kinds)] or [path]
    if not path.exists() and glob.has_magic(str(path)):
        matching = [Path(name) for name in sorted(glob.glob(str(path)))]  # noqa: PTH207 - absolute patterns too
        files = [match for match in matching if match.is_file()]
        return [file for match in files for file in _zip_members(match, kinds)] or [path]
    return _zip_members(path, kinds)


def _zip_members(path: Path, kinds: Collection[str]) -> list[Path]:
    """The files of these kinds in a .zip; any other file, and one that has none, as it is."""
    if path.suffix.lower() != ".zip" or in_zip(path):
        return [path]
    try:
        names = [name for name in members(path) if kind_of(Path(name)) in kinds]
    except UnreadableFile:
        return [path]
    return [path / name for name in names] or [path]
