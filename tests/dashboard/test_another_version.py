"""A warehouse whose facts another version made is a sentence on every page, not a failure."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from etl.store.warehouse import latest_snapshot
from tests.dashboard.test_pages import open_page


@pytest.fixture
def older(warehouses, tmp_path) -> Path:
    """The full warehouse as a version would have left it that knew a column less."""
    folder = Path(shutil.copytree(warehouses["full"], tmp_path / "older"))
    snapshot = latest_snapshot(folder)
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute("ALTER TABLE visits DROP COLUMN asked_help")
        connection.execute(
            "UPDATE facts_made_with SET fingerprint = 'of older SQL', sources = 'of older files'"
        )
    return folder


@pytest.mark.sweep(5)
@pytest.mark.parametrize("page", ["hotspots", "warning_signs", "compliance", "versions"])
def test_facts_of_another_version_are_a_sentence(monkeypatch, older, page) -> None:
    app = open_page(monkeypatch, older, page)
    assert not app.exception
    assert "stepsight refresh" in app.error[0].value


def test_a_fault_of_this_version_is_not_hidden(monkeypatch, warehouses, tmp_path) -> None:
    folder = Path(shutil.copytree(warehouses["full"], tmp_path / "faulty"))
    with duckdb.connect(str(latest_snapshot(folder))) as connection:
        connection.execute("ALTER TABLE visits DROP COLUMN asked_help")
    assert open_page(monkeypatch, folder, "hotspots").exception
