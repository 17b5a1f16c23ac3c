"""Whether somebody reads a snapshot: who cannot tell takes it that somebody does."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from etl.store.readers import is_open

fcntl = pytest.importorskip("fcntl")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EAGAIN, errno.ENOLCK, errno.EIO])
def test_a_file_whose_lock_cannot_be_looked_at_counts_as_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    file = tmp_path / "000001-a.duckdb"
    file.write_bytes(b"")
    assert not is_open(file)

    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    assert is_open(file)
    assert not is_open(tmp_path / "gone.duckdb")
