"""Whether a table and a mapping fit: columns that are missing, of no use, or that no event takes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from etl.contract.events import COLUMNS, is_custom
from etl.contract.kinds import STEP_KINDS
from etl.errors import MissingColumns
from etl.mapping.mapping import Mapping, RowEvent, constants_of
from etl.mapping.places import order_columns
from etl.mapping.statements import toml_key
from etl.mapping.value_from import ValueFrom, columns_of
from etl.messages import Message, some_names
from etl.sources.json_members import NESTED
from etl.sources.table import OURS, PLACE, Table

RUN_COLUMNS = ("run_id", "workflow", "version", "step")
"""What only events of a run have."""


def used_columns(mapping: Mapping, columns: list[str]) -> set[str]:
    """Those columns of a table that decide anything."""
    idle = idle_keys(mapping)
    own = [value for event in mapping.event for value in taken_columns(event).values()]
    values = [value for name, value in mapping.columns.items() if f"columns.{toml_key(name)}" not in idle]
    if mapping.takes_columns:
        own += [
            name
            for name in columns
            if (name in COLUMNS or is_custom(name)) and name not in {**mapping.columns, **mapping.constants}
        ]
    elif "recorded_at" in columns and "recorded_at" not in mapping.columns:
        own.append("recorded_at")
    used = {column for value in (*values, *own) for column in columns_of(value)}
    used |= {*mapping.change_columns.values()}
    return used | mapping.condition_columns | {*mapping.identity.columns}


def ignored_columns(table: Table, mapping: Mapping) -> list[str]:
    """The columns of a file that decide nothing; those that a reader adds are none of it."""
    used = used_columns(mapping, table.columns)
    return [name for name in table.columns if name not in used and not name.startswith(OURS)]


def taken_columns(event: RowEvent) -> dict[str, str | ValueFrom]:
    """Those of an event's own columns that an event of its kind has."""
    columns = event.columns or {}
    has_run = event.kind in STEP_KINDS
    return {name: value for name, value in columns.items() if has_run or name not in RUN_COLUMNS}


def idle_keys(mapping: Mapping) -> list[str]:
    """The keys under `columns` and `constants` that no event takes."""
    return [*_idle_columns(mapping), *_idle_constants(mapping), *_idle_columns_of_events(mapping)]


def _idle_columns(mapping: Mapping) -> Iterator[str]:
    sets = [taken_columns(event) for event in mapping.event]
    used = {column for columns in sets for value in columns.values() for column in columns_of(value)}
    for name, value in mapping.columns.items():
        is_taken = (mapping.takes_columns or name == "recorded_at") and name not in mapping.constants
        if name == "kind" and (mapping.activity or mapping.event):
            is_taken = False
        if name in RUN_COLUMNS and not _has_steps(mapping):
            is_taken = False
        if not is_taken and not {*columns_of(value)} <= used:
            yield f"columns.{toml_key(name)}"


def _has_steps(mapping: Mapping) -> bool:
    """Whether an event that is made of the row's columns may be one of a run."""
    kinds = {kind for activity in mapping.activities.values() for kind in activity}
    kinds |= {event.kind for event in mapping.event if event.columns is None}
    return not kinds.isdisjoint(STEP_KINDS) or not (mapping.activity or mapping.event)


def _idle_columns_of_events(mapping: Mapping) -> Iterator[str]:
    for number, event in enumerate(mapping.event, start=1):
        columns = event.columns or {}
        for name in RUN_COLUMNS:
            if name in columns and name not in taken_columns(event):
                yield f"event {number}.columns.{name}"


def _idle_constants(mapping: Mapping) -> Iterator[str]:
    for name in mapping.constants if not mapping.takes_columns else ():
        if not any(name in constants_of(event, mapping) for event in mapping.event):
            yield f"constants.{toml_key(name)}"


def require_columns(columns: list[str], mapping: Mapping, file: str) -> None:
    """Refuse a table that lacks columns.

    Raises:
        MissingColumns: it lacks columns that the mapping names, or that every event needs.
    """
    needed = set[str]()
    for name in ("ticket_id", "occurred_at", "kind") if mapping.takes_columns else ():
        is_given = name in mapping.constants or (name == "kind" and (mapping.activity or mapping.event))
        if not is_given:
            needed.update(columns_of(mapping.columns.get(name, name)))
    if mapping.change_columns or (PLACE in mapping.condition_columns and PLACE not in columns):
        needed |= order_columns(mapping)  # whatever the events of the rows are made of
    missing = sorted((needed | mapping.source_columns | {*mapping.file.each}) - {*columns, PLACE})
    if not missing:
        return
    hint = Message("file.name_columns")
    (only, *others) = columns or [""]
    if not others and (other := next((mark for mark in ";\t|," if mark in only), None)):
        hint = Message("file.name_delimiter", {"delimiter": other, "toml": json.dumps(other)})
    raise MissingColumns(
        "file.missing_columns", file=file, missing=missing, columns=some_names(columns), hint=hint
    )


def require_values(table: Table, mapping: Mapping, file: str) -> None:
    """Refuse a table of which a column is used that no event can be made of.

    Raises:
        MissingColumns: a column that the mapping names, or that has a name of the contract, holds lists, say.
    """
    require_single_values(mapping.source_columns | used_columns(mapping, list(table.of_no_use)), table, file)


def require_single_values(columns: Collection[str], table: Table, file: str) -> None:
    """Refuse a table of which one of these columns holds no single values.

    Raises:
        MissingColumns: it holds lists, say.
    """
    for column, held in table.of_no_use.items():
        if column in columns:
            code = "file.nested_column" if held in NESTED else "file.column_of_no_use"
            raise MissingColumns(code, file=file, column=column, held=Message(held))


def zone_remarks(mapping: Mapping, file: str, stated: int, local: int) -> list[Message]:
    """That the declared zone changes nothing, where every instant of a file states its offset."""
    if not mapping.time.zone or not stated or local:
        return []
    return [Message("mapping.zone_unused", {"file": file, "zone": mapping.time.zone})]


def header_remarks(mapping: Mapping, columns: list[str], file: str) -> list[Message]:
    """Which of several columns with one name in the header is meant, where a used one stands there again."""
    used = used_columns(mapping, columns)
    repeats = {name: f"{name}_duplicated_0" for name in columns if name in used}
    return [
        Message("file.repeated_header", {"file": file, "column": name, "second": second})
        for name, second in repeats.items()
        if second in columns and second not in used
    ]
