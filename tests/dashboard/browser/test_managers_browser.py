"""In a real browser: a bar leads to as many tickets as it says, and Back to the bar; links hold."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.browsing import click_on, settle, until

pytestmark = pytest.mark.browser


def test_a_bar_leads_to_as_many_tickets_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/response?period=All+data&by=Channel&of=chat")
    bars = page.get_by_test_id("stPlotlyChart").first.locator(".barlayer .point path")
    until(
        page,
        lambda patience: page.wait_for_url(re.compile("took="), timeout=patience),
        lambda: click_on(bars.first),
    )
    settle(page)
    left = page.url
    link = page.get_by_role("link", name=re.compile(r"min: \d+ tickets? →")).first
    n = re.search(r": (\d+) ticket", link.inner_text())
    assert n is not None
    link.click()
    expect(page.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(rf"is based on {n[1]} tickets?\."))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Response & resolution")).to_be_visible()
    expect(page).to_have_url(left)


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("service_level?period=All+data&age=over+30+days", "Service level & backlog"),
        ("satisfaction?period=All+data", "Satisfaction"),
        ("compare?period=All+data&what=Channels&this=phone&that=chat", "Compare"),
    ],
)
def test_a_page_of_managers_opens_as_its_link_says(page: Page, address: str, path: str, title: str) -> None:
    page.goto(f"{address}/{path}")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("which does not exist here")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
