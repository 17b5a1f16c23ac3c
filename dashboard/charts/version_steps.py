"""A measure before and after a release, step by step: two dots on their intervals, joined."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _, ngettext
from dashboard.palette import Palette
from dashboard.sentences import version_words
from metrics.intervals import wilson
from metrics.versions import TIMES

ROW_HEIGHT = 48
Side = tuple[float, float | None, float | None]
"""Where a value stands on the axis, with the ends of its interval."""
MARKS = {"improved": "▲", "worse": "▼", "no change shown": "=", "not yet known": "?"}
"""What stands before a name, so that the verdict is told without colour."""


def version_steps(rows: pl.DataFrame, *, measure: str, palette: Palette) -> Chart:
    """`rows`: those of one release and measure, as `metrics.versions.verdicts` gives them.

    Shares carry Wilson's interval of each side; of times (geometric means) the change alone has one, in the
    table below.
    """
    known = rows.filter(pl.col("before").is_not_null() & pl.col("after").is_not_null())
    headline = _finding(known, measure)
    if known.is_empty():
        return empty(
            headline,
            _("No step has visits on both sides of this release. Choose another release or remove a filter."),
        )
    is_time = measure in TIMES
    factor = 1.0 if is_time else 100.0
    sides = {side: _side(known, side, factor, is_time=is_time) for side in ("before", "after")}
    names = [
        f"{MARKS.get(row['verdict'], '')} {version_words.place(row)}\n{_detail(row, measure)}"
        for row in known.to_dicts()
    ]
    spoken = [f"{version_words.place(row)}: {_detail(row, measure)}" for row in known.to_dicts()]
    return Chart(
        headline=headline,
        alt=_("Before and after the release, step by step. {steps}.", steps="; ".join(spoken[:6])),
        option={
            "animation": False,
            "grid": axes.grid(top=34),
            "tooltip": {"trigger": "item"},
            "legend": axes.legend([_("Before"), _("After")], palette),
            "xAxis": axes.amounts(
                [end for side in sides.values() for ends in side for end in ends],
                palette,
                side="bottom",
                suffix=_(" s") if is_time else words.axis("share", None)[1],
            ),
            "yAxis": axes.names(names, palette, widest=270),
            "series": [
                *_intervals(sides["before"], palette.quiet, "before"),
                *_intervals(sides["after"], palette.main, "after"),
                _dots(sides["before"], _("Before"), is_after=False, palette=palette),
                _dots(sides["after"], _("After"), is_after=True, palette=palette),
            ],
            "media": axes.folded(names, widest=135),
        },
        height=max(190, ROW_HEIGHT * known.height + 70),
        note=_("▲ improved · ▼ worse · = no change shown · ? not yet known"),
    )


def _finding(known: pl.DataFrame, measure: str) -> str:
    name = _(version_words.MEASURES[measure])
    better, worse = (known.filter(verdict=verdict).height for verdict in ("improved", "worse"))
    if not better + worse:
        return ngettext(
            "{measure}: no change shown at {n} step",
            "{measure}: no change shown at any of {n} steps",
            known.height,
            measure=name,
            n=words.count(known.height),
        )
    return _(
        "{measure}: {better} of {n} improved, {worse} worse",
        measure=name,
        better=words.count(better),
        worse=words.count(worse),
        n=words.count(known.height),
    )


def _detail(row: dict[str, object], measure: str) -> str:
    before, after = (version_words.level(row[side], measure) for side in ("before", "after"))  # type: ignore[arg-type]
    sizes = [words.count(row[f"n_{side}"]) for side in ("before", "after")]  # type: ignore[arg-type]
    return _("{before} → {after} · n {old} / {new}", before=before, after=after, old=sizes[0], new=sizes[1])


def _side(known: pl.DataFrame, side: str, factor: float, *, is_time: bool) -> list[Side]:
    """By row: value, low, high, each on the axis."""
    values = [value * factor for value in known[side]]
    if is_time:
        return [(value, None, None) for value in values]
    n = known[f"n_{side}"].cast(pl.Float64)
    low, high = wilson((known[side] * n).round(0).to_numpy(), n.to_numpy())
    return [
        (value, float(least) * factor, float(most) * factor)
        for value, least, most in zip(values, low, high, strict=True)
    ]


def _intervals(side: list[Side], colour: str, stack: str) -> list[Option]:
    """An invisible bar up to the lower end, and a visible one to the upper."""
    bar: Option = {
        "type": "bar",
        "stack": stack,
        "barWidth": 6,
        "barGap": "20%",
        "silent": True,
        "tooltip": {"show": False},
    }
    return [
        {**bar, "data": [low for _value, low, _high in side], "itemStyle": {"color": "transparent"}},
        {
            **bar,
            "data": [None if low is None or high is None else high - low for _value, low, high in side],
            "itemStyle": {"color": colour, "opacity": 0.3, "borderRadius": 3},
        },
    ]


def _dots(side: list[Side], name: str, *, is_after: bool, palette: Palette) -> Option:
    """Each dot on its own bar: the two stand a little apart, one filled and one not."""
    colour = palette.main if is_after else palette.quiet
    return {
        "type": "scatter",
        "name": name,
        "data": [[value, place] for place, (value, _low, _high) in enumerate(side)],
        "symbol": "diamond" if is_after else "circle",
        "symbolSize": 13,
        "symbolOffset": [0, 4 if is_after else -4],
        "itemStyle": {
            "color": colour if is_after else palette.background,
            "borderColor": colour,
            "borderWidth": 2.5,
        },
    }
