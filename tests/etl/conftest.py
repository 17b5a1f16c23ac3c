"""Every test here has a desk of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.store.archive import Archive
from etl.store.warehouse import open_writer
from tests.etl.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = tmp_path / "warehouse"
    with open_writer(home) as connection:
        yield Desk(tmp_path, connection, Archive(home / "archive"))
