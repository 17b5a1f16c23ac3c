"""Mappings, settings and workflow definitions that contradict themselves or the contract."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {}
