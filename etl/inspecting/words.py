"""What a look into a file found, in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.inspecting.inspection import Inspection, plain
from etl.inspecting.toml import mapping_toml
from etl.mapping import Mapping

_WIDEST = 34
_MOST_COLUMNS = 60


def in_words(found: Inspection) -> str:
    """Columns, mapping, assumptions, the events it would give and the rows it would reject."""
    return "\n".join(_parts(found))


def _parts(found: Inspection) -> Iterator[str]:
    of_them = "" if found.all_rows else "the first "
    size = f"{_number(found.looked_at, 'row')}, {_number(len(found.columns), 'column')}"
    yield f"{plain(Path(found.path).name)}: {of_them}{size}"
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
            for column in found.columns[:_MOST_COLUMNS]
        ],
    )
    if len(found.columns) > _MOST_COLUMNS:
        yield f"… and {len(found.columns) - _MOST_COLUMNS:,} more columns"
    if found.is_guess and found.mapping == Mapping():
        yield from ("", "It has the columns of the event contract: no mapping is needed.")
    elif found.is_guess:
        yield from ("", "A mapping to start from. No load uses it unless you write it to a file and name it:")
        yield from (f"    {line}" for line in mapping_toml(found.mapping, found.because).splitlines())
    if found.assumed:
        yield from ("", "Assumed, since the file does not say:")
        yield from (f"  - {text}" for text in found.assumed)
    yield ""
    if found.problem:
        yield found.problem
        return
    yield from _outcome(found)


def _outcome(found: Inspection) -> Iterator[str]:
    if found.first and found.last:
        span = f"from {found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC"
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in found.events.items())
        events, tickets = _number(sum(found.events.values()), "event"), _number(found.tickets, "ticket")
        yield f"It would give {events} of {tickets}, {span}:"
        yield f"  {kinds}"
        yield "The first rows tell:"
        yield from (f"  {_event(row)}" for row in found.preview)
    else:
        yield "It would give no events."
    yield ""
    if not found.rejected:
        yield "No row would be rejected."
    for refusal in found.rejected:
        yield f"{_number(refusal.rows, 'row')} would be rejected: {refusal.explanation} ({refusal.rule})."
        content = ", ".join(f"{plain(name)}={value}" for name, value in refusal.content.items())
        yield f"  as row {refusal.position:,}: {content[:200]}"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


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
