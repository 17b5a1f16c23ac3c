"""How long the open tickets have been open: one bar per age band, the youngest first."""

from __future__ import annotations

import polars as pl

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.ranking import ranking
from dashboard.language import _, ngettext, words


def is_backlog_known(ages: pl.DataFrame) -> bool:
    """Whether any opening is recorded: else nobody knows what is open."""
    return not ages["tickets"].has_nulls()


@cached_chart
def open_ages(ages: pl.DataFrame, *, palette: Palette) -> Chart:
    """One row per band of `ages` (from_days, to_days, tickets); a click names its lower end."""
    if not is_backlog_known(ages):
        why = _("No opening is recorded, so that nobody knows what is open.")
        return empty(_("How many tickets are open is not known"), why)
    total = sum(ages["tickets"])
    if not total:
        why = _("Every ticket of this selection is solved or closed. Remove a filter to look at others.")
        return empty(_("Nothing is open"), why)
    rows = ages.select(
        name=pl.Series(
            [age_band(low, high) for low, high in ages["from_days", "to_days"].rows()], dtype=pl.String
        ),
        detail=pl.lit(""),
        value=pl.col("tickets").cast(pl.Float64),
        n="tickets",
        low=pl.lit(None, pl.Float64),
        high=pl.lit(None, pl.Float64),
        marked=pl.lit(value=False),
    )
    oldest = ages.row(-1, named=True)
    headline = ngettext(
        "{old} of the {n} open tickets is older than {days}",
        "{old} of the {n} open tickets are older than {days}",
        oldest["tickets"],
        old=words.count(oldest["tickets"]),
        n=words.count(total),
        days=words.days(round(oldest["from_days"])),
    )
    return ranking(
        rows,
        headline=headline,
        why_empty="",
        measure=_("Open tickets"),
        unit="count",
        things=[[f"{low:g}"] for low in ages["from_days"]],
        palette=palette,
    )


def age_band(low: float, high: float | None) -> str:
    """A band of age: "under 1 day", "3 to 7 days", "over 30 days"."""
    if high is None:
        return _("over {days} days", days=words.count(low))
    if not low:
        return _("under 1 day") if high == 1 else _("under {days} days", days=words.count(high))
    return _("{low} to {high} days", low=words.count(low), high=words.count(high))
