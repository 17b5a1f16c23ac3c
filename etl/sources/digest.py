"""What tells one file from another whatever it is called: a hash of its bytes."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path

from etl.sources.zip_files import in_zip, open_member

_PIECE = 2**20


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes as they lie there, or of those of a file in a .zip."""
    hasher = hashlib.sha256()
    with ExitStack() as opened:
        inside = in_zip(path)
        stream = open_member(*inside, opened)[0] if inside else opened.enter_context(path.open("rb"))
        while piece := stream.read(_PIECE):
            hasher.update(piece)
    return hasher.hexdigest()
