"""No address in data, notes or a link's values becomes a live link, on any page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1.element_tree import Block

from tests.dashboard.browsing import VIEWS, browsing, serving, settle
from tests.dashboard.test_pages import open_page
from tests.extremes import HEADER, SPRING, run, ticket
from tests.lengths import LONG
from tests.warehouses import Templates

BARE = re.compile(r"https?\\?:\\?/\\?/|www\\?\.|[\w.+\\-]@\w", re.IGNORECASE)
"""What a browser makes a link of, whatever is escaped in it."""
WEB, MAIL = "https://evil.example/x", "ann@evil.example"
NAMES = {"chat": WEB, "damage": "www.evil.example", "care": MAIL, "refund": "http://evil.example", "ask": WEB}
PLAIN_ELEMENTS = ("BidiComponent", "ArrowDataFrame", "Arrow")
PLAIN_FIELDS = {
    *(
        "id",
        "key",
        "user_key",
        "query_string",
        "url",
        "options",
        "raw_value",
        "raw_values",
        "value",
        "default",
    ),
    *("alt", "spec", "figure", "data", "columns", "file_name"),
}
"""What shows text as it stands, or does not show it."""
LINK = {"channel": WEB, "reason": MAIL, "ticket": WEB, "run": MAIL, "step": WEB, "metric": WEB, "from": WEB}


def make(warehouse: Path) -> None:
    lines = [
        line.replace("ann,", f"ann{n % 7},")
        for n in range(60)
        for line in ticket(f"{MAIL}-{n}", SPRING + timedelta(hours=5 * n))
    ]
    text = "\n".join(lines)
    for name, address in NAMES.items():
        text = re.sub(rf"\b{name}\b", address, text)
    file = warehouse.with_name("www.evil.example.csv")
    file.write_text(f"{HEADER}\n{text}\n2026-03-02T09:00:00Z,{WEB},{MAIL},,,,,,,,,,,,\n")
    assert run("load", str(file), "--source", "evil.example", "--warehouse", str(warehouse)) == 0
    notes = {
        "views": [{"id": "a" * 16, "name": WEB, "page": "tickets", "query": "channel=x"}],
        "annotations": [
            {"id": "b" * 16, "day": "2026-03-04", "occasion": "note", "text": f"see {WEB} {MAIL}"}
        ],
    }
    (warehouse / "notebook.json").write_text(json.dumps(notes))


@pytest.fixture
def hostile(templates: Templates, tmp_path: Path) -> Path:
    return templates.copy(tmp_path / "warehouse", ["links", 3], make)


def texts(message: Message, path: str = "") -> Iterator[str]:
    """Every text that an element sends with its field, but for those that are shown as they stand."""
    for descriptor, value in message.ListFields():
        if descriptor.name in PLAIN_FIELDS:
            continue
        for each in value if isinstance(value, list) or hasattr(value, "append") else [value]:
            if isinstance(each, Message):
                yield from texts(each, f"{path}.{descriptor.name}")
            elif isinstance(each, str):
                yield f"{path}.{descriptor.name}: {each}"


def elements(block: Any) -> Iterator[Message]:
    proto = getattr(block, "proto", None)
    if proto is not None and type(proto).__name__ not in PLAIN_ELEMENTS:
        yield proto
    if isinstance(block, Block):
        for child in block.children.values():
            yield from elements(child)


@pytest.mark.sweep(16)
@pytest.mark.parametrize("link", [{}, LINK], ids=["data", "link"])
@pytest.mark.parametrize("name", VIEWS)
def test_no_bare_address_reaches_what_reads_markdown(
    monkeypatch: pytest.MonkeyPatch, hostile: Path, name: str, link: dict[str, str]
) -> None:
    if name == "ticket" and not link:
        link = {"ticket": f"{MAIL}-3"}
    app = open_page(monkeypatch, hostile, name, period="All data", **link)
    assert not app.exception
    sent = [text for element in elements(app._tree) for text in texts(element, type(element).__name__)]
    assert len(sent) > 10
    assert [text for text in sent if BARE.search(text)] == []


@pytest.mark.skipif(not LONG, reason="the browser makes nothing of what the test above lets through")
def test_no_page_has_a_link_to_an_address_of_the_data(hostile: Path) -> None:
    with serving(hostile) as address, browsing() as browser:
        page = browser.new_page()
        for name in ("overview", "tickets", "data_health", "hotspots", "recurring_issues"):
            page.goto(f"{address}/{name}?period=All+data&channel={WEB}")
            settle(page)
            targets = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
            assert targets
            assert [target for target in targets if "evil.example" in target.split("?")[0]] == []
