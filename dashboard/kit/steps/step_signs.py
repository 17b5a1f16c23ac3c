"""By which signs one step version confuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.language import N_, _, words
from metrics.catalog.signs import SIGNS

STRENGTHS = {"strong": N_("strong sign"), "weak": N_("weak sign")}


@cached_chart
def step_signs(step: Mapping[str, Any], *, palette: Palette) -> Chart:
    """`step`: one row of `hotspots`."""
    rows = _rows(step)
    name = words.label(step["title"] or step["step"])
    present = rows.filter(pl.col("value") > 0)
    chart = ranking(
        present,
        headline=_("“{step}”: the most frequent sign is {sign}", step=name, sign=most_frequent(step))
        if present.height
        else _("“{step}”: no signs of confusion", step=name),
        why_empty=_(
            "Of {visits} to this step, none showed a sign. Choose another step, or a longer period.",
            visits=words.counted(step["visits"], "visit"),
        ),
        measure=_("Visits with the sign"),
        unit="share",
        palette=palette,
    )
    meanings = {sign_title(sign.name): _(sign.sentence) for sign in SIGNS}
    notes = [_("{sign}: {meaning}", sign=first, meaning=meanings[first]) for first in present["name"].head(1)]
    return replace(chart, note="".join(notes))


def most_frequent(step: Mapping[str, Any]) -> str:
    """The sign seen most at a step, with its rate and n; nothing where none was seen."""
    present = _rows(step).filter(pl.col("value") > 0)
    if present.is_empty():
        return ""
    sign = present.row(0, named=True)
    return _(
        "{sign} ({share} of {visits})",
        sign=sign["name"],
        share=words.share(sign["value"]),
        visits=words.counted(sign["n"], "visit"),
    )


def sign_title(name: str) -> str:
    """A sign as a reader calls it: "changed answer"."""
    return _(name.replace("_", " "))


def _rows(step: Mapping[str, Any]) -> pl.DataFrame:
    """One row per sign, the most frequent first."""
    signs = step["signs"] or {}
    return pl.DataFrame(
        [
            {
                "name": sign_title(sign.name),
                "detail": _(STRENGTHS[sign.strength]),
                "value": signs[sign.name]["rate"],
                "n": signs[sign.name]["n"],
                "low": None,
                "high": None,
                "marked": False,
            }
            for sign in SIGNS
            if signs.get(sign.name)
        ],
        schema={
            "name": pl.String,
            "detail": pl.String,
            "value": pl.Float64,
            "n": pl.Int64,
            "low": pl.Float64,
            "high": pl.Float64,
            "marked": pl.Boolean,
        },
    ).sort("value", "name", descending=[True, False], nulls_last=True)
