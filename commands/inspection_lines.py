"""What is in a file and what a load would do with it, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dashboard.language import _, words
from dashboard.language.mapping_text import reasons
from dashboard.language.messages import say, text_of
from etl.mapping.inspect import Inspection, mapping_toml
from etl.mapping.inspect.column_summaries import plain
from etl.mapping.mapping import Mapping
from etl.messages import Message

_WIDEST = 34
_MOST_COLUMNS = 60


def inspection_lines(inspection: Inspection) -> list[str]:
    """Columns, mapping, assumptions, the events it would give and the rows it would reject."""
    return [text_of(part) for part in _parts(inspection)]


def _parts(inspection: Inspection) -> Iterator[str | Message]:
    size = {
        "file": plain(Path(inspection.path).name),
        "rows": inspection.looked_at,
        "columns": len(inspection.columns),
    }
    yield Message("look.file", size) if inspection.all_rows else Message("look.file_begin", size)
    yield ""
    yield from _aligned(
        (_("column"), _("type"), _("empty"), _("is"), _("examples")),
        [
            (
                plain(column.name),
                text_of(column.type),
                words.percent(100 * column.null_share),
                ", ".join(map(text_of, column.becomes)) or words.UNKNOWN,
                " | ".join(column.examples),
            )
            for column in inspection.columns[:_MOST_COLUMNS]
        ],
    )
    if len(inspection.columns) > _MOST_COLUMNS:
        yield Message("look.more_columns", {"n": len(inspection.columns) - _MOST_COLUMNS})
    if inspection.problem and inspection.is_guess:
        yield from _assumed(inspection)
        yield from ("", inspection.problem)
        return
    if inspection.is_guess and inspection.mapping == Mapping():
        yield from ("", Message("look.no_mapping_needed"))
    elif inspection.is_guess:
        yield from ("", Message("look.mapping"))
        lines = mapping_toml(inspection.mapping, reasons(inspection)).splitlines()
        yield from (f"    {line}" for line in lines)
    yield from _assumed(inspection)
    yield ""
    if inspection.problem:
        yield inspection.problem
        return
    yield from _outcome(inspection)


def _assumed(inspection: Inspection) -> Iterator[str | Message]:
    if inspection.assumed:
        yield from ("", Message("look.assumed"))
        yield from (f"  - {say(message)}" for message in inspection.assumed)


def _outcome(inspection: Inspection) -> Iterator[str | Message]:
    if inspection.first and inspection.last:
        yield Message(
            "look.events",
            {
                "events": sum(inspection.events.values()),
                "tickets": inspection.tickets,
                "first": inspection.first,
                "last": inspection.last,
            },
        )
        kinds = (Message("look.kind", {"kind": kind, "n": n}) for kind, n in inspection.events.items())
        yield f"  {', '.join(map(say, kinds))}"
        yield Message("look.first_events")
        yield from (f"  {_event(row)}" for row in inspection.preview)
    else:
        yield Message("look.no_events")
    yield ""
    if inspection.skipped:
        yield Message("look.skips", {"n": inspection.skipped})
    if not inspection.rejected:
        yield Message("look.rejects_none")
    for rejected in inspection.rejected:
        yield Message(
            "look.rejects",
            {"n": rejected.rows, "explanation": rejected.explanation, "rule": rejected.rule},
        )
        content = ", ".join(f"{plain(name)}={value}" for name, value in rejected.content.items())[:200]
        yield f"  {say(Message('look.row', {'row': rejected.position, 'content': content}))}"


def _event(row: dict[str, object]) -> str:
    return "  ".join(
        f"{name}={plain(value)}" for name, value in row.items() if name not in {"seq", "version"}
    )


def _aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    cut = [[cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…" for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header, *cut]) for i in range(len(header) - 1)]
    for row in [header, *cut]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  " + "  ".join([*cells, row[-1]]).rstrip()
