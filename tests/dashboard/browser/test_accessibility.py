"""Every page in a browser: no serious finding of axe, on a phone, too; and ways without a pointer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.dashboard.browsing import VIEWS, settle
from tests.lengths import LONG

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}
OF_STREAMLIT = {
    # Streamlit 1.67 wraps the items of its navigation in a div inside their list.
    "list": "stSidebarNavItems",
    "listitem": "stSidebarNav",
    # The sparkline of st.metric is named as a whole; the group of its highlighted point has no name.
    "svg-img-alt": "metric_chart",
}
"""What Streamlit's own elements are found wanting in, and no page can mend."""
LINKS = {
    "overview": "",
    "ticket": "ticket?ticket=t3",
    "run": "run?ticket=t3",
    "step": "step?period=All+data",
    "process_map": "process_map?period=All+data&version=refund+v2&paths=0.95",
}
DRAWN = ("overview", "recurring_issues", "hotspots", "process_map", "step", "run")
LISTED = ("tickets", "ticket", "data_health", "glossary")
SHOWS = dict.fromkeys(DRAWN, "stPlotlyChart") | dict.fromkeys(LISTED, "stDataFrame")
"""What there must be on a page before it is looked at."""
READ_ALOUD = {"overview": "one point per week", "recurring_issues": "ranked", "hotspots": "ranked"}
IN_DARK = VIEWS if LONG else ["overview", "hotspots", "process_map", "warning_signs"]


def findings(page: Page) -> list[str]:
    """What axe finds serious, one line each: rule, what is wrong, where."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:300]}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
        if not _is_streamlit_s(violation["id"], node)
    ]


def _is_streamlit_s(rule: str, node: dict[str, Any]) -> bool:
    if rule not in OF_STREAMLIT:
        return False
    return OF_STREAMLIT[rule] in f"{node['html']}{node['target']}" or rule == "listitem"


@pytest.mark.sweep(16)
@pytest.mark.parametrize("name", VIEWS)
def test_a_page_is_accessible_fits_a_phone_and_asks_nobody_outside(
    page: Page, address: str, name: str
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    opened(page, address, name)
    assert findings(page) == []
    if name in READ_ALOUD:
        expect(page.locator(f"[aria-label*='{READ_ALOUD[name]}']").first).to_be_attached()
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.remove_listener("request", note)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.sweep(16)
@pytest.mark.parametrize("name", IN_DARK)
def test_a_page_is_accessible_in_the_dark(page: Page, address: str, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    opened(page, address, name)
    assert findings(page) == []


def opened(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{LINKS.get(name, name)}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if name in SHOWS:
        expect(page.get_by_test_id(SHOWS[name]).first).to_be_attached()
    settle(page)  # half faded in, texts lack contrast


def focused(page: Page) -> str:
    """What the element with the focus is called."""
    said = page.evaluate(
        """() => {
            const at = document.activeElement;
            return at.tagName === 'MAIN' ? '' : at.getAttribute('aria-label') || at.innerText;
        }"""
    )
    return str(said or "").strip()


def tab_to(page: Page, name: str, *, most: int = 120) -> None:
    """Press Tab until the focus is on what is called so."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if name.lower() in seen[-1].lower():
            return
    raise AssertionError(f"{name!r} cannot be reached with the keyboard; passed {seen}")


def test_from_a_filter_to_a_ticket_without_a_pointer(page: Page, address: str) -> None:
    page.goto(f"{address}/?period=All+data")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(page)  # what is made again while the focus is on it loses it
    tab_to(page, "Channel")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="chat")).to_be_visible()
    page.keyboard.press("ArrowDown")  # past "Select all"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"channel=chat(&period|$)"))
    expect(page.get_by_text("40 tickets came in")).to_be_visible()
    settle(page)
    tab_to(page, "40 tickets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tickets", level=1, exact=True)).to_be_visible()
    expect(page.get_by_text("is based on 40 tickets")).to_be_visible()
    settle(page)
    tab_to(page, "Page 2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("26 to 40 of 40")).to_be_visible()


@pytest.mark.long
def test_a_ticket_is_opened_from_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/ticket")
    field = page.get_by_role("textbox", name="Ticket")
    expect(field).to_be_visible()
    settle(page)
    tab_to(page, "Ticket", most=80)
    field.focus()
    page.keyboard.type("t3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Event by event")).to_be_visible()


def test_a_chart_is_saved_from_the_keyboard_as_a_picture(page: Page, address: str) -> None:
    page.goto(f"{address}/?period=All+data")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(page)
    page.get_by_role("button", name="PNG", exact=True).first.focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.startswith("stepsight-")
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.long
@pytest.mark.parametrize(
    ("button", "begins"), [("SVG", "<svg xmlns"), ("Data", "\ufeff# "), ("Report", "<!doctype html>")]
)
def test_a_page_and_its_chart_are_taken_along(page: Page, address: str, button: str, begins: str) -> None:
    page.goto(f"{address}/?period=All+data&kpi=Reopen+rate")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(page)  # what has run again is taken along anew
    with page.expect_download() as taken:
        page.get_by_role("button", name=button, exact=True).last.click()
    content = Path(taken.value.path()).read_text("utf-8")
    assert content.startswith(begins)
    assert "Reopen rate" in content


@pytest.mark.long
def test_a_report_opens_without_the_dashboard(
    chromium: Browser, page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/hotspots?period=All+data")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settle(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Report").click()
    taken.value.save_as(tmp_path / "report.html")
    offline = chromium.new_context(offline=True).new_page()
    offline.goto((tmp_path / "report.html").as_uri())
    expect(offline.get_by_role("heading", name="Hotspots", level=1)).to_be_visible()
    expect(offline.locator(".js-plotly-plot svg.main-svg").first).to_be_visible()
    assert findings(offline) == []
    offline.close()
