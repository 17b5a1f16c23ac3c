"""What libraries raise over values that nobody thought of."""

from __future__ import annotations

import traceback
from pathlib import Path

import polars as pl
import pyarrow as pa

OF_THE_CONTENT = (
    *(pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException),
    *(ArithmeticError, LookupError, TypeError, ValueError, RecursionError),
)
"""A failing disk is none of these."""


def places_in_code(error: Exception) -> list[str]:
    """Where in the code an error came from."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
