"""Every row of a release: before, after, the change beside what was left alone; and what was rewritten."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _, words
from dashboard.views.versions import text

CHANGES = {
    "added": N_("added"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "leads on otherwise": N_("leads on otherwise"),
    "asked otherwise": N_("asked otherwise"),
    "required or not": N_("required or not"),
    "coming back allowed or not": N_("coming back allowed or not"),
    "searching meant or not": N_("searching meant or not"),
}


def decided_first(rows: pl.DataFrame, measure: str = "") -> pl.DataFrame:
    """The rows with what improved or got worse first, then what surely did not change, then the rest.

    Those of one measure alone where it is named.
    """
    if measure:
        rows = rows.filter(measure=measure)
    order = pl.col("verdict").replace_strict(
        {"improved": 0, "worse": 0, "usual range": 1}, default=2, return_dtype=pl.Int64
    )
    return rows.sort(order, "p", maintain_order=True, nulls_last=True)


def verdict_table(verdicts: pl.DataFrame) -> Table:
    """One row per step and measure of a release, those told first."""
    rows = decided_first(verdicts).to_dicts()
    return Table(
        title=_("Every comparison"),
        frame=pl.DataFrame(
            {
                "place": [text.place(row) for row in rows],
                "measure": [_(text.MEASURES[row["measure"]]) for row in rows],
                "verdict": [_(text.VERDICTS[row["verdict"]]) for row in rows],
                "before": [text.levels(row)[0] for row in rows],
                "n_before": [row["n_before"] for row in rows],
                "after": [text.levels(row)[1] for row in rows],
                "n_after": [row["n_after"] for row in rows],
                "effect": [text.effect(row["effect"]) for row in rows],
                "limits": [_limits(row["low"], row["high"]) for row in rows],
                "usual": [text.effect(row["usual_change"]) for row in rows],
                "least": [text.effect(row["smallest_detectable"]) for row in rows],
                "earlier": [text.effect(row["earlier_effect"]) for row in rows],
                "rewritten": [_(REWRITTEN[row["is_rewritten"]]) for row in rows],
            },
            schema_overrides={"n_before": pl.Int64, "n_after": pl.Int64},
        ),
        columns={
            "place": Column(_("Step"), pinned=True, width=220),
            "measure": Column(_("Measure"), width=175),
            "verdict": Column(_("Verdict"), width=130),
            "before": Column(_("Before"), width=80),
            "n_before": Column(_("n before"), "count"),
            "after": Column(_("After"), width=80),
            "n_after": Column(_("n after"), "count"),
            "effect": Column(
                _("Change"),
                width=80,
                help=_("Compared with unchanged workflows; lower is better."),
            ),
            "limits": Column(_("95% interval"), width=130),
            "usual": Column(_("Unchanged"), width=90, help=_("The change of unchanged workflows.")),
            "least": Column(
                _("Smallest seen"), width=115, help=_("The smallest rise that this much data would show.")
            ),
            "earlier": Column(
                _("Before the release"),
                width=140,
                help=_("The same comparison within the weeks before the release, as a check."),
            ),
            "rewritten": Column(_("Rewritten"), width=90),
        },
        alt=_("Every comparison of the release, with its verdict, change and interval"),
    )


def changes_table(changes: pl.DataFrame) -> Table:
    """One row per change of a step's definition."""
    return Table(
        title=_("What the new version changed"),
        frame=changes.with_columns(
            change=pl.Series([_(CHANGES[change]) for change in changes["change"]], dtype=pl.String),
            before=pl.Series([_text(definition) for definition in changes["before"]], dtype=pl.String),
            after=pl.Series([_text(definition) for definition in changes["after"]], dtype=pl.String),
        ),
        columns={
            "step": Column(_("Step"), pinned=True, width=180),
            "change": Column(_("Change"), width=180),
            "before": Column(_("Before"), width=330),
            "after": Column(_("After"), width=330),
        },
        alt=_("The steps that the new version adds, removes or changes"),
    )


REWRITTEN = {True: N_("yes"), False: N_("no"), None: words.UNKNOWN}


def _limits(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return words.UNKNOWN
    return _("{low} to {high}", low=text.effect(low), high=text.effect(high))


def _text(definition: str | None) -> str:
    return words.UNKNOWN if definition is None else words.label(definition, 120)
