"""What a page says of the data behind it: that it looks suspicious, and of what instant its words hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.filters import links
from dashboard.kit import render
from dashboard.kit.export import page_content
from dashboard.language import _, messages, ngettext, words
from etl.messages import Message

MOST_CHECKS = 4


def suspicions(checks: Sequence[Message]) -> None:
    """That the data behind this page looks suspicious, by what checks, and where to read on."""
    if not checks:
        return
    names = [messages.say(check) for check in checks]
    if len(names) > MOST_CHECKS:
        rest = len(names) - MOST_CHECKS + 1
        names[MOST_CHECKS - 1 :] = [ngettext("{n} more", "{n} more", rest, n=words.count(rest))]
    text = _(
        "The data looks suspicious ({checks}), so check it before you trust these numbers.",
        checks=words.joined(names),
    )
    page_content.add(page_content.Sentences(text))
    st.warning(
        f"{words.escaped(text, render.LONGEST)} {links.page(_('Data health'), 'data_health')}",
        icon=":material/warning:",
    )


def age_of_data(old_sources: Sequence[tuple[str | None, datetime]], time_zone: str) -> None:
    """Of what instant relative words hold where data is not of today; each source has its own."""
    if not old_sources:
        return
    source, newest = old_sources[0]
    values = {"newest": words.instant(newest, time_zone), "time_zone": time_zone}
    text = (
        _(
            "“Open” and “within” hold for {newest} ({time_zone}), the newest event: the data is not of "
            "today.",
            **values,
        )
        if source is None
        else _(
            "“Open” and “within” hold for the newest event of each source, of {source} for {newest} "
            "({time_zone}): its data is not of today.",
            source=words.label(source),
            **values,
        )
    )
    page_content.add(page_content.Sentences(text))
    st.warning(words.escaped(text, render.LONGEST), icon=":material/visibility:")


def age_of_states(old_sources: Sequence[tuple[str | None, datetime]], time_zone: str) -> None:
    """Of what instant the states in a list of tickets hold where data is not of today."""
    for source, newest in old_sources[:1]:
        values = {"newest": words.instant(newest, time_zone), "time_zone": time_zone}
        text = (
            _("Open or solved as of {newest} ({time_zone}), the newest event of the data.", **values)
            if source is None
            else _(
                "Open or solved as of the newest event of each source, of {source} {newest} ({time_zone}).",
                source=words.label(source),
                **values,
            )
        )
        st.caption(words.escaped(text, render.LONGEST))
