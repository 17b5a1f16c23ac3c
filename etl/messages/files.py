"""Files that cannot be read."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
