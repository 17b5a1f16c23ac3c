"""From where runs come to one step and where they go on to: three columns joined by bands."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _
from dashboard.palette import Palette

SHOWN = 8
"""Ways on either side; the rest are one band together."""


def step_ways(step: str, moves: pl.DataFrame, titles: Mapping[str, str], *, palette: Palette) -> Chart:
    """`moves` of its workflow version, as `metrics.process_map` tells them."""
    into = _told(moves.filter(pl.col("next_step") == step, pl.col("way") != "finished"), "step", titles)
    out = _told(moves.filter(pl.col("step") == step), "next_step", titles)
    name = titles.get(step, step)
    if not into and not out:
        return empty(
            _("“{step}”: no ways in or out", step=name),
            _("No run came to this step in this selection. Choose a longer period or remove a filter."),
        )
    back: int = sum(moves.filter(pl.col("step") == step, pl.col("way") == "went back")["moves"])
    leaving: int = sum(moves.filter(pl.col("step") == step)["moves"])
    finding = _(
        "“{step}”: {share} of {visits} are left by going back",
        step=name,
        share=words.share(back / leaving if leaving else None),
        visits=words.counted(leaving, "visit"),
    )
    return Chart(
        headline=finding,
        alt=_(
            "Ways in: {into}. Ways out: {out}. {finding}.",
            into="; ".join(f"{text} {words.count(n)}" for text, n, *_rest in into[:4]),
            out="; ".join(f"{text} {words.count(n)}" for text, n, *_rest in out[:4]),
            finding=finding,
        ),
        option=_option(name, into, out, palette),
        height=max(240, 46 * max(len(into), len(out)) + 40),
        note=_("↩ by going back · ⚠ a move that the definition does not allow. Numbers are moves."),
    )


Way = tuple[str, int, str]


def _told(moves: pl.DataFrame, end: str, titles: Mapping[str, str]) -> list[Way]:
    """Each way on one side in a reader's words, the most frequent first; rare ones together."""
    edge = {"began": _("Start of the run"), "finished": _("End of the run"), "given up": _("Given up")}
    marks = {"went back": "↩ ", "not allowed": "⚠ "}
    rows = moves.sort("moves", end, descending=[True, False]).to_dicts()
    told: list[Way] = [
        (
            marks.get(row["way"], "") + (edge.get(row["way"]) or titles.get(row[end], words.label(row[end]))),
            row["moves"],
            row["way"],
        )
        for row in rows
    ]
    rest = told[SHOWN:]
    return told[:SHOWN] + ([(_("Other ways"), sum(n for _text, n, _way in rest), "rest")] if rest else [])


def _option(name: str, into: list[Way], out: list[Way], palette: Palette) -> Option:
    colours = {"went back": palette.second, "not allowed": palette.alarm, "given up": palette.alarm}

    def node(side: str, way: Way, position: str) -> Option:
        text, n, kind = way
        return {
            "name": f"{side}{text}",
            "itemStyle": {"color": colours.get(kind, palette.quiet)},
            "label": {"formatter": f"{_plain(text)}  {words.count(n)}", "position": position},
        }

    def band(one: str, other: str, way: Way) -> Option:
        return {
            "source": one,
            "target": other,
            "value": way[1],
            "lineStyle": {"color": colours.get(way[2], palette.quiet), "opacity": 0.28},
        }

    return {
        "animation": False,
        "tooltip": {"trigger": "item", "formatter": "{b}: {c}", "confine": True},
        "series": [
            {
                "type": "sankey",
                "left": 8,
                "right": 8,
                "top": 26,
                "bottom": 8,
                "nodeWidth": 12,
                "nodeGap": 16,
                "draggable": False,
                "layoutIterations": 0,
                "label": {
                    "color": palette.text,
                    "fontSize": 12,
                    "width": 230,
                    "overflow": "truncate",
                    # Bands run under the names of narrow nodes.
                    "textBorderColor": palette.background,
                    "textBorderWidth": 3,
                },
                "data": [
                    *(node("\u200b", way, "right") for way in into),
                    {
                        "name": name,
                        "itemStyle": {"color": palette.main},
                        "label": {"formatter": _plain(name), "position": "top", "fontWeight": "bold"},
                    },
                    *(node("\u200c", way, "left") for way in out),
                ],
                "links": [
                    *(band(f"\u200b{way[0]}", name, way) for way in into),
                    *(band(name, f"\u200c{way[0]}", way) for way in out),
                ],
            }
        ],
        "media": [
            {
                "query": {"maxWidth": 520},
                "option": {"series": [{"label": {"fontSize": 11, "width": 120}}]},
            }
        ],
    }


def _plain(text: str) -> str:
    """Without braces, which would be read as names of values and styles."""
    return text.translate(str.maketrans("{}", "()"))
