"""What every chart function returns: the finding, the figure, its numbers, and the same said aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import plotly.graph_objects as go
import polars as pl


@dataclass(frozen=True)
class Chart:
    """One picture. All texts are plain text; whoever draws them escapes them.

    Without a figure there is nothing to draw, and `why_empty` says why and what to do. `data`: its numbers as
    they are exported. What can be clicked carries in `customdata` the thing it stands for. `days`: the first
    and last day of a time axis, on which happenings can be marked. `digest`: of all that it was made of.
    """

    headline: str
    alt: str = ""
    figure: go.Figure | None = field(default=None, compare=False)
    data: pl.DataFrame | None = field(default=None, compare=False)
    why_empty: str = ""
    note: str = ""
    days: tuple[date, date] | None = None
    digest: str = field(default="", compare=False)


def empty(headline: str, why: str) -> Chart:
    """A chart with nothing to draw."""
    return Chart(headline=headline, why_empty=why)
