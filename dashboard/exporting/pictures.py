"""Charts as SVG, drawn on the server by the same ECharts that draws them in the browser.

`echarts/echarts.min.js` is Apache ECharts as published, run in V8 without a document and without a network.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import polars as pl
from py_mini_racer import MiniRacer

from dashboard.charts.chart import Chart
from dashboard.palette import Palette

ECHARTS = Path(__file__).parents[1] / "echarts" / "echarts.min.js"
DRAW = """
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  try { chart.setOption(option); return chart.renderToSVGString(); } finally { chart.dispose(); }
}
"""
FONT = "'Source Sans 3', 'Source Sans', 'Helvetica Neue', Arial, sans-serif"
WIDTH, PATIENCE = 900, 20
MARGIN, LINE, SMALL = 16, 22, 17


def as_svg(chart: Chart, *, palette: Palette, below: Sequence[str] = ()) -> bytes:
    """The picture under its headline, with small lines `below` it; legible wherever it is pasted.

    A chart without anything to draw is its headline and why.
    """
    above = textwrap.wrap(chart.headline, 108)
    inner, height = ("", 0) if chart.option is None else (_drawn(chart, palette), chart.height)
    notes = [
        line
        for text in [chart.why_empty if chart.option is None else chart.note, *below]
        for line in textwrap.wrap(text, 135)
    ]
    top = MARGIN + LINE * len(above)
    foot = top + height + MARGIN
    whole = foot + SMALL * len(notes) + (MARGIN if notes else 0)
    lines = [
        f'<text x="{MARGIN}" y="{MARGIN + LINE * (place + 0.7):.0f}" font-size="17" font-weight="600" '
        f'fill="{palette.text}">{escape(line)}</text>'
        for place, line in enumerate(above)
    ] + [
        f'<text x="{MARGIN}" y="{foot + SMALL * (place + 0.7):.0f}" font-size="12.5" '
        f'fill="{palette.muted}">{escape(line)}</text>'
        for place, line in enumerate(notes)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole}" '
        f'viewBox="0 0 {WIDTH} {whole}" role="img" aria-label={quoteattr(chart.alt or chart.headline)} '
        f'font-family={quoteattr(FONT)}><rect width="100%" height="100%" fill="{palette.background}"/>'
        f'{"".join(lines)}<g transform="translate(0 {top})">{inner}</g></svg>'
    ).encode()


def _drawn(chart: Chart, palette: Palette) -> str:
    """An engine for one picture: a quarter of a second, and nothing that lives on in the server."""
    theme = {"backgroundColor": "transparent", "textStyle": {"fontFamily": FONT, "color": palette.text}}
    option = json.dumps({**theme, **_plain(chart.option)})
    with MiniRacer() as engine:
        engine.eval(_echarts())
        return str(engine.eval(f"draw({option}, {WIDTH}, {chart.height})", timeout_sec=PATIENCE))


@cache
def _echarts() -> str:
    return ECHARTS.read_text("utf-8") + DRAW


def _plain(value: Any) -> Any:
    """An option as JSON has it: frames as rows, days and instants as text, what is no number as nothing."""
    match value:
        case pl.DataFrame():
            return [_plain(row) for row in value.to_dicts()]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case float() if value != value or abs(value) == float("inf"):
            return None
        case _:
            return value
