"""The four warehouses on which every page must render, built once per run."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from tests.dashboard import histories


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("warehouses")
    return {
        "empty": base / "empty",
        "one ticket": histories.build(base / "one", histories.one_ticket()),
        "tickets only": histories.build(base / "tickets_only", histories.tickets_only()),
        "full": histories.build(base / "full", histories.full()),
    }


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
