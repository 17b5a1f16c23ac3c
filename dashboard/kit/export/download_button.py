"""A button for a file that is made once it is pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.filters import filter_bar
from dashboard.queries import downloads


@dataclass(frozen=True)
class File:
    """A file to take along. `instead`: one of its kind that says a sentence alone."""

    name: str
    mime: str
    make: Callable[[], bytes]
    instead: Callable[[str], bytes]


def offer(
    label: str,
    file: File,
    key: str,
    *,
    meaning: str,
    drop: Callable[[], object] | None = None,
    icon: str = "download",
    kind: Literal["secondary", "tertiary"] = "tertiary",
) -> None:
    """The button; `meaning`: what the file is; `drop`: drops what it is made of."""
    snapshot, _scope = filter_bar.current()
    st.download_button(
        label,
        downloads.offer(key, file.make, snapshot=snapshot, instead=file.instead, drop=drop),
        file.name,
        file.mime,
        key=key,
        help=meaning,
        on_click="ignore",
        type=kind,
        icon=f":material/{icon}:",
    )
