"""What an event does to a number, and why a ticket is not in it."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
