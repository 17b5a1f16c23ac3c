"""A look into a file before it is loaded: what is in it, what it may mean, what would become of it."""

from __future__ import annotations

from etl.mapping.inspect.inspection import Inspection, inspect
from etl.mapping.inspect.toml import mapping_toml, write_mapping

__all__ = ["Inspection", "inspect", "mapping_toml", "write_mapping"]
