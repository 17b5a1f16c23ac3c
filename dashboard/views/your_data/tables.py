"""A file before it is loaded: its columns, the events it would give, the rows it would lose and why."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words
from dashboard.language.messages import say, text_of
from etl.mapping.inspect import Inspection
from etl.messages import rejection
from etl.store.load_report import LoadReport

PREVIEW_COLUMNS = (
    "occurred_at",
    "ticket_id",
    "kind",
    "actor",
    "agent_id",
    "team",
    "channel",
    "reason",
    "workflow",
)
STEP_SAMPLE = ("version", "step", "value", "score")


def column_table(inspection: Inspection) -> Table:
    """One row per column of the file, in its order."""
    return Table(
        title=_("The columns of the file"),
        frame=pl.DataFrame(
            {
                "name": texts(words.label(column.name) for column in inspection.columns),
                "becomes": texts(
                    ", ".join(map(text_of, column.becomes)) or words.UNKNOWN for column in inspection.columns
                ),
                "type": texts(text_of(column.type) for column in inspection.columns),
                "empty": pl.Series([column.null_share for column in inspection.columns], dtype=pl.Float64),
                "examples": texts(
                    words.label(" | ".join(column.examples), 120) for column in inspection.columns
                ),
            }
        ),
        columns={
            "name": Column(_("Column"), pinned=True, width=190),
            "becomes": Column(_("Is taken for"), width=190),
            "type": Column(_("Type"), width=110),
            "empty": Column(_("Empty"), "share", _("Share of the rows looked at that have no value.")),
            "examples": Column(_("Examples"), width=420),
        },
        alt=_("Every column of the file with what it is taken for and some of its values"),
    )


def preview_table(inspection: Inspection) -> Table:
    """The first events that a load would make, in the order of the file."""
    rows = inspection.preview
    names = [name for name in (*PREVIEW_COLUMNS, *STEP_SAMPLE) if any(name in row for row in rows)]
    return Table(
        title=_("The first events it would give"),
        frame=pl.DataFrame(
            {name: texts(words.label(row[name]) if name in row else "" for row in rows) for name in names}
        ),
        columns={name: Column(name, width=150) for name in names},
        alt=_("The first events that the file would give"),
    )


def rejected_rows_table(rejected: pl.DataFrame) -> Table:
    """One row per rule that rows break, the most frequent first, each with the first such row."""
    return Table(
        title=_("Rows that would be rejected, by reason"),
        frame=rejected.select(
            "rows",
            "rule",
            why=texts(words.label(say(rejection(rule)), 300) for rule in rejected["rule"]),
            row="position",
            content=texts(words.label(text, 300) for text in rejected["content"]),
        ),
        columns={
            "rows": Column(_("Rows"), "count", width=80),
            "rule": Column(_("Rule"), width=190),
            "why": Column(_("What is wrong"), width=330),
            "row": Column(_("First in row"), "count", width=100),
            "content": Column(_("That row"), width=480),
        },
        alt=_("How many rows would be rejected by which rule, with the first of each"),
    )


def report_table(report: LoadReport) -> Table:
    """What became of the rows."""
    return Table(
        title=_("What became of the rows"),
        frame=pl.DataFrame(
            [
                {
                    "file": words.label(file.path.rsplit("/", 1)[-1]),
                    "read": file.read,
                    "loaded": file.loaded,
                    "duplicates": file.duplicates,
                    "rejected": file.rejected,
                    "skipped": file.skipped,
                }
                for file in report.files
            ]
        ),
        columns={
            "file": Column(_("File"), width=230),
            "read": Column(
                _("Rows read"), "count", _("Read = loaded + duplicates + rejected + skipped, always.")
            ),
            "loaded": Column(_("Loaded"), "count"),
            "duplicates": Column(_("Duplicates"), "count", _("Rows that were there already.")),
            "rejected": Column(_("Rejected"), "count", _("Kept aside with the rule they broke.")),
            "skipped": Column(_("Skipped"), "count", _("Rows that give no event by the mapping.")),
        },
        alt=_("How many rows were read, loaded, there already and rejected"),
    )
