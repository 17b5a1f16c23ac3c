"""The ledger of loads, the rows rejected by rule, and everything the checks looked at."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, words
from dashboard.language.messages import say
from etl.health.finding import Finding, Severity
from etl.messages import rejection

SEVERITIES = {
    Severity.SUSPICIOUS: N_("suspicious"),
    Severity.LOOK: N_("check it"),
    Severity.OK: N_("fine"),
}


def load_table(loads: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per load, the newest first."""
    return Table(
        title=_("Every load"),
        frame=loads.with_columns(
            at=texts(words.instant(at, time_zone) for at in loads["loaded_at"]),
            file=texts(words.label(file) for file in loads["file"]),
            source=texts("" if source is None else words.label(source) for source in loads["source"]),
        ),
        columns={
            "at": Column(_("Loaded at"), width=150),
            "file": Column(_("File"), width=230),
            **({"source": Column(_("Source"), width=120)} if loads["source"].count() else {}),
            "read": Column(
                _("Rows read"), "count", _("Read = loaded + duplicates + rejected + skipped, always.")
            ),
            "loaded": Column(_("Loaded"), "count"),
            "duplicates": Column(_("Duplicates"), "count", _("Rows that were there already.")),
            "rejected": Column(_("Rejected"), "count", _("Kept aside with the rule they broke.")),
            "skipped": Column(_("Skipped"), "count", _("Rows that give no event by the mapping.")),
            "events": Column(_("Events"), "count", _("A mapping may make several events of a row.")),
            "conflicts": Column(_("Conflicts"), "count", _("Rows that contradict another of the same id.")),
        },
        alt=_("Every load of a file, the newest first, with its rows read, loaded, repeated and rejected"),
    )


def rejected_table(rejected: pl.DataFrame) -> Table:
    """One row per rule and file, the most frequent first."""
    return Table(
        title=_("Rejected rows by rule"),
        frame=rejected.with_columns(
            why=texts(words.label(say(rejection(rule)), 300) for rule in rejected["rule"]),
            file=texts(words.label(file) for file in rejected["file"]),
        ),
        columns={
            "rows": Column(_("Rows"), "count", width=80),
            "rule": Column(_("Rule"), width=210),
            "why": Column(_("What is wrong"), width=460),
            "file": Column(_("File"), width=230),
        },
        alt=_("How many rows were rejected, by rule and file"),
    )


def check_table(findings: Sequence[Finding]) -> Table:
    """One row per thing a check saw, the worst first."""
    rows = [
        {
            "check": say(finding.title),
            "severity": _(SEVERITIES[finding.severity]) if finding.is_known else _("not known"),
            "message": words.label(say(finding.message), 600),
            "file": "" if finding.source is None else words.label(finding.source),
        }
        for finding in findings
    ]
    columns = {
        "check": Column(_("Check"), width=170),
        "severity": Column(_("Verdict"), width=120),
        "message": Column(_("What was seen"), width=600),
        "file": Column(_("File"), width=200),
    }
    return Table(
        _("Everything that was checked"), pl.DataFrame(rows), columns, _("Every check with its verdict")
    )
