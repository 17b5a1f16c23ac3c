"""What holds for all tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _thawed() -> Iterator[None]:
    """Commands run in the process of the tests set all that lives then aside for good: DuckDB misses it."""
    yield
    gc.unfreeze()
