"""Files that are there with all their content or not at all, and the names that content gives them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from etl.private_files import write_private

UNFINISHED = ".unfinished"
FileVersion = tuple[int, ...]
"""What changes with the content of a file, unless somebody takes pains that it does not."""


def version_of(path: Path) -> FileVersion:
    """Which version of a file is there now."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size


def content_name(file: Path) -> str:
    """The name that its content gives a file of the archive."""
    with file.open("rb") as opened:
        return f"{hashlib.file_digest(opened, 'sha256').hexdigest()[:32]}.parquet"


def write_whole(target: Path, content: bytes) -> None:
    """The file has this content or the one before, whenever the machine stops; nobody else may read it."""
    unfinished = target.with_suffix(UNFINISHED)
    try:
        write_private(unfinished, content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
