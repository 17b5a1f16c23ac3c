"""Every contact reason with its volume, its change, and how often customers come again or we get confused."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words

RATES = ("repeat_contact_rate", "reopen_rate", "confusion_rate")


def _columns() -> dict[str, Column]:
    return {
        "name": Column(_("Reason"), pinned=True, width=190),
        "tickets_opened": Column(_("Tickets (n)"), "count", _("Opened in the period.")),
        "change": Column(
            _("Change"),
            "change",
            _("Compared with the period before, where the data holds all of it."),
        ),
        "repeat_contact_rate": Column(
            _("Come again"),
            "share",
            _("Tickets that came within 7 days of a solve for the same customer and reason."),
        ),
        "repeat_contact_rate_n": Column(_("of tickets (n)"), "count"),
        "reopen_rate": Column(_("Reopened"), "share", _("Solved tickets that were reopened later.")),
        "reopen_rate_n": Column(_("of solved (n)"), "count"),
        "confusion_rate": Column(
            _("Confused"), "share", _("Visits to guided steps with signs of confusion.")
        ),
        "confusion_rate_n": Column(_("of visits (n)"), "count"),
    }


def reason_table(reasons: pl.DataFrame, before: pl.DataFrame | None) -> Table:
    """One row per reason, the most frequent first; `reasons` and `before` as measured by reason."""
    rows = _one(reasons, "tickets_opened").select("reason", tickets_opened="value")
    for name in RATES:
        rate = _one(reasons, name).select(
            "reason", pl.col("value").alias(name), pl.col("n").alias(f"{name}_n")
        )
        rows = rows.join(rate, on="reason", how="full", coalesce=True, nulls_equal=True)
    opened_before = _one(reasons.clear() if before is None else before, "tickets_opened")
    rows = rows.join(
        opened_before.filter(pl.col("value") > 0).select("reason", was="value"),
        on="reason",
        how="left",
        nulls_equal=True,
    )
    return Table(
        title=_("Every reason"),
        frame=rows.with_columns(
            name=texts(words.label(reason) for reason in rows["reason"]),
            change=pl.col("tickets_opened") / pl.col("was") - 1,
        ).sort(pl.col("tickets_opened").fill_null(0), "reason", descending=[True, False]),
        columns=_columns(),
        alt=_("Every contact reason, the most frequent first, with repeat contact, reopening and confusion"),
    )


def _one(reasons: pl.DataFrame, metric: str) -> pl.DataFrame:
    return reasons.filter(pl.col("metric") == metric)
