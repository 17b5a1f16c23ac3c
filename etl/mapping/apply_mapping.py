"""The events of a table's rows: a mapping applied, giving events that are not checked yet."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Members
from dataclasses import dataclass, field

import polars as pl

from etl.contract.events import COLUMNS, is_custom
from etl.contract.kinds import STEP_KINDS, Kind
from etl.contract.numbers import has_inexact_integers, texts_of
from etl.errors import UnreadableFile
from etl.mapping.column_values import instant_columns, text_of, value_of
from etl.mapping.effect import Effect, effect_of
from etl.mapping.fit import RUN_COLUMNS
from etl.mapping.mapping import NOTHING, OTHERS, Mapping, RowEvent, constants_of
from etl.mapping.value_from import ValueFrom, columns_of
from etl.sources.table import CHANGE, ORDINAL, PLACE, POSITION

IDENTITY = ":identity"
"""What the columns of `[identity]` say of an event; null where there are none, or one of them is empty."""

_INSTANTS = tuple(name for name, column in COLUMNS.items() if column.type == "instant")


@dataclass(frozen=True)
class MappedRows:
    """The events of a table's rows, unchecked.

    `events`: the contract's columns that the source knows, what else makes them one and the same (`IDENTITY`,
    `ORDINAL`), and `position`: the row's number times `width` plus the event's place among the events of its
    row. `unknown`: the numbers of rows whose activity the mapping does not list. `skipped`: how many rows
    give no event by the mapping. `effect`: which of its names the rows have.
    """

    events: pl.DataFrame
    width: int
    unknown: pl.Series
    skipped: int = 0
    effect: Effect = field(default_factory=Effect)


def apply_mapping(rows: pl.DataFrame, mapping: Mapping) -> MappedRows:
    """The events of rows by the mapping; the table must have all columns that the mapping names."""
    rows = rows.with_columns(texts_of(rows[name]) for name, kind in rows.schema.items() if kind.is_float())
    emissions = list(_emissions(rows, mapping))
    width = max((emission.place for emission in emissions), default=0) + 1
    read_here = {
        name for name in _INSTANTS for each in emissions if isinstance(each.columns.get(name), ValueFrom)
    }
    events = [_events_of(emission, rows, mapping, width, read_here) for emission in emissions]
    unlisted = _unlisted_activities(rows, mapping)
    nothing = rows.select(pl.col(POSITION).alias("position")).clear()
    mapped = pl.concat(events, how="diagonal_relaxed") if events else nothing
    with_event = pl.concat([mapped["position"] // width, unlisted.cast(pl.Int64)]).n_unique()
    sources = [emission.columns for emission in emissions]
    return MappedRows(mapped, width, unlisted, rows.height - with_event, effect_of(rows, mapping, sources))


def require_exact_ids(rows: pl.DataFrame, mapping: Mapping, file: str) -> None:
    """Refuse a table whose ids are floating-point numbers too large to be told apart.

    Raises:
        UnreadableFile: one of its ids is too large.
    """
    names = {theirs for ours, theirs in mapping.id_columns if theirs in rows.columns}
    for name in sorted(names):
        if has_inexact_integers(rows[name]):
            raise UnreadableFile("file.rounded_ids", file=file, column=name)


@dataclass(frozen=True)
class _Emission:
    """One way in which rows give an event.

    `kind`: None where a column says it. `rows`: true for those that do. `columns` and `constants`: what the
    event is made of. `is_own`: whether it has columns of its own, so that rows may repeat it.
    """

    place: int
    kind: Kind | None
    rows: pl.Series
    columns: Members[str, str | ValueFrom]
    constants: Members[str, str]
    is_own: bool = False


def _emissions(rows: pl.DataFrame, mapping: Mapping) -> Iterator[_Emission]:
    shared = _shared_columns(rows.columns, mapping)
    if not mapping.activity and not mapping.event:
        yield _Emission(0, None, _with_a_kind(rows, shared, mapping), shared, mapping.constants)
    places = max((len(kinds) for kinds in mapping.activities.values()), default=0) if mapping.activity else 0
    for place in range(places):
        for kind, is_it in _kinds_at(place, rows, mapping).items():
            yield _Emission(place, kind, is_it, shared, mapping.constants)
    for place, event in enumerate(mapping.event, start=places):
        own, constants = event.columns, constants_of(event, mapping)
        columns = {**(shared if own is None else _recorded_at(shared)), **(own or {})}
        columns = {name: value for name, value in columns.items() if name not in event.constants}
        yield _Emission(place, event.kind, _holds(event, rows, mapping), columns, constants, own is not None)


def _kinds_at(place: int, rows: pl.DataFrame, mapping: Mapping) -> dict[Kind, pl.Series]:
    """The kinds that stand at a place in the lists of activities, each with the rows that have it there."""
    activity = _conditional_text(rows, mapping.activity or "", mapping)
    listed = [_conditional(name, mapping) for name in mapping.activities if name != OTHERS]
    by_kind: dict[Kind, pl.Series] = {}
    for name, kinds in mapping.activities.items():
        if place < len(kinds):
            others = ~activity.is_in([*listed, ""])
            is_it = others if name == OTHERS else activity == _conditional(name, mapping)
            kind = kinds[place]
            by_kind[kind] = by_kind[kind] | is_it if kind in by_kind else is_it
    return by_kind


def _holds(event: RowEvent, rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """The rows that meet the conditions of an event.

    What has no place among its ticket's rows may meet them: it lacks a ticket or an instant, and is to be
    rejected for that, not left out. So it is where that is the instant of the event.
    """
    holds = pl.repeat(value=True, n=rows.height, eager=True)
    is_of_the_row = "occurred_at" not in (event.columns or {})
    for column, texts in event.when.items():
        has_one = _has_one_of(rows, column, texts, mapping)
        is_of_places = column == PLACE or column.startswith(CHANGE)
        holds &= has_one | rows[column].is_null() if is_of_places and is_of_the_row else has_one
    for column, texts in event.unless.items():
        holds &= ~_has_one_of(rows, column, texts, mapping)
    return holds


def _shared_columns(available: list[str], mapping: Mapping) -> dict[str, str | ValueFrom]:
    """What each row has; a column that already has the contract's name needs no line in the mapping."""
    columns = {name: name for name in available if name in COLUMNS or is_custom(name)} | {**mapping.columns}
    return {name: value for name, value in columns.items() if name not in mapping.constants}


