"""Lists of days, weeks or months: a placeholder among the dates must not print a thousand lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl
import typer

from commands.output import print_aside
from dashboard.language import _, words

MOST_PERIODS = 520
"""Ten years of weeks."""

MostPeriods = Annotated[
    int, typer.Option("--rows", min=1, help="At most so many days, weeks or months, the newest.")
]

PERIODS = ("day", "week", "month")
"""The columns that name periods, the finest first."""


def newest_periods(frame: pl.DataFrame, most: int, columns: Sequence[str] = PERIODS) -> pl.DataFrame:
    """The rows of the newest periods; a sentence beside them where there are more.

    `columns`: those that may name the periods; a frame without any of them stays as it is.
    """
    period = next((name for name in columns if name in frame.columns), None)
    if period is None:
        return frame
    periods = frame[period].drop_nulls().unique().sort()
    if len(periods) <= most:
        return frame
    print_aside(
        _(
            "The newest {n} of {all} are shown; --rows {number} shows all.",
            n=words.counted(most, period),
            all=words.count(len(periods)),
            number=len(periods),
        )
    )
    return frame.filter(pl.col(period) >= periods[-most])
