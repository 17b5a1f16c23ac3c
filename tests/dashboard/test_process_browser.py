"""In a real browser: a click on the map opens the step, a click in its table the run, and Back leads back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.browsing import go_back

pytestmark = pytest.mark.browser
LINK = "process_map?period=All+data&version=refund+v2&paths=0.95"


def test_from_the_map_to_a_step_to_a_run_and_back(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 1800})
    page.goto(f"{address}/{LINK}")
    chart = page.get_by_test_id("stEChartsChart").first
    expect(chart).to_be_visible()
    page.wait_for_timeout(2000)  # the picture says nothing of being drawn
    box = chart.bounding_box()
    assert box
    # Three steps one below the other between start and end: the second of five layers is the first step.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.3)
    expect(page.get_by_role("heading", name="Step", level=1, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stEChartsChart").first).to_be_visible()
    assert "step=identify" in page.url
    go_back(page)
    expect(page.get_by_role("heading", name="Process map", level=1)).to_be_visible()
    expect(page.get_by_test_id("stEChartsChart").first).to_be_visible()
    assert sorted(page.url.partition("?")[2].split("&")) == sorted(LINK.partition("?")[2].split("&"))


def test_a_visit_of_a_step_opens_its_run_and_back_shows_the_step(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 4200})
    page.goto(f"{address}/step?period=All+data&step=decide+%C2%B7+refund+v2")
    cells = page.get_by_test_id("stDataFrame").last
    expect(cells).to_be_visible()
    page.wait_for_timeout(2500)
    cells.click(position={"x": 28, "y": 49})
    expect(page.get_by_role("heading", name="Run", level=1, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Event by event")).to_be_visible()
    assert "run=r" in page.url
    go_back(page)
    expect(page.get_by_role("heading", name="Confused visits, the newest first")).to_be_visible()
    assert "step=decide" in page.url


def test_the_map_the_step_and_the_run_fit_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (LINK, "step?period=All+data", "run?ticket=t3"):
        page.goto(f"{address}/{path}")
        expect(page.get_by_test_id("stEChartsChart").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_test_id("stException")).to_have_count(0)
