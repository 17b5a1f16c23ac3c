"""What was found, as lines for people: the sentences of the pages, one thing after the other."""

from __future__ import annotations

import polars as pl

from dashboard.kit.steps import step_evidence
from dashboard.language import N_, _, ngettext, words
from dashboard.views.versions import text
from metrics.releases.summary import summary

DIAGNOSES = {"hotspot": N_("hotspot"), "hidden trouble": N_("hidden trouble")}


def step_lines(diagnoses: pl.DataFrame, hourly_cost: float | None, currency: str) -> list[str]:
    """Two lines a step: what to do about which step, and what it costs and why."""
    if diagnoses.is_empty():
        return [_("No step confuses agents more than the rest. None is hard for newcomers or a few agents.")]
    lines: list[str] = []
    for row in diagnoses.iter_rows(named=True):
        step = row["title"] or row["step"]
        own_id = row["step"] if row["step"] != step else None
        where = [part for part in (row["workflow"], row["version"], own_id) if part]
        lines.append(
            _(
                "{verdict}: {step} ({where}), {kind}.",
                verdict=step_evidence.title(row),
                step=step,
                where=" ".join(where),
                kind=_(DIAGNOSES[row["found"]]),
            )
        )
        cost = step_evidence.cost(row, hourly_cost, currency)
        evidence = step_evidence.evidence(row | {"evidence": row})
        lines.append("  " + " ".join(part for part in (cost, *evidence) if part))
    return lines


def hand_over_lines(total: pl.DataFrame) -> list[str]:
    """How often tickets went from team to team in all, and straight back; nothing where none did."""
    return [
        _(
            "In all: {hand_overs} between teams on {tickets}, {share} of them straight back.",
            hand_overs=words.counted(row["hand_overs"], "hand-over"),
            tickets=words.counted(row["tickets"], "ticket"),
            share=words.share(row["return_share"]),
        )
        for row in total.to_dicts()
    ]


def outcome_lines(links: pl.DataFrame) -> list[str]:
    """How many links of steps with outcomes are shown, of how many compared, and what was not compared."""
    compared = links.filter(pl.col("association").is_not_null()).height
    associations = links.filter(pl.col("association") != "none shown").height
    lines = []
    if compared:
        lines.append(
            ngettext(
                "{n} link between confusion and how tickets end is shown, of {compared} compared.",
                "{n} links between confusion and how tickets end are shown, of {compared} compared.",
                associations,
                n=words.count(associations),
                compared=words.count(compared),
            )
        )
    if rest := links.height - compared:
        lines.append(
            ngettext(
                "{n} more has too few tickets to compare; --format csv shows it.",
                "{n} more have too few tickets to compare; --format csv shows them.",
                rest,
                n=words.count(rest),
            )
        )
    return lines


def version_lines(comparisons: pl.DataFrame) -> list[str]:
    """One line per new version, and below it what changed, or why nothing is known of it."""
    if comparisons.is_empty():
        return [_("No workflow has a second version in this data.")]
    lines: list[str] = []
    for version in summary(comparisons).iter_rows(named=True):
        lines.append(
            _(
                "{version}: {verdict}, released on {day}.",
                version=text.release(version),
                verdict=_(text.VERDICTS[version["verdict"]]),
                day=words.day(version["released_on"]),
            )
        )
        rows = comparisons.filter(workflow=version["workflow"], version=version["version"])
        changed = [row for row in rows.to_dicts() if row["verdict"] in ("improved", "worse")]
        sentences = [text.change(row) for row in changed] or [text.nothing(rows)]
        lines += [f"  {sentence}" for sentence in sentences]
    return lines
