"""Every page pictured in light, dark and on a phone, on the sample, to be looked at: `make screenshots`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from commands import main
from tests.dashboard.browsing import PATIENCE, ROOT, VIEWS, serving, settle

FOLDER = os.environ.get("STEPSIGHT_SCREENSHOTS")
SAMPLE = ROOT / "data" / "sample"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FOLDER, reason="pictures are for people: make screenshots"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    warehouse = tmp_path_factory.mktemp("sample")
    for command in (
        ["load", f"{SAMPLE / 'events.parquet'}"],
        ["workflows", "add", f"{SAMPLE / 'workflows.json'}"],
    ):
        done = CliRunner().invoke(main.app, [*command, "--warehouse", f"{warehouse}"])
        assert done.exit_code == 0, done.output
    with serving(warehouse) as address:
        yield address


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_is_pictured(chromium: Browser, sample: str, name: str, look: str, language: str) -> None:
    page = chromium.new_page(**LOOKS[look])
    page.set_default_timeout(PATIENCE)
    link = "" if name == "overview" else name
    page.goto(f"{sample}/{link}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    settle(page)
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": LOOKS[look]["viewport"]["width"], "height": min(int(tall), 6000)})
    settle(page)
    folder = Path(str(FOLDER)) / language
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{look}.png")
    page.close()
