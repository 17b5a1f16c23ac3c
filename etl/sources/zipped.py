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
        return sorted(info.filename for info in _infos(_opened(path, opened), path))


def open_member(path: Path, name: str, opened: ExitStack) -> tuple[IO[bytes], Callable[[], int]]:
    """A stream of one file in a .zip, and how many packed bytes it may stand for.

    Raises:
        UnreadableFile: as `members` does, or no file of that name is in it.
    """
    archive = _opened(path, opened)
    for info in _infos(archive, path):
        if PurePosixPath(info.filename) == PurePosixPath(name):
            return opened.enter_context(archive.open(info)), partial(int, info.compress_size)
    raise UnreadableFile(f"There is no file {name} in {path}.")


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
        raise UnreadableFile(
            f"{source} is not a whole .zip file: {error}. Copy or export it again."
        ) from error
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS:
        raise UnreadableFile(
            f"{source} holds {len(infos):,} files; at most {MOST_MEMBERS:,} are read from one .zip. "
            "Unpack it yourself and load the files."
        )
    if total > MOST_BYTES or total > max(FREE_BYTES, size * MOST_RATIO):
        raise UnreadableFile(
            f"{source} unfolds to {total:,} bytes, far more than event logs of its size would. "
            "Nothing of it was kept. If it is genuine, unpack it yourself and load the files."
        )
    for info in infos:
        _require_a_name_within(info, source)
    return archive


def _opened(path: Path, opened: ExitStack) -> zipfile.ZipFile:
    try:
        file = opened.enter_context(path.open("rb"))
        return opened.enter_context(checked_zip(file, path.name))
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {path}. Check the path.") from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error


def _require_a_short_directory(file: IO[bytes], size: int, source: str) -> None:
    """The list of contents is read as a whole by `zipfile`; its length stands at the end of the file."""
    file.seek(max(0, size - _LONGEST_COMMENT - _END_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    file.seek(0)
    if length > MOST_DIRECTORY_BYTES:
        raise UnreadableFile(
            f"{source} lists {length:,} bytes of contents, more than {MOST_MEMBERS:,} files would need. "
            "Unpack it yourself and load the files."
        )


def _require_a_name_within(info: zipfile.ZipInfo, source: str) -> None:
    if not info.filename:
        raise UnreadableFile(f"{source} holds a file without a name. Copy or export it again.")
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
        raise UnreadableFile(
            f"{source} holds a file named {info.filename!r}, which leads out of it. Nothing of it was kept."
        )


def _infos(archive: zipfile.ZipFile, path: Path) -> Iterator[zipfile.ZipInfo]:
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        if name.suffix.lower() == ".zip":
            raise UnreadableFile(
                f"{path.name} holds another .zip, {info.filename!r}. Unpack it and load what is in it."
            )
        if not info.is_dir() and not any(part.startswith(".") or part == "__MACOSX" for part in name.parts):
            yield info
