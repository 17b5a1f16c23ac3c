"""How long pages take to open where no number is kept yet: on ten million events, a second at most.

`python -m benchmarks.pages WAREHOUSE [PAGE…]` prints the best of three of every page, or of those named:
seconds on the clock, and of processors, which say more on a machine that others use.
"""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from time import perf_counter, process_time

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.server_settings import apply_settings

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
VIEWS = sorted(view.parent.name for view in (APP.parent / "views").glob("*/view.py"))
HOME, LIMIT_SECONDS, PATIENCE = "overview", 1.0, 600


def opened(page: str) -> tuple[float, float]:
    """Seconds on the clock and of processors, for a reader who comes from the Overview."""
    st.cache_data.clear()
    reader = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    if page != HOME:
        reader.run()
        reader._page_hash = calc_hash(page)  # `switch_page` knows addresses only after a first run
    began, busy = perf_counter(), process_time()
    reader.run()
    took = perf_counter() - began, process_time() - busy
    if reader.exception:
        raise SystemExit(f"{page}: {reader.exception[0].message}")
    return took


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of {', '.join(VIEWS)}")
    asked = parser.parse_args()
    os.environ["STEPSIGHT_WAREHOUSE"] = str(asked.warehouse)
    logging.disable(logging.WARNING)  # there is no server here, which Streamlit says of every cache
    apply_settings()
    opened(HOME)  # imports, and the parts of the file that are read first
    for page in asked.pages or VIEWS:
        elapsed, busy = min(opened(page) for _ in range(3))
        over = "  over the limit" if elapsed > LIMIT_SECONDS else ""
        print(f"{page:18} {elapsed:5.2f} s, {busy:5.2f} s of processors{over}")


if __name__ == "__main__":
    main()
