"""In a real browser: a click on the map opens the step, a click in its table the run, and Back leads back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.browsing import click_on, until

pytestmark = pytest.mark.browser
LINK = "process_map?period=All+data&version=refund+v2&paths=0.95"


def test_from_the_map_to_a_step_and_back_and_there_again(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 1800})
    page.goto(f"{address}/{LINK}")
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart).to_be_visible()
    seen = page.evaluate("history.length")
    step = page.get_by_role("heading", name="Step", level=1, exact=True)

    def click_the_first_step() -> None:
        box = chart.locator(".barlayer text").filter(has_text="identify").first
        until(page, lambda patience: step.wait_for(timeout=patience), lambda: click_on(box))

    click_the_first_step()
    assert "step=identify" in page.url
    assert "period=All" in page.url
    assert page.evaluate("history.length") == seen + 1
    page.go_back()
    expect(page.get_by_role("heading", name="Process map", level=1)).to_be_visible()
    expect(chart).to_be_visible()
    assert page.url == f"{address}/{LINK}"
    click_the_first_step()


def test_a_visit_of_a_step_opens_its_run_and_back_shows_the_step(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 4200})
    page.goto(f"{address}/step?period=All+data&step=decide+%C2%B7+refund+v2")
    expect(page.get_by_role("heading", name="Confused visits, the newest first")).to_be_visible()
    cells = page.get_by_test_id("stDataFrame").last
    run = page.get_by_role("heading", name="Run", level=1, exact=True)
    until(
        page,
        lambda patience: run.wait_for(timeout=patience),
        lambda: cells.click(position={"x": 28, "y": 49}),
    )
    expect(page.get_by_role("heading", name="Event by event")).to_be_visible()
    assert "run=r" in page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Confused visits, the newest first")).to_be_visible()
    assert "step=decide" in page.url
