"""What holds for the whole command line: what was chosen before any command, and what it reads."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

SETTINGS_OPTION: ContextVar[Path | None] = ContextVar("named settings", default=None)
SNAPSHOT: ContextVar[Path | None] = ContextVar("snapshot", default=None)
"""The snapshot that the command reads: where a query fails, it may be damaged."""
