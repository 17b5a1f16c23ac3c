"""The rules by which a row is rejected."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
