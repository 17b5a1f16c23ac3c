"""What this run has put on the page so far, in order: what a report of the page holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from dashboard import state
from dashboard.kit.charts.chart import Chart
from dashboard.kit.tables.table import Table
from dashboard.kit.tile import Tile


@dataclass(frozen=True)
class Sentences:
    """What is said in plain text."""

    text: str


@dataclass(frozen=True)
class Tiles:
    """A row of KPIs."""

    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Explained:
    """What a term means."""

    title: str
    meaning: str


Part = Sentences | Tiles | Chart | Table | Explained


@dataclass
class Page:
    """A page as far as it is drawn. All texts are plain text."""

    title: str
    question: str
    parts: list[Part] = field(default_factory=list)


def begin(title: str, question: str) -> Page:
    """A new page, with nothing on it."""
    page = Page(title, question)
    st.session_state[state.PAGE_CONTENT] = page
    return page


def add(part: Part) -> None:
    """One thing more has been put on the page."""
    page: Page | None = st.session_state.get(state.PAGE_CONTENT)
    if page is not None:
        page.parts.append(part)
