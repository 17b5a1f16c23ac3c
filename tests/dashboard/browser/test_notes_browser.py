"""In a real browser: a view is saved and opened, a day is annotated, a cell is clicked, a file is loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.views.your_data import uploads
from tests.dashboard import histories
from tests.dashboard.browsing import click_on, serving, settle, until
from tests.dashboard.views.test_training import newcomers
from tests.dashboard.views.test_your_data import CSV
from tests.warehouses import Templates

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[str]:
    """A dashboard of its own, for these tests write to it, where files may be uploaded."""
    warehouse = histories.copied(templates, tmp_path_factory.mktemp("desk") / "desk", newcomers())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(uploads.ALLOWED, "1")
        with serving(warehouse) as address:
            yield address


def test_a_view_is_saved_and_opened_with_its_filters_instead_of_those_set_now(page: Page, desk: str) -> None:
    page.goto(f"{desk}/hotspots?period=All+data&team=Care")
    expect(page.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Save this view as").fill("Care, all data")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Care, all data")).to_be_visible()
    page.goto(f"{desk}/training_needs?channel=chat")
    expect(page.get_by_role("heading", name="Training needs", level=1)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Care, all data").click()
    expect(page.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    expect(page.get_by_text("team Care").first).to_be_visible()
    expect(page).to_have_url(f"{desk}/hotspots?period=All+data&team=Care")
    page.go_back()
    expect(page.get_by_role("heading", name="Training needs", level=1)).to_be_visible()
    expect(page).to_have_url(f"{desk}/training_needs?channel=chat")


@pytest.mark.long
def test_an_annotated_day_stands_under_the_trend(page: Page, desk: str) -> None:
    page.goto(f"{desk}/?period=All+data")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Annotations").click()
    page.get_by_label("What happened").fill("telephone down")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Release: telephone down").first).to_be_visible()


def test_a_cell_of_the_heat_map_leads_to_its_visits(page: Page, desk: str) -> None:
    page.goto(f"{desk}/training_needs?period=All+data")
    chart = page.get_by_test_id("stPlotlyChart").first
    cell = chart.locator(".barlayer text").filter(has_text="%").first
    until(page, lambda patience: page.wait_for_url("**step=**", timeout=patience), lambda: click_on(cell))


@pytest.mark.long
def test_a_file_is_looked_at_and_loaded_and_the_pages_show_it(page: Page, desk: str) -> None:
    page.goto(f"{desk}/your_data")
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    page.set_input_files("input[type=file]", {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV})
    expect(page.get_by_text("3 of 4 rows would be loaded")).to_be_visible()
    expect(page.get_by_text("Rows that would be rejected, by reason")).to_be_visible()
    page.get_by_role("button", name="Load 3 rows").click()
    expect(page.get_by_text("mine.csv has been loaded")).to_be_visible()
    page.goto(f"{desk}/ticket?ticket=t2")
    expect(page.get_by_text("Ticket t2 came in").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.long
def test_on_a_phone_nothing_is_cut_off(phone: Page, desk: str) -> None:
    phone.goto(f"{desk}/training_needs?period=All+data")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    settle(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
