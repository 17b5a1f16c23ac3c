"""The ledger of loads, the rows refused by rule, and everything the checks looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import words
from dashboard.language import N_, _
from dashboard.messages import say
from dashboard.sentences import seen
from dashboard.tables.table import Column, Table, texts
from etl.messages import rejection

SAID = {"suspicious": N_("suspicious"), "look": N_("look at it"), "ok": N_("fine")}


def load_table(loads: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per load, the newest first."""
    return Table(
        title=_("Every load"),
        frame=loads.with_columns(
            at=texts(words.instant(at, time_zone) for at in loads["loaded_at"]),
            file=texts(words.label(source) for source in loads["source"]),
        ),
        columns={
            "at": Column(_("Loaded at"), width=150),
            "file": Column(_("File"), width=230),
            "read": Column(_("Rows read"), "count", _("Read = loaded + duplicates + rejected, always.")),
            "loaded": Column(_("Loaded"), "count"),
            "duplicates": Column(_("Duplicates"), "count", _("Rows that were there already.")),
            "rejected": Column(_("Rejected"), "count", _("Kept aside with the rule they broke.")),
            "events": Column(_("Events"), "count", _("A mapping may tell several events from a row.")),
            "conflicts": Column(_("Conflicts"), "count", _("Rows that contradict another of the same id.")),
        },
        alt=_("Every load of a file, the newest first, with its rows read, loaded, repeated and rejected"),
    )


def refused_table(refused: pl.DataFrame) -> Table:
    """One row per rule and file, the most frequent first."""
    return Table(
        title=_("Rejected rows by rule"),
        frame=refused.with_columns(
            why=texts(words.label(say(rejection(rule)), 300) for rule in refused["rule"]),
            file=texts(words.label(source) for source in refused["source"]),
        ),
        columns={
            "rows": Column(_("Rows"), "count", width=80),
            "rule": Column(_("Rule"), width=210),
            "why": Column(_("What is wrong"), width=460),
            "file": Column(_("File"), width=230),
        },
        alt=_("How many rows were rejected, by rule and file"),
    )


def check_table(findings: Sequence[Mapping[str, Any]]) -> Table:
    """One row per thing a check saw, the worst first."""
    rows = [
        {
            "check": _(finding["check"].replace("_", " ")),
            "said": _(SAID[finding["severity"]]) if finding["is_known"] else _("cannot be told"),
            "file": "" if finding["source"] is None else words.label(finding["source"]),
            "seen": words.label(seen.said(finding["seen"]), 600),
        }
        for finding in findings
    ]
    columns = {
        "check": Column(_("Check"), width=170),
        "said": Column(_("Verdict"), width=120),
        "seen": Column(_("What was seen"), width=600),
        "file": Column(_("File"), width=200),
    }
    return Table(
        _("Everything that was checked"), pl.DataFrame(rows), columns, _("Every check with its verdict")
    )
