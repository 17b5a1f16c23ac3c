"""What was chosen for the whole command line, before any command."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

SETTINGS_OPTION: ContextVar[Path | None] = ContextVar("named settings", default=None)
