"""What the checks of data health saw, why it matters and what to do."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
