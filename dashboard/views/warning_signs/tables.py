"""Every measure of the warning signs, now and before."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table
from dashboard.language import _, words
from dashboard.views.warning_signs import text
from metrics.settings.warning_limits import WarningLimits


def warning_table(signs: pl.DataFrame, limits: WarningLimits) -> Table:
    """One row per measure, in the order of the signs."""
    rows = signs.to_dicts()
    return Table(
        title=_("Every measure, now and before"),
        frame=pl.DataFrame(
            {
                "sign": [_(text.SIGNS[row["sign"]].title) for row in rows],
                "measure": [text.measure(row["measure"], limits) for row in rows],
                "value": [text.value(row["value"], row["unit"]) for row in rows],
                "limits": [text.limits(row) or words.UNKNOWN for row in rows],
                "n": signs["n"],
                "before": [text.value(row["value_before"], row["unit"]) for row in rows],
                "limits_before": [text.limits(row, "_before") or words.UNKNOWN for row in rows],
                "change": [text.change(row) for row in rows],
                "limit": [text.value(row["limit"], row["unit"]) for row in rows],
                "status": [
                    words.UNKNOWN if row["limit"] is None else _(text.STATUS[text.status([row])])
                    for row in rows
                ],
            }
        ),
        columns={
            "sign": Column(_("Warning sign"), pinned=True, width=160),
            "measure": Column(_("Measure"), width=390),
            "value": Column(_("Now"), width=90),
            "limits": Column(_("95% interval"), width=130),
            "n": Column(_("n"), "count"),
            "before": Column(_("Before"), width=90),
            "limits_before": Column(_("95% interval before"), width=145),
            "change": Column(_("Changed?"), width=190),
            "limit": Column(
                _("Limit"), width=80, help=_("A warning where the value is certainly beyond the limit.")
            ),
            "status": Column(_("Warning?"), width=105),
        },
        alt=_("Every measure of the five warning signs, with its interval, now and before"),
    )
