"""What became of a loaded file, in sentences: the same on the command line and on the page "Your data"."""

from __future__ import annotations

from pathlib import Path

from dashboard.language import _, words
from etl.store.load_report import FileReport


def outcome(file: FileReport) -> list[str]:
    """One sentence for each thing that a reader should know beside the counts; none where all is as usual."""
    name, sentences = Path(file.path).name, []
    for rule, n in file.reasons.items():
        rows = words.counted(n, "rejected row")
        sentences.append(_("{file}: {rows}, {rule}", file=name, rows=rows, rule=rule))
    if file.replaces:
        loads = ", ".join(map(str, file.replaces))
        sentences.append(_("{file}: replaces load {loads}", file=name, loads=loads))
    if file.skipped:
        rows = words.counted(file.skipped, "row")
        sentences.append(_("{file}: {rows} skipped, without an event by the mapping", file=name, rows=rows))
    if file.erased:
        rows = words.counted(file.erased, "row")
        sentences.append(
            _("{file}: {rows} not taken, of customers or tickets that were erased", file=name, rows=rows)
        )
    if file.rows_of_erased:
        rows = words.counted(file.rows_of_erased, "row")
        sentences.append(
            _(
                "{file}: {rows} of customers or tickets that were erased, taken for --allow-erased",
                file=name,
                rows=rows,
            )
        )
    if file.too_old:
        rows = words.counted(file.too_old, "row")
        sentences.append(
            _("{file}: {rows} not taken, of tickets older than keep_months keeps", file=name, rows=rows)
        )
    if file.conflicts:
        sentences.append(
            _(
                "{file}: {events} with other content than in another row; the later recorded_at counts, "
                "without it the content that was first loaded last",
                file=name,
                events=words.counted(file.conflicts, "event"),
            )
        )
    if file.ignored_columns:
        columns = ", ".join(file.ignored_columns)
        sentences.append(_("{file}: columns not used: {columns}", file=name, columns=columns))
    return sentences
