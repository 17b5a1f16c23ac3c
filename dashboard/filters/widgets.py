"""Widgets of a page whose values the address keeps, so that a link shows the same view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

import streamlit as st

from dashboard import state
from dashboard.filters import address, filter_bar
from dashboard.language import _, in_english, words

Choice = TypeVar("Choice")
Width = int | Literal["stretch"]
PER_PAGE = 25
ALONE = 420
"""How wide a select box is, in pixels, unless it shares a row with others."""


def choice(label: str, options: Mapping[str, Choice], *, key: str, width: Width = ALONE) -> Choice:
    """The name behind one of the titles, kept in the link; the first where the link names none there is.

    Titles, for the link reads as a sentence then, and holds on any data. It has them in English, whatever the
    reader's language, so that it opens in every other.
    """
    local_titles = {in_english(title): title for title in options}
    if len(local_titles) < len(options):  # two titles of this language are one in English
        local_titles = {title: title for title in options}
    titles = list(local_titles)
    refused = address.settle(key, default=titles[0], allowed=titles)
    title = st.selectbox(
        label, titles, key=key, width=width, format_func=lambda each: local_titles.get(each, each)
    )
    if refused:
        filter_bar.warn(refused)
    else:
        address.keep(key, title, default=titles[0])
    return options[local_titles.get(title, local_titles[titles[0]])]


def one_of(label: str, options: Mapping[str, str], *, key: str) -> str:
    """The id behind one of the titles; the link has the id, for the title tells more than a link must."""
    titles = {value: title for title, value in options.items()}
    first = next(iter(titles))
    refused = address.settle(key, default=first, allowed=list(titles))
    title = st.selectbox(
        label, list(titles), key=key, width=420, format_func=lambda each: titles.get(each, each)
    )
    if refused:
        filter_bar.warn(refused)
    else:
        address.keep(key, title, default=first)
    return title if title in titles else first


def scale(label: str, shares: Sequence[float], *, key: str, default: float, help: str) -> float:  # noqa: A002
    """One of some shares on a slider, kept in the link as a plain number."""
    by_text = {f"{share:g}": share for share in shares}
    refused = address.settle(key, default=f"{default:g}", allowed=list(by_text))
    text = st.select_slider(
        label,
        list(by_text),
        key=key,
        format_func=lambda each: words.share(by_text[each]),
        width=240,
        help=help,
    )
    if refused:
        filter_bar.warn(refused)
    else:
        address.keep(key, text, default=f"{default:g}")
    return by_text[text]


def text(label: str, *, key: str, placeholder: str) -> str:
    """What the reader wrote, kept in the link, without blanks around it."""
    address.settle(key, default="")
    written = st.text_input(label, key=key, placeholder=placeholder, width=420, max_chars=200).strip()
    address.keep(key, written, default="")
    return written


def part_of(n: int) -> int:
    """The place, from 0, of the first of `PER_PAGE` rows of a long list; the link has the page from 1."""
    last = max(-(-n // PER_PAGE), 1)
    allowed = [str(place) for place in range(1, last + 1)]
    before = st.session_state.get(state.PAGE_NUMBER)
    refused = address.settle(state.PAGE_NUMBER, default="1", allowed=allowed, name=_("the page"))
    if refused:
        filter_bar.warn(refused)
    # The widget counts, the address spells.
    if st.session_state[state.PAGE_NUMBER] != before or state.PAGINATION not in st.session_state:
        st.session_state[state.PAGINATION] = int(st.session_state[state.PAGE_NUMBER])
    st.session_state[state.PAGINATION] = min(st.session_state[state.PAGINATION], last)
    at: int = st.pagination(last, key=state.PAGINATION) if last > 1 else 1
    st.session_state[state.PAGE_NUMBER] = str(at)
    if not refused:
        address.keep(state.PAGE_NUMBER, str(at), default="1")
    return (at - 1) * PER_PAGE
