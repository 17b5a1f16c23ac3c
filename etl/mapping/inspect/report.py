"""What is in a file and what a load would do with it, in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.mapping.inspect.inspection import Inspection, plain
from etl.mapping.inspect.toml import Say, mapping_toml
from etl.mapping.mapping import Mapping
from etl.messages import Message, rejection

_WIDEST = 34
_MOST_COLUMNS = 60


def in_words(inspection: Inspection, say: Say = str) -> str:
    """Columns, mapping, assumptions, the events it would give and the rows it would reject."""
    return "\n".join(part if isinstance(part, str) else say(part) for part in _parts(inspection, say))


def _parts(inspection: Inspection, say: Say) -> Iterator[str | Message]:
    size = {
        "file": plain(Path(inspection.path).name),
        "rows": inspection.looked_at,
        "columns": len(inspection.columns),
    }
    yield Message("look.file", size) if inspection.all_rows else Message("look.file_begin", size)
    yield ""
    yield from _aligned(
        ("column", "type", "empty", "is", "examples"),
        [
            (
                plain(column.name),
                column.type,
                f"{column.null_share:.0%}",
                ", ".join(column.becomes) or "–",
                " | ".join(column.examples),
            )
            for column in inspection.columns[:_MOST_COLUMNS]
        ],
    )
    if len(inspection.columns) > _MOST_COLUMNS:
        yield Message("look.more_columns", {"n": len(inspection.columns) - _MOST_COLUMNS})
    if inspection.is_guess and inspection.mapping == Mapping():
        yield from ("", Message("look.no_mapping_needed"))
    elif inspection.is_guess:
        yield from ("", Message("look.mapping"))
        lines = mapping_toml(inspection.mapping, inspection.because, say=say).splitlines()
        yield from (f"    {line}" for line in lines)
    if inspection.assumed:
        yield from ("", Message("look.assumed"))
        yield from (f"  - {say(message)}" for message in inspection.assumed)
    yield ""
    if inspection.problem:
        yield inspection.problem
        return
    yield from _outcome(inspection, say)


def _outcome(inspection: Inspection, say: Say) -> Iterator[str | Message]:
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
    if not inspection.rejected:
        yield Message("look.rejects_none")
    for rejected in inspection.rejected:
        yield Message(
            "look.rejects",
            {"n": rejected.rows, "explanation": rejection(rejected.rule), "rule": rejected.rule},
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
