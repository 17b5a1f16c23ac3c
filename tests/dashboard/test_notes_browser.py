"""In a real browser: a view is saved and opened, a day is annotated, a cell is clicked, a file is loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.uploading import uploads
from tests.dashboard import histories
from tests.dashboard.browsing import PATIENCE, serving
from tests.dashboard.test_training import newcomers
from tests.dashboard.test_your_data import CSV

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own, for these tests write to it, where files may be uploaded."""
    warehouse = histories.build(tmp_path_factory.mktemp("desk") / "desk", newcomers())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(uploads.ALLOWED, "1")
        with serving(warehouse) as address:
            yield address


@pytest.fixture
def own(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield page
    page.close()


def test_a_view_is_saved_and_opened_with_its_filters_instead_of_those_set_now(own: Page, desk: str) -> None:
    own.goto(f"{desk}/hotspots?period=All+data&team=Care")
    expect(own.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    own.get_by_role("button", name="Saved views").click()
    own.get_by_label("Save this view as").fill("Care, all data")
    own.get_by_role("button", name="Save", exact=True).click()
    expect(own.get_by_role("button", name="Care, all data")).to_be_visible()
    own.goto(f"{desk}/training_needs?channel=chat")
    expect(own.get_by_role("heading", name="Training needs", level=1)).to_be_visible()
    own.get_by_role("button", name="Saved views").click()
    own.get_by_role("button", name="Care, all data").click()
    expect(own.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    expect(own.get_by_text("team Care").first).to_be_visible()
    expect(own).to_have_url(f"{desk}/hotspots?period=All+data&team=Care")
    own.go_back()
    expect(own.get_by_role("heading", name="Training needs", level=1)).to_be_visible()
    expect(own).to_have_url(f"{desk}/training_needs?channel=chat")


def test_an_annotated_day_stands_under_the_trend(own: Page, desk: str) -> None:
    own.goto(f"{desk}/?period=All+data")
    own.get_by_role("button", name="Annotations").click()
    own.get_by_label("What happened").fill("telephone down")
    own.get_by_role("button", name="Add", exact=True).click()
    expect(own.get_by_text("Release: telephone down").first).to_be_visible()


def test_a_cell_of_the_heat_map_leads_to_its_visits(own: Page, desk: str) -> None:
    own.goto(f"{desk}/training_needs?period=All+data")
    chart = own.get_by_test_id("stEChartsChart").first
    expect(chart).to_be_visible()
    own.wait_for_timeout(1500)
    box = chart.bounding_box()
    assert box is not None
    # The right-most column of the last row: visits of agents whose practice is not known.
    own.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] - 25)
    own.wait_for_url("**step=**")


def test_a_file_is_looked_at_and_loaded_and_the_pages_show_it(own: Page, desk: str) -> None:
    own.goto(f"{desk}/your_data")
    expect(own.get_by_test_id("stFileUploader")).to_be_visible()
    own.set_input_files("input[type=file]", {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV})
    expect(own.get_by_text("3 of 4 rows would be loaded")).to_be_visible()
    expect(own.get_by_text("Rows that would be rejected, by reason")).to_be_visible()
    own.get_by_role("button", name="Load 3 rows").click()
    expect(own.get_by_text("mine.csv has been loaded")).to_be_visible()
    own.goto(f"{desk}/ticket?ticket=t2")
    expect(own.get_by_text("Ticket t2 came in").first).to_be_visible()
    expect(own.get_by_test_id("stException")).to_have_count(0)


def test_on_a_phone_nothing_is_cut_off(chromium: Browser, desk: str) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    for path in ("training_needs?period=All+data", "recurring_issues", "your_data"):
        phone.goto(f"{desk}/{path}")
        expect(phone.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
        phone.wait_for_timeout(1000)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.close()
