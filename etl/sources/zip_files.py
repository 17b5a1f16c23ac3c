"""Files in a .zip: `export.zip/events.csv` is the file events.csv in export.zip."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from etl.errors import UnreadableFile
from etl.messages import os_reason
from etl.sources.limits import FREE_BYTES, MOST_BYTES, MOST_DIRECTORY_BYTES, MOST_MEMBERS, MOST_RATIO

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(ValueError, OverflowError, LookupError, RuntimeError, NotImplementedError),
)
"""What `zipfile` fails with on damaged or unusual archives."""

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 2**16


def in_zip(path: Path) -> tuple[Path, str] | None:
    """The .zip that a path leads into, and the name of the file in it; null for every other path."""
    for parent in path.parents:
        if parent.suffix.lower() == ".zip" and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


def members(path: Path) -> list[str]:
    """The names of the files in a .zip, sorted, without folders and what operating systems hide in it.

    Raises:
        UnreadableFile: damaged, too much in it, a .zip within, or a name that leads out of it.
    """
    with ExitStack() as opened:
        return sorted(info.filename for info in _infos(_open_zip(path, opened), path))


def open_member(path: Path, name: str, opened: ExitStack) -> tuple[IO[bytes], Callable[[], int]]:
    """A stream of one file in a .zip, and how many packed bytes it may stand for.

    Raises:
        UnreadableFile: as `members` does, or no file of that name is in it.
    """
    archive = _open_zip(path, opened)
    for info in _infos(archive, path):
        if PurePosixPath(info.filename) == PurePosixPath(name):
            return opened.enter_context(archive.open(info)), partial(int, info.compress_size)
    raise UnreadableFile("file.not_in_zip", member=name, path=path)


def checked_zip(file: IO[bytes], source: str) -> zipfile.ZipFile:
    """A .zip whose list of contents is held against the limits, and nothing of it unpacked yet.

    Raises:
        UnreadableFile: damaged, too many files or bytes in it, or a name that leads out of it.
    """
    size = file.seek(0, 2)
    _require_a_short_directory(file, size, source)
    try:
        archive = zipfile.ZipFile(file)
    except (*DAMAGED, OSError) as error:
        raise UnreadableFile("file.damaged", file=source, kind=".zip", detail=str(error)) from error
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS:
        raise UnreadableFile("file.too_many_in_zip", file=source, n=len(infos), most=MOST_MEMBERS)
    if total > MOST_BYTES or total > max(FREE_BYTES, size * MOST_RATIO):
        raise UnreadableFile("file.unfolds", file=source, bytes=total)
    for info in infos:
        _require_a_name_within(info, source)
    return archive


def _open_zip(path: Path, opened: ExitStack) -> zipfile.ZipFile:
    try:
        file = opened.enter_context(path.open("rb"))
        return opened.enter_context(checked_zip(file, path.name))
    except OSError as error:
        raise opening_error(path, error) from error


def opening_error(path: Path, error: OSError) -> UnreadableFile:
    """What to raise where a file cannot be opened."""
    if isinstance(error, FileNotFoundError):
        return UnreadableFile("file.not_there", path=path)
    return UnreadableFile("file.not_readable", path=path, reason=os_reason(error))


def _require_a_short_directory(file: IO[bytes], size: int, source: str) -> None:
    """The list of contents is read as a whole by `zipfile`; its length stands at the end of the file."""
    file.seek(max(0, size - _LONGEST_COMMENT - _END_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    file.seek(0)
    if length > MOST_DIRECTORY_BYTES:
        raise UnreadableFile("file.long_directory", file=source, bytes=length, most=MOST_MEMBERS)


def _require_a_name_within(info: zipfile.ZipInfo, source: str) -> None:
    if not info.filename:
        raise UnreadableFile("file.nameless_in_zip", file=source)
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
        raise UnreadableFile("file.name_leads_out", file=source, name=info.filename)


def _infos(archive: zipfile.ZipFile, path: Path) -> Iterator[zipfile.ZipInfo]:
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        if name.suffix.lower() == ".zip":
            raise UnreadableFile("file.zip_in_zip", file=path.name, name=info.filename)
        if not info.is_dir() and not any(part.startswith(".") or part == "__MACOSX" for part in name.parts):
            yield info
