"""Warehouses that are made once in a run of the tests, by whoever asks first, and copied for each who asks.

Loading the same rows again for every test, in every process, would take most of the time of many a test.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

from etl.privacy.key_file import key_path


class Templates:
    """Warehouses by what they are made of, in a folder that all processes of a run share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy(self, to: Path, content: Any, make: Callable[[Path], object]) -> Path:
        """The warehouse that `make` makes in a folder, here in one of its own, which may be written to.

        `content`: what it is made of, the same for the same warehouse and no other.
        """
        template = self._made(json.dumps(content, default=str), make)
        shutil.copytree(template, to, dirs_exist_ok=True)
        if key_path(template).exists():
            shutil.copy(key_path(template), key_path(to))
        return to

    def _made(self, of: str, make: Callable[[Path], object]) -> Path:
        folder = self._folder / hashlib.sha256(of.encode()).hexdigest()[:16]
        warehouse, done = folder / "warehouse", folder / "done"
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(warehouse)
                done.touch()
        return warehouse
