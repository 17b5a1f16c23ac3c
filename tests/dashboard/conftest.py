"""The four warehouses on which every page must render, a server, and a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.components.v2 import manifest_scanner

from dashboard.server_settings import apply_settings
from tests.dashboard import histories
from tests.dashboard.browsing import PATIENCE, browsing, serving
from tests.warehouses import Templates


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("warehouses")
    return {
        "empty": base / "empty",
        "one ticket": histories.copied(templates, base / "one", histories.one_ticket()),
        "tickets only": histories.copied(templates, base / "tickets_only", histories.tickets_only()),
        "full": histories.copied(templates, base / "full", histories.full()),
    }


@pytest.fixture(scope="session", autouse=True)
def _settings_of_the_server() -> None:
    """Pages that run without a server have its settings too."""
    apply_settings()


@pytest.fixture(scope="session", autouse=True)
def _installed_stays_installed() -> Iterator[None]:
    """AppTest reads for each app what every installed package says of itself: once is enough."""
    with pytest.MonkeyPatch.context() as patched:
        scan = manifest_scanner.scan_component_manifests
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(autouse=True)
def _main_stays_main() -> Iterator[None]:
    """AppTest leaves the page it ran as the main module, and spawned processes would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def address(warehouses: dict[str, Path]) -> Iterator[str]:
    with serving(warehouses["full"]) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    """The one tab in which the tests of a file open their pages in turn: it soon has the programs at hand.

    Not that of all files: a tab remembers no more than fifty pages.
    """
    expect.set_options(timeout=PATIENCE)
    tab = chromium.new_page()
    tab.set_default_timeout(PATIENCE)
    yield tab
    tab.close()


@pytest.fixture
def page(tab: Page) -> Page:
    """The tab as wide as a screen and light, whatever the test before made of it."""
    tab.set_viewport_size({"width": 1440, "height": 1000})
    tab.emulate_media(color_scheme="light")
    return tab


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.fixture
def newcomer(chromium: Browser) -> Iterator[Page]:
    """A tab of somebody who was never here: whatever a page needs is asked for."""
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    page.close()
