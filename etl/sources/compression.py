"""The bytes of a file, unpacked as they are asked for, within limits.

A small packed file may unfold to fill any memory, so what comes out is held against what went in at every
piece, not at the end.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from etl.errors import UnreadableFile
from etl.sources.limits import FREE_BYTES, MOST_BYTES, MOST_RATIO
from etl.sources.zip_files import DAMAGED, in_zip, open_member, opening_error

PIECE = 2**20
PACKED = (".gz", ".zst")


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def contents(
    path: Path, *, most_bytes: int = MOST_BYTES, watched: Callable[[bytes], None] | None = None
) -> bytes:
    """The file's whole content, unpacked where its name ends in .gz or .zst or leads into a .zip.

    `watched` sees each piece as it comes, and may refuse the file before all of it is there.

    Raises:
        UnreadableFile: missing, empty, not readable, damaged, or unfolding beyond the limits.
    """
    buffer = io.BytesIO()  # grows in place: at no time are there two copies
    for piece in pieces(path, most_bytes=most_bytes):
        buffer.write(piece)
        if watched:
            watched(piece)
    data = buffer.getvalue()
    if len(data) < FREE_BYTES and not data.strip():
        raise UnreadableFile("file.empty", file=path.name)
    return data


def pieces(path: Path, *, most_bytes: int = MOST_BYTES) -> Iterator[bytes]:
    """The file's content, unpacked, a mebibyte or less at a time.

    Raises:
        UnreadableFile: as `contents` does, at the piece where it shows.
    """
    try:
        with ExitStack() as opened:
            source, consumed = _open(path, opened)
            size = 0
            while piece := source.read(PIECE):
                size += len(piece)
                if size > most_bytes or size > max(FREE_BYTES, consumed() * MOST_RATIO):
                    raise UnreadableFile("file.unfolds", file=path.name, bytes=size)
                yield piece
    except DAMAGED as error:
        raise _damage_error(path, error) from error
    except OSError as error:
        if error.errno is None:  # of the packing, not of the disk
            raise _damage_error(path, error) from error
        raise opening_error(path, error) from error


def is_packed(path: Path) -> bool:
    """Whether the file's content is not what stands on the disk."""
    return path.suffix.lower() in PACKED or in_zip(path) is not None


def _open(path: Path, opened: ExitStack) -> tuple[_Readable, Callable[[], int]]:
    """A stream of the content, and how many bytes of the file on the disk it has taken so far."""
    if inside := in_zip(path):
        if path.suffix.lower() in PACKED:
            raise UnreadableFile("file.packed_twice", path=path)
        return open_member(*inside, opened)
    if path.suffix.lower() == ".zst":
        raw = opened.enter_context(pa.OSFile(str(path)))
        unpacked: _Readable = opened.enter_context(pa.CompressedInputStream(raw, "zstd"))
        return unpacked, raw.tell
    file = opened.enter_context(path.open("rb"))
    if path.suffix.lower() == ".gz":
        return opened.enter_context(gzip.GzipFile(fileobj=file)), file.tell
    return file, file.tell


def _damage_error(path: Path, error: Exception) -> UnreadableFile:
    kind = ".zip" if in_zip(path) else path.suffix.lower()
    return UnreadableFile("file.damaged", file=path.name, kind=kind, detail=str(error))
