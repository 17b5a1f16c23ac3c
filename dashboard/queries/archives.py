"""The archive behind what pages show, for those that bring files or keep names of the erased away."""

from __future__ import annotations

import os
from pathlib import Path

from etl.store.archive import Archive


def archive_of(folder: Path) -> Archive:
    """The archive of a warehouse, with the key that STEPSIGHT_KEY names or the one beside it."""
    key = os.environ.get("STEPSIGHT_KEY")
    return Archive(folder / "archive", Path(key) if key else None)
