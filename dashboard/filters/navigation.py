"""Going on by a click on something drawn or listed, just as if the reader had followed a link.

`st.switch_page` first writes what the next page is asked for into the address of the page that is left, then
the filters into that or the next one: Back would lead through views that nobody chose. A link changes page
and address at once, so one is put on the page, out of sight, and the browser follows it.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

KEY = "navigation"
FOLLOW = f"""
export default function ({{ data }}) {{
  const follow = (tries) => {{
    const link = document.querySelector(".st-key-{KEY} a");
    if (link && data.anew) location.assign(link.href);
    else if (link) link.click();
    else if (tries) requestAnimationFrame(() => follow(tries - 1));
  }};
  follow(300);
}}
"""
_follow = st.components.v2.component("stepsight.navigation", js=FOLLOW)


def open_page(page: str, **parameters: str) -> None:
    """Go to a page that is asked for these; the filters, which are bound to the address, go along."""
    _follow_link(page, parameters, anew=False)


def open_view(page: StreamlitPage, parameters: Mapping[str, list[str]]) -> None:
    """Open a page as a stranger with its link would, with its own filters instead of those set now."""
    _follow_link(page, parameters, anew=True)


def _follow_link(page: str | StreamlitPage, parameters: Mapping[str, str | list[str]], *, anew: bool) -> None:
    st.html(f"<style>.st-key-{KEY} {{ display: none; }}</style>")
    with st.container(key=KEY):
        st.page_link(page, label="→", query_params=parameters)
    _follow(key="follow", data={"anew": anew})
