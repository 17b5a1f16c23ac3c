"""The sentences the page of data health opens with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from dashboard.language import _, ngettext, words
from etl.health.finding import Finding, Severity


def freshness(loads: pl.DataFrame, newest: datetime | None, time_zone: str) -> str:
    """How far the data reaches, when it was loaded last, and how much of it was kept."""
    if loads.is_empty():
        return _("No file has been loaded yet.")
    read, rejected = sum(loads["read"]), sum(loads["rejected"])
    reaches = _(
        "The newest event is of {newest}, the last load of {loaded} ({time_zone}).",
        newest=words.instant(newest, time_zone),
        loaded=words.instant(loads["loaded_at"][0], time_zone),
        time_zone=time_zone,
    )
    rows = words.counted(read, "row")
    if not rejected:
        return f"{reaches} {_('Of {rows} read, none rejected.', rows=rows)}"
    refused = ngettext(
        "Of {rows} read, {n} was rejected ({share}).",
        "Of {rows} read, {n} were rejected ({share}).",
        rejected,
        rows=rows,
        n=words.count(rejected),
        share=words.share(rejected / read),
    )
    return f"{reaches} {refused}"


def opening(findings: Sequence[Finding]) -> str:
    """How many checks found something."""
    if not findings:
        return _("The data has not been examined yet. The next load does it, or: stepsight refresh")
    bad = [finding for finding in findings if finding.severity != Severity.OK]
    of_bad = {finding.check for finding in bad}
    unknown = {finding.check for finding in findings if not finding.is_known} - of_bad
    fine = words.counted(len({finding.check for finding in findings} - of_bad - unknown), "check")
    sentences = [_of_checks(bad, fine)]
    if unknown:
        sentences.append(_("{checks} had too little to check.", checks=words.counted(len(unknown), "check")))
    return " ".join(sentences)


def _of_checks(bad: Sequence[Finding], fine: str) -> str:
    if not bad:
        return _("Nothing suspicious in {checks}.", checks=fine)
    worst = sum(finding.severity == Severity.SUSPICIOUS for finding in bad)
    look = words.counted(len(bad) - worst, "finding")
    if not worst:
        return _("Please check {findings}. {checks} found nothing.", findings=look, checks=fine)
    return _(
        "Clear up {worst} before you trust the numbers, and check {findings}. {checks} found nothing.",
        worst=words.counted(worst, "finding"),
        findings=look,
        checks=fine,
    )
