"""The texts of Streamlit's uploader in the reader's language: it has them in English only."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.language import ENGLISH, _, spoken
from etl.sources import ENDINGS


def translate(most: int) -> None:
    """Show them in place of the English ones."""
    button = _("Choose a file")
    if spoken() == ENGLISH:
        return
    size = _("Up to {n} MB per file · {endings}", n=most, endings=" ".join(ENDINGS))
    zone = '[data-testid="stFileUploaderDropzone'
    rules = [
        f'{zone}"] button p, {zone}Instructions"] span {{ font-size: 0; }}',
        f'{zone}"] button p::after {{ content: {json.dumps(button)}; font-size: 0.875rem; }}',
        f'{zone}Instructions"] span::after {{ content: {json.dumps(size)}; font-size: 0.875rem; }}',
    ]
    st.html(f"<style>{' '.join(rules)}</style>")
