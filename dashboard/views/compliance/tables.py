"""Conformance by version, breaches by step, and the runs themselves."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words
from dashboard.views.compliance import text


def version_table(versions: pl.DataFrame) -> Table:
    """One row per workflow version, the least conforming first; those without a definition last."""
    ordered = versions.sort("high", "workflow", "version", nulls_last=True)
    rows = ordered.to_dicts()
    frame = ordered.with_columns(
        workflow=texts(words.label(row["workflow"]) for row in rows),
        version=texts(words.label(row["version"]) for row in rows),
        limits=texts(words.interval(row["low"], row["high"], "share") or words.UNKNOWN for row in rows),
        defined=texts(_("not known: no definition") if row["share"] is None else _("yes") for row in rows),
    )
    return Table(
        title=_("By workflow version"),
        frame=frame,
        columns={
            "workflow": Column(_("Workflow"), pinned=True, width=190),
            "version": Column(_("Version"), width=80),
            "runs": Column(_("Runs (n)"), "count", _("Ended runs that began in the period.")),
            "share": Column(_("Kept to it"), "share", _("Share of runs without a breach.")),
            "limits": Column(_("95% interval"), width=130),
            "runs_with_unlisted_moves": Column(
                _("Moves"), "count", _("Runs with one that is not listed."), width=80
            ),
            "runs_with_unlisted_escalations": Column(
                _("Escalations"), "count", _("Runs with one that is not listed."), width=95
            ),
            "runs_with_required_skipped": Column(
                _("Step skipped"), "count", _("Runs that skipped a required step."), width=110
            ),
            "runs_with_required_missed": Column(
                _("Required never reached"),
                "count",
                _("Runs without a required step that every allowed way has."),
            ),
            "defined": Column(_("Defined"), width=160),
        },
        alt=_("How many runs of each workflow version kept to its definition"),
        definition=_(text.IN_BREACH.definition),
    )


def breach_table(breaches: pl.DataFrame) -> Table:
    """One row per version, breach, step and step gone to instead, the most frequent first."""
    return Table(
        title=_("Where runs left the way"),
        frame=pl.DataFrame(
            {
                "breach": [text.breach(name) for name in breaches["breach"]],
                "step": _steps(breaches["title", "step"]),
                "next": _steps(breaches["next_title", "next_step"]),
                "where": _wheres(breaches),
                "runs": breaches["runs"],
                "times": breaches["times"],
            },
            schema_overrides=dict.fromkeys(("breach", "step", "next", "where"), pl.String),
        ),
        columns={
            "breach": Column(_("What"), pinned=True, width=230),
            "step": Column(_("At the step"), width=230),
            "next": Column(_("Gone to instead"), width=190),
            "where": Column(_("Workflow, version"), width=180),
            "runs": Column(_("Runs"), "count"),
            "times": Column(_("Times"), "count"),
        },
        alt=_("Which breaches happened at which steps, the most frequent first"),
    )


def run_table(runs: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per breach of a run, in the order given."""
    return Table(
        title=_("Runs in breach"),
        frame=pl.DataFrame(
            {
                "run_id": runs["run_id"],
                "ticket_id": runs["ticket_id"],
                "at": [words.instant(at, time_zone) for at in runs["occurred_at"].to_list()],
                "breach": [text.breach(name) for name in runs["breach"]],
                "step": _steps(runs["title", "step"]),
                "next": _steps(runs["next_title", "next_step"]),
                "where": _wheres(runs),
            },
            schema_overrides=dict.fromkeys(("at", "breach", "step", "next", "where"), pl.String),
        ),
        columns={
            "run_id": Column(_("Run"), "open", _("Opens the run."), width=130),
            "at": Column(_("When"), width=140),
            "breach": Column(_("What"), width=205),
            "step": Column(_("At the step"), width=230),
            "next": Column(_("Gone to instead"), width=190),
            "where": Column(_("Workflow, version"), width=180),
            "ticket_id": Column(_("Ticket"), width=110),
        },
        alt=_("The runs that left the allowed way, the newest first"),
        definition=_(text.IN_BREACH.definition),
    )


def _wheres(rows: pl.DataFrame) -> list[str]:
    return [f"{words.label(w)} {words.label(v, 12)}" for w, v in rows["workflow", "version"].rows()]


def _steps(names: pl.DataFrame) -> list[str]:
    """What is shown of steps, from their titles and ids; a dash where there is none."""
    return [words.UNKNOWN if step is None else words.label(title or step) for title, step in names.rows()]
