"""The warehouse, its key, what is removed from it, and the notes of its readers."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
