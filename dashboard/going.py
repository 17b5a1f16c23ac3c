"""Going on by a click on something drawn or listed, just as if the reader had followed a link.

`st.switch_page` first writes what the next page is asked for into the address of the page that is left, then
the filters into that or the next one: Back would lead through views that nobody chose. A link changes page
and address at once, so one is put on the page, out of sight, and the browser follows it.
"""

from __future__ import annotations

import streamlit as st

KEY = "going"
FOLLOW = f"""
export default function () {{
  const follow = (tries) => {{
    const link = document.querySelector(".st-key-{KEY} a");
    if (link) link.click();
    else if (tries) requestAnimationFrame(() => follow(tries - 1));
  }};
  follow(300);
}}
"""
_follow = st.components.v2.component("stepsight.going", js=FOLLOW)


def go(page: str, **asked: str) -> None:
    """Go to a page that is asked for these; the filters, which are bound to the address, go along."""
    st.html(f"<style>.st-key-{KEY} {{ display: none; }}</style>")
    with st.container(key=KEY):
        st.page_link(page, label="→", query_params=asked)
    _follow(key="follow")
