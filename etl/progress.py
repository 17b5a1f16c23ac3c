"""How a long load says where it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int], None]
"""Called with the stage a file is in and the rows of it that have come so far."""


def quiet(_stage: str, _rows: int) -> None:
    """Says nothing."""
