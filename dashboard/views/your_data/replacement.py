"""Which load would go when a file is loaded, said before that."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.kit import render
from dashboard.kit.export import page_content
from dashboard.language import _, words
from dashboard.queries import warehouse
from dashboard.views.your_data.uploads import Tried
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import with_source
from etl.store.archive import Archive, LoadRecord
from etl.store.replacement import is_read_anew


def loads_of_content(sha256: str, folder: Path) -> list[LoadRecord]:
    """The loads of this very content that count, in order, whatever mapping they were read with."""
    if not (folder / "archive").is_dir():
        return []
    return [record for record in Archive(folder / "archive").loads() if record.sha256 == sha256]


def loads_to_replace(tried: Tried, folder: Path) -> list[LoadRecord]:
    """The loads whose place the file would take: the same content, read with another mapping or source."""
    if (now := tried.reading) is None:
        return []
    return [record for record in loads_of_content(now.sha256, folder) if is_read_anew(record, now)]


def warn(record: LoadRecord, mapping: Mapping) -> None:
    """Which load would go, and how its mapping differs from the one at hand."""
    is_same_mapping = with_source(mapping, record.source).fingerprint == record.mapping
    zone = warehouse.settings().time_zone
    title = _("This replaces load {load}", load=record.load_id)
    sentences = [
        _(
            "Load {load} is the same content: {file}, loaded on {loaded_at} ({zone}).",
            load=record.load_id,
            file=words.label(record.file),
            loaded_at=words.instant(record.loaded_at, zone),
            zone=zone,
        ),
        _("Its source is {source}; now it is {now}.", source=_name(record.source), now=_name(mapping.source)),
        _("The rest of the mapping is the same.")
        if is_same_mapping
        else _("Its mapping was another one than the one above."),
        _("Its {events} are taken out.", events=words.counted(record.events, "event")),
    ]
    text = " ".join(sentences)
    page_content.add(page_content.Explained(title, text))
    st.warning(words.escaped(text, render.LONGEST), title=words.escaped(title), icon=":material/swap_horiz:")


def _name(source: str | None) -> str:
    return _("(none)") if source is None else words.label(source)
