"""The steps that were found, hotspots or hidden trouble: what to mend, on what evidence, at what cost."""

from __future__ import annotations

import polars as pl

from dashboard.kit.steps import step_evidence
from dashboard.kit.steps.practice_words import newcomer_ratio
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words
from metrics.settings.model import Settings


def finding_tables(steps: pl.DataFrame, settings: Settings) -> list[Table]:
    """Hotspots and hidden trouble, apart from one another; those of which there are none are left out."""
    parts = {
        _("Hotspots: more confusing than the rest"): steps.filter("hotspot"),
        _("Hidden trouble: fine overall, hard for newcomers or a few agents"): steps.filter("hidden"),
    }
    return [
        finding_table(part, title, hourly_cost=settings.hourly_cost, currency=settings.currency)
        for title, part in parts.items()
        if part.height
    ]


def finding_table(steps: pl.DataFrame, title: str, *, hourly_cost: float | None, currency: str) -> Table:
    """The dearest first; one row per step found."""
    ordered = steps.sort("cost_hours_per_week", "low", descending=True, nulls_last=True)
    rows = ordered.to_dicts()
    columns = {
        "name": Column(_("Step"), pinned=True, width=215),
        "verdict": Column(_("Where to look"), width=215),
        "confusion_rate": Column(_("Confused"), "share", width=75),
        "limits": Column(_("95% interval"), width=112),
        "visits": Column(_("Visits (n)"), "count", width=75),
        "hours": Column(
            _("Cost a week"),
            width=165,
            help=_("Time of confused visits beyond the others, with its 95% interval."),
        ),
        "newcomers": Column(
            _("Newcomers"), width=130, help=_("How many times as often newcomers are confused as others.")
        ),
        "top_fifth": Column(
            _("Held by a fifth"),
            "share",
            _("Share of the extra confused visits that one fifth of the agents have."),
        ),
        "where": Column(_("Workflow, version"), width=150),
    }
    if hourly_cost is not None:
        columns["money"] = Column(_("{currency} a week", currency=currency), "count")
    price = pl.col("cost_hours_per_week") * pl.lit(hourly_cost, pl.Float64)
    return Table(
        title=title,
        frame=ordered.with_columns(
            name=texts(words.label(row["title"] or row["step"]) for row in rows),
            where=texts(f"{words.label(row['workflow'])} {words.label(row['version'], 12)}" for row in rows),
            verdict=texts(step_evidence.title(row) for row in rows),
            limits=texts(words.interval(row["low"], row["high"], "share") for row in rows),
            newcomers=texts(newcomer_ratio(row["evidence"]) for row in rows),
            top_fifth=pl.col("evidence").struct.field("top_fifth_share"),
            hours=texts(_hours(row) for row in rows),
            money=price.round(0),
        ),
        columns=columns,
        alt=_("The steps found, the most costly first, with what to improve and the evidence"),
    )


def _hours(row: dict[str, float | None]) -> str:
    amount = words.hours(row["cost_hours_per_week"])
    limits = words.interval(row["cost_hours_per_week_low"], row["cost_hours_per_week_high"], "hours")
    return f"{amount} ({limits})" if limits else amount
