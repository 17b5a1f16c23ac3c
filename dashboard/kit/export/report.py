"""A page as one HTML file that opens offline: sentences, tiles, live figures, tables, definitions.

The figures stand in the file as data, and plotly.js of the installed package draws them. The file's policy
names the hashes of its two scripts, so that nothing else in it can run, and forbids every request. Without
scripts the findings and the numbers are there all the same. Every text is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

import polars as pl
from plotly.io import to_json
from plotly.offline import get_plotlyjs

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_data import data_of
from dashboard.kit.charts.figure_template import figure_config
from dashboard.kit.charts.palette import Palette
from dashboard.kit.export.page_content import Explained, Page, Part, Sentences, Tiles
from dashboard.kit.tables.table import Column, Table
from dashboard.kit.tile import Tile
from dashboard.language import _, spoken, words

MOST = 1000
"""Rows of a table that are written out; the file says so where there are more."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; script-src {scripts}"
DRAW = """
for (const figure of document.querySelectorAll("figure > .drawn")) {
  const { data, layout, config } = JSON.parse(figure.previousElementSibling.textContent);
  Plotly.newPlot(figure, data, layout, config);
}
"""
STYLE = """
:root {{ color-scheme: {scheme}; }}
body {{ font: 16px/1.5 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif; color: {text};
  background: {background}; max-width: 960px; margin: 0 auto; padding: 24px 16px 64px; }}
h1 {{ font-size: 28px; margin: 0 0 4px; }} h2 {{ font-size: 19px; margin: 36px 0 8px; }}
p {{ margin: 8px 0; }} .muted, small, footer {{ color: {muted}; font-size: 14px; }}
.tiles {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px;
  margin: 16px 0; }}
.tile {{ border: 1px solid {grid}; border-radius: 8px; padding: 12px; break-inside: avoid; }}
.tile strong {{ display: block; font-size: 26px; font-weight: 600; }}
figure {{ margin: 28px 0 8px; break-inside: avoid; }}
.table {{ overflow-x: auto; }} table {{ border-collapse: collapse; font-size: 14px; }}
th, td {{ border-bottom: 1px solid {grid}; padding: 5px 10px 5px 0; text-align: left; vertical-align: top; }}
td.number, th.number {{ text-align: right; }} summary {{ cursor: pointer; }}
footer {{ margin-top: 48px; border-top: 1px solid {grid}; padding-top: 12px; }}
"""


def as_html(page: Page, *, scope: str, fresh: str, palette: Palette) -> bytes:
    """The page as drawn so far; the same page gives the same bytes."""
    style = STYLE.format(
        scheme="dark" if _is_dark(palette) else "light",
        text=palette.text,
        background=palette.background,
        muted=palette.muted,
        grid=palette.grid,
    )
    title = f"{page.title} · Stepsight"
    stands = [text for text in (scope, _("data up to {instant}", instant=fresh) if fresh else "") if text]
    body = "\n".join(_part(part) for part in page.parts)
    scripts = [get_plotlyjs(), DRAW] if any(_is_drawn(part) for part in page.parts) else []
    run = "\n".join(f"<script>{script}</script>" for script in scripts)
    policy = POLICY.format(scripts=" ".join(map(_hash, scripts)) or "'none'")
    return f"""<!doctype html>
<html lang="{escape(spoken())}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{escape(page.title)}</h1>
<p>{escape(page.question)}</p>
<p class="muted">{escape(" · ".join(stands))}</p>
</header>
<main>
{body}
</main>
<footer>{escape(_("Made by Stepsight from {scope}.", scope=" · ".join(stands)))}</footer>
{run}
</body>
</html>
""".encode()


def _is_dark(palette: Palette) -> bool:
    return palette.background < palette.text


def _part(part: Part) -> str:
    match part:
        case Sentences(text=text):
            return f"<p>{escape(text)}</p>"
        case Tiles(tiles=tiles):
            return f'<div class="tiles">{"".join(_tile(tile) for tile in tiles)}</div>'
        case Chart():
            return _chart(part)
        case Table():
            return f"<section><h2>{escape(part.title)}</h2>{_table(part)}</section>"
        case Explained(title=title, meaning=meaning):
            return f"<section><h2>{escape(title)}</h2><p>{escape(meaning)}</p></section>"


def _tile(tile: Tile) -> str:
    change = "" if tile.change is None else f"{tile.change}" if tile.change else _("no change")
    return (
        f'<div class="tile">{escape(tile.title)}<strong>{escape(tile.value)}</strong>'
        f"{escape(change)}<br><small>{escape(tile.basis)}<br>{escape(tile.verdict)}</small></div>"
    )


def _chart(chart: Chart) -> str:
    heading = f"<h2>{escape(chart.headline)}</h2>"
    if chart.figure is None:
        return f"<section>{heading}<p>{escape(chart.why_empty)}</p></section>"
    # As data: "<" cannot end the element that it stands in.
    figure = to_json({"config": figure_config(spoken()), **chart.figure.to_plotly_json()}, validate=False)
    data = f'<script type="application/json">{figure.replace("<", chr(92) + "u003c")}</script>'
    place = f'<div class="drawn" role="img" aria-label="{escape(chart.alt or chart.headline)}"></div>'
    note = f'<p class="muted">{escape(chart.note)}</p>' if chart.note else ""
    numbers = data_of(chart)
    if numbers is not None:
        summary = f"<summary>{escape(_('The numbers of this chart'))}</summary>"
        note += f"<details>{summary}{_table(numbers)}</details>"
    return f"<section>{heading}<figure>{data}{place}</figure>{note}</section>"


def _is_drawn(part: Part) -> bool:
    return isinstance(part, Chart) and part.figure is not None


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _table(table: Table) -> str:
    rows = table.frame.head(MOST)
    head = "".join(
        f'<th scope="col"{_aligned(column, rows.schema[name])}>{escape(column.title)}</th>'
        for name, column in table.columns.items()
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_aligned(column, rows.schema[name])}>{escape(_cell(row[name], column))}</td>"
            for name, column in table.columns.items()
        )
        + "</tr>"
        for row in rows.iter_rows(named=True)
    )
    more = table.frame.height - MOST
    left = f'<p class="muted">{escape(_("{n} more rows are not shown here.", n=words.count(more)))}</p>'
    definition = f'<p class="muted">{escape(table.definition)}</p>' if table.definition else ""
    grid = f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return f"{definition}{grid}{left if more > 0 else ''}"


def _aligned(column: Column, kind: pl.DataType) -> str:
    return ' class="number"' if kind.is_numeric() and column.kind != "open" else ""


def _cell(value: object, column: Column) -> str:
    match value, column.kind:
        case None, _kind:
            return words.UNKNOWN
        case float() | int(), "share":
            return words.share(value)
        case float() | int(), "change":
            return words.percent(value * 100, signed=True)
        case float() | int(), "hours":
            return words.decimal(value, 1)
        case int(), _kind:
            return words.count(value)
        case float(), _kind:
            return words.count(value) if value == round(value) else words.decimal(value, 3)
        case _:
            return f"{value}"
