"""A real browser follows links, and finds in the address what it chose."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.dashboard.browsing import settle, until

pytestmark = pytest.mark.browser


def test_tiles_and_sentences_are_sent_before_anything_of_the_figures_is_asked_for(
    newcomer: Page, address: str
) -> None:
    order: list[str] = []
    newcomer.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: order.extend(_parts(frame)))
    )
    newcomer.on("request", lambda request: order.extend(["asked"] if "plotly" in request.url.lower() else []))
    newcomer.goto(address)
    expect(newcomer.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(newcomer)
    before = order[: min(order.index("asked"), order.index("plotly_chart"))]
    assert before.count("metric") == newcomer.get_by_test_id("stMetric").count() == 8
    assert before.count("markdown") > 0


def _parts(frame: bytes | str) -> list[str]:
    """The kinds of element that the server puts on the page by this frame."""
    assert isinstance(frame, bytes)
    message = ForwardMsg.FromString(frame)
    if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
        return []
    return [str(message.delta.new_element.WhichOneof("type"))]


@pytest.mark.long
def test_a_filter_is_in_the_address_and_follows_to_the_next_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("combobox", name="Channel").click()
    page.get_by_role("option", name="chat").click()
    expect(page).to_have_url(f"{address}/?channel=chat")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Hotspots").click()
    expect(page.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    expect(page).to_have_url(f"{address}/hotspots?channel=chat")
    expect(page.get_by_text("channel chat")).to_be_visible()


def test_a_pasted_link_shows_the_same_view(page: Page, chromium: Browser, address: str) -> None:
    link = f"{address}/?period=All+data&channel=phone&kpi=Reopen+rate"
    page.goto(link)
    expect(page.get_by_role("heading", name="Reopen rate:")).to_be_visible()
    expect(page).to_have_url(link)
    tiles = page.get_by_test_id("stMetricValue")
    expect(tiles).to_have_count(8)
    settle(page)
    first = tiles.all_inner_texts()
    other = chromium.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name="Reopen rate:")).to_be_visible()
    expect(other.get_by_test_id("stMetricValue")).to_have_text(first)
    other.close()


@pytest.mark.long
def test_a_link_to_what_is_not_there_falls_back_with_a_notice(page: Page, address: str) -> None:
    page.goto(f"{address}/?channel=pigeon")
    expect(page.get_by_role("alert").filter(has_text="pigeon")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible()


def test_from_a_tile_to_its_tickets_to_one_ticket_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/?period=All+data&channel=chat")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    page.locator("a[href*='behind=First+response+time'][href*='channel']").first.click()
    expect(page.get_by_text("“First response time” is based on 40 tickets.")).to_be_visible()
    page.get_by_role("button", name="Page 2").click()
    expect(page.get_by_text("26 to 40 of 40")).to_be_visible()
    listed = page.url
    cells = page.get_by_test_id("stDataFrame").first
    ticket = page.get_by_role("heading", name="Ticket", level=1, exact=True)
    until(
        page,
        lambda patience: ticket.wait_for(timeout=patience),
        lambda: cells.click(position={"x": 28, "y": 49}),
    )
    expect(page.get_by_role("heading", name="Event by event")).to_be_visible()
    assert "ticket=t" in page.url
    assert "channel=chat" in page.url
    page.go_back()
    expect(page.get_by_text("26 to 40 of 40")).to_be_visible()
    assert _asked(page.url) == _asked(listed)


@pytest.mark.long
def test_a_table_is_taken_along_as_csv(page: Page, address: str) -> None:
    page.goto(f"{address}/tickets?period=All+data&behind=Reopen+rate")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").first.click()
    content = Path(taken.value.path()).read_text("utf-8-sig")
    assert content.startswith("# Table: Tickets behind Reopen rate\n# Scope: 2 March 2026")
    rows = [line for line in content.splitlines() if line and not line.startswith("#")]
    assert len(rows) == 120 + 1


def _asked(url: str) -> set[str]:
    """What an address asks for; Streamlit writes a filter a second time into what a link asks for."""
    return set(url.partition("?")[2].split("&"))
