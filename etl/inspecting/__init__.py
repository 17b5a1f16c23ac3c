"""A look into a file before it is loaded: what is in it, what it may mean, what would become of it."""

from __future__ import annotations

from etl.inspecting.inspection import Inspection, inspect
from etl.inspecting.toml import mapping_toml, write_mapping
from etl.inspecting.words import in_words

__all__ = ["Inspection", "in_words", "inspect", "mapping_toml", "write_mapping"]
