"""A guess without the columns by which rows would be rejected: a mapping that is written loads."""

from __future__ import annotations

from collections.abc import Sequence

from etl.contract.events import COLUMNS
from etl.contract.kinds import Kind
from etl.mapping.mapping import Mapping, RowEvent

_NEEDED = frozenset({"event_id", "ticket_id", "occurred_at", "kind"})
_OF_RATINGS = frozenset({"score", "scale_max"})


def without(mapping: Mapping, column: str, names: Sequence[str]) -> Mapping | None:
    """The mapping that takes nothing for a column of the contract; None if no event can do without it.

    Args:
        mapping: the mapping that does.
        column: the contract's column.
        names: the columns of the file; one that has the contract's name would be taken unasked.
    """
    if column in _NEEDED or column not in COLUMNS:
        return None
    event = [_event_without(each, column) for each in mapping.event]
    constants = {name: value for name, value in mapping.constants.items() if name != column}
    values = {name: words for name, words in mapping.values.items() if name != column}
    if column in names and mapping.takes_columns:
        values[column] = {"*": ""}  # a text without content is no value
    changed = mapping.model_copy(
        update={
            "columns": {ours: theirs for ours, theirs in mapping.columns.items() if ours != column},
            "constants": constants,
            "values": values,
            "event": [each for each in event if not (column in _OF_RATINGS and each.kind == Kind.RATED)],
        }
    )
    return None if changed == mapping else changed


def _event_without(event: RowEvent, column: str) -> RowEvent:
    if not event.columns:
        return event
    columns = {ours: theirs for ours, theirs in event.columns.items() if ours != column}
    return event.model_copy(update={"columns": columns})
