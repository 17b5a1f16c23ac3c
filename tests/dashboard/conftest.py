"""The four warehouses on which every page must render, built once per run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard import histories
from tests.dashboard.browsing import PATIENCE, browsing, serving


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("warehouses")
    return {
        "empty": base / "empty",
        "one ticket": histories.build(base / "one", histories.one_ticket()),
        "tickets only": histories.build(base / "tickets_only", histories.tickets_only()),
        "full": histories.build(base / "full", histories.full()),
    }


@pytest.fixture(autouse=True)
def _main_stays_main() -> Iterator[None]:
    """AppTest leaves the page it ran as the main module, and spawned processes would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="module")
def address(warehouses: dict[str, Path]) -> Iterator[str]:
    with serving(warehouses["full"]) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    page.close()
