"""The bytes of a file, unpacked, within limits: a small archive may unfold to fill any memory."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from etl.errors import UnreadableFile

MOST_BYTES = 8 * 2**30
MOST_RATIO = 200
"""How much larger than its packed form a file may become; real event logs stay below 60."""

FREE_BYTES = 2**24
"""Below this size the ratio does not matter."""


def contents(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The file's content, unpacked where its name ends in .gz.

    Raises:
        UnreadableFile: missing, empty, not readable, damaged, or unfolding beyond the limits.
    """
    try:
        if is_packed(path):
            data = _unpacked(path, min(most_bytes, max(FREE_BYTES, path.stat().st_size * MOST_RATIO)))
        else:
            data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(
            f"There is no file {path}. Check the path; a folder's files are named one by one."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(
            f"{path.name} is not a whole .gz file: {error}. Copy or export it again."
        ) from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) < FREE_BYTES and not data.strip():
        raise UnreadableFile(f"{path.name} is empty. Export it again, or leave it out.")
    return data


def is_packed(path: Path) -> bool:
    """Whether the file's name says that its content is packed."""
    return path.suffix.lower() == ".gz"


def _unpacked(path: Path, most: int) -> bytes:
    with gzip.open(path) as packed:
        data = packed.read(most + 1)
    if len(data) > most:
        raise UnreadableFile(
            f"{path.name} unfolds to more than {most:,} bytes, far more than an event log of its size would. "
            "Nothing of it was kept. If it is genuine, unpack it yourself and load the unpacked file."
        )
    return data
