"""Every ranked step version with its rate, its interval, its signs and its cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.kit.steps.step_signs import sign_title
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _, words

VERDICTS = {
    "process": N_("process"),
    "training": N_("training"),
    "coaching": N_("coaching"),
    "unclear": N_("unclear"),
}


def _columns() -> dict[str, Column]:
    return {
        "name": Column(_("Step"), pinned=True, width=225),
        "workflow": Column(_("Workflow, version")),
        "visits": Column(_("Visits (n)"), "count", _("Stays of a run at this step in the period.")),
        "confusion_rate": Column(
            _("Confused"), "share", _("Share of visits with a strong sign or two weak ones.")
        ),
        "interval": Column(_("95% interval"), help=_("Where the true share lies, most likely.")),
        "stands_out": Column(_("Stands out"), help=_("Confuses agents more than the rest.")),
        "cost_hours_per_week": Column(
            _("Cost, h a week"), "hours", _("Time of confused visits beyond the others.")
        ),
        "main_signs": Column(
            _("Signs, most frequent first"), width=330, help=_("Share of visits that show the sign.")
        ),
        "verdict": Column(_("Process or people?")),
    }


def step_table(steps: pl.DataFrame) -> Table:
    """The rows of `hotspots`, in its order; what is not computed at all gets no column."""
    sources = {"stands_out": "hotspot", "verdict": "verdict", "cost_hours_per_week": "cost_hours_per_week"}
    missing = {name for name, source in sources.items() if steps[source].is_null().all()}
    return Table(
        title=_("Every step version"),
        frame=steps.with_columns(
            workflow=pl.concat_str("workflow", pl.lit(" "), "version", ignore_nulls=True),
            interval=pl.Series(
                [
                    words.interval(low, high, "share") or words.UNKNOWN
                    for low, high in steps["low", "high"].rows()
                ],
                dtype=pl.String,
            ),
            name=pl.Series(
                [words.label(title or step) for title, step in steps["title", "step"].rows()], dtype=pl.String
            ),
            stands_out=pl.when(pl.col("hotspot").is_null())
            .then(pl.lit(words.UNKNOWN))
            .when("hotspot")
            .then(pl.lit(f"◆ {_('yes')}"))
            .otherwise(pl.lit(_("no"))),
            main_signs=pl.Series(
                [signs_in_words(row) for row in steps.iter_rows(named=True)], dtype=pl.String
            ),
            verdict=pl.Series(
                [
                    _(VERDICTS[verdict]) if verdict else words.UNKNOWN
                    for verdict in steps["verdict"].to_list()
                ],
                dtype=pl.String,
            ),
        ),
        columns={name: column for name, column in _columns().items() if name not in missing},
        alt=_("Every step version, ranked, with its confusion rate, interval, signs and cost"),
    )


def signs_in_words(row: Mapping[str, Any], limit: int = 3) -> str:
    """The most frequent signs of one step: "asked help 12%, searched 4%"."""
    rates = sorted(
        ((sign["rate"], name) for name, sign in (row["signs"] or {}).items() if sign and sign["rate"]),
        reverse=True,
    )
    return (
        ", ".join(f"{sign_title(name)} {words.share(rate)}" for rate, name in rates[:limit]) or words.UNKNOWN
    )
