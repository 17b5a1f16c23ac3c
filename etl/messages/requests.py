"""What was asked for and is not there, or does not fit."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
