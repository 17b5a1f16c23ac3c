"""Every contact reason now and before: tickets, repeat contacts, and which changes are beyond chance."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, words

TREND_TITLES = {"more": N_("▲ more"), "less": N_("▼ fewer"), "usual range": N_("usual range")}


def reason_trend_table(trends: pl.DataFrame) -> Table:
    """The rows of `metrics.tickets.recurring.reason_trends`, in its order."""
    return Table(
        title=_("Every reason against the period before"),
        frame=trends.select(
            "tickets",
            "tickets_before",
            "again",
            "again_n",
            "again_before",
            name=texts(words.label(reason) for reason in trends["reason"]),
            trend=texts(_trend_title(trend) for trend in trends["trend"]),
            times=texts(
                words.UNKNOWN if low is None or high is None else words.interval(low, high, "share")
                for low, high in trends["ratio_low", "ratio_high"].rows()
            ),
            again_trend=texts(_trend_title(trend) for trend in trends["again_trend"]),
        ),
        columns={
            "name": Column(_("Reason"), pinned=True, width=190),
            "trend": Column(
                _("Tickets"), width=100, help=_("Clear changes: at most 5% of those marked are chance.")
            ),
            "tickets": Column(_("Now (n)"), "count"),
            "tickets_before": Column(_("Before (n)"), "count"),
            "times": Column(
                _("Percent of before, 95% interval"),
                width=210,
                help=_("Where the true ratio lies, most likely."),
            ),
            "again_trend": Column(
                _("Repeat contact"),
                width=115,
                help=_("Clear changes: at most 5% of those marked are chance."),
            ),
            "again": Column(
                _("Come again"),
                "share",
                _("Tickets that came within 7 days of a solve for the same customer and reason."),
            ),
            "again_n": Column(_("of tickets (n)"), "count"),
            "again_before": Column(_("Come again, before"), "share"),
        },
        alt=_("Every contact reason now and in the period before, clear changes first"),
    )


def _trend_title(trend: str | None) -> str:
    return words.UNKNOWN if trend is None else _(TREND_TITLES[trend])
