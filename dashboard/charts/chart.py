"""What every chart function returns: the finding, the picture, and the same said aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

Option = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One picture. All texts are plain text; whoever draws them escapes them.

    Without an option there is nothing to draw, and `why_empty` says why and what to do. `data`: its numbers
    as they are exported; without it, what the picture is made of.
    """

    headline: str
    alt: str = ""
    option: Option | None = None
    height: int = 320
    why_empty: str = ""
    note: str = ""
    data: pl.DataFrame | None = field(default=None, compare=False)


def empty(headline: str, why: str) -> Chart:
    """A chart with nothing to draw."""
    return Chart(headline=headline, why_empty=why)