def _recorded_at(shared: dict[str, str | ValueFrom]) -> dict[str, str | ValueFrom]:
    """When the row was recorded holds for every event that it gives, whatever columns that has of its own."""
    return {name: value for name, value in shared.items() if name == "recorded_at"}


def _with_a_kind(rows: pl.DataFrame, shared: dict[str, str | ValueFrom], mapping: Mapping) -> pl.Series:
    """The rows whose kind is not said to mean nothing."""
    every = pl.repeat(value=True, n=rows.height, eager=True)
    if "kind" not in shared or NOTHING not in mapping.values.get("kind", {}).values():
        return every
    return value_of("kind", shared["kind"], rows, mapping).ne_missing(NOTHING)


def _has_one_of(rows: pl.DataFrame, column: str, texts: list[str], mapping: Mapping) -> pl.Series:
    return _conditional_text(rows, column, mapping).is_in([_conditional(text, mapping) for text in texts])


def _conditional_text(rows: pl.DataFrame, column: str, mapping: Mapping) -> pl.Series:
    """What a cell is compared as; one that is not known is empty."""
    texts = text_of(rows[column])
    return texts.replace(mapping.null, [""] * len(mapping.null)) if mapping.null else texts


def _conditional(text: str, mapping: Mapping) -> str:
    return "" if text in mapping.null else text


def _events_of(
    emission: _Emission, rows: pl.DataFrame, mapping: Mapping, width: int, read_here: set[str]
) -> pl.DataFrame:
    rows = rows.filter(emission.rows)
    made: list[pl.Series | pl.Expr] = [(pl.col(POSITION) * width + emission.place).alias("position")]
    made += _identity(mapping, rows, emission)
    custom = {name for name in (*emission.constants, *emission.columns) if is_custom(name)}
    for name in (*COLUMNS, *sorted(custom)):
        if name in emission.constants:
            made.append(pl.lit(emission.constants[name]).alias(name))
        elif name in emission.columns and name in read_here:
            made += instant_columns(name, emission.columns[name], rows, mapping)
        elif name in emission.columns:
            made.append(value_of(name, emission.columns[name], rows, mapping))
    events = rows.select(made)
    if emission.kind is None:
        return events
    events = events.with_columns(kind=pl.lit(emission.kind.value))
    if width > 1 and "event_id" in events.columns:
        # The source's id is the row's; the events that the row gives need one each.
        events = events.with_columns(event_id=pl.concat_str("event_id", pl.lit(f":{emission.kind}")))
    if emission.kind in STEP_KINDS:
        return _as_step(events, mapping, rows)
    return events.drop(RUN_COLUMNS, strict=False)


def _as_step(events: pl.DataFrame, mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """An activity log without runs of its own is one run per ticket, each activity a step."""
    if "step" not in events.columns and mapping.activity:
        events = events.with_columns(rows[mapping.activity].cast(pl.String).alias("step"))
    if "run_id" not in events.columns:
        events = events.with_columns(run_id="ticket_id")
    return events


def _identity(mapping: Mapping, rows: pl.DataFrame, emission: _Emission) -> list[pl.Expr]:
    """What makes an event one and the same beside the contract's columns.

    An event with columns of its own is given by every row that repeats them, so what tells rows apart counts
    for it only where it is among them.
    """
    parts = [pl.col(ORDINAL)] if ORDINAL in rows.columns and not emission.is_own else []
    names = mapping.identity.columns
    own = {column for value in emission.columns.values() for column in columns_of(value)}
    if names and (not emission.is_own or set(names) <= own):
        texts = [pl.lit(f"{name}=") + pl.lit(text_of(rows[name]).replace("", None)) for name in names]
        if emission.is_own:
            texts.append(pl.lit(f"at={_as_text(emission.columns.get('occurred_at'))}"))
        parts.append(pl.concat_str(texts, separator="\x1f").alias(IDENTITY))
    return parts


def _as_text(value: str | ValueFrom | None) -> str | None:
    return value.model_dump_json(exclude_defaults=True) if isinstance(value, ValueFrom) else value


def _unlisted_activities(rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """The numbers of rows whose activity means nothing that the mapping says; an empty one is no other."""
    if not mapping.activity:
        return rows[POSITION].clear()
    activity = _conditional_text(rows, mapping.activity, mapping)
    listed = [_conditional(name, mapping) for name in mapping.activities if name != OTHERS]
    is_listed = activity.is_in(listed)
    if OTHERS in mapping.activities:
        is_listed |= activity != ""
    return rows[POSITION].filter(~is_listed)
