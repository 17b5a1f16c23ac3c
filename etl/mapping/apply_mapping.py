"""What the rows of a table tell: a mapping applied, giving events that are not checked yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from etl.contract.events import COLUMNS, is_custom
from etl.contract.kinds import STEP_KINDS, Kind
from etl.errors import UnreadableFile
from etl.mapping.mapping import Mapping
from etl.sources.table import ORDINAL, POSITION

IDENTITY = ":identity"
"""What the columns of `[identity]` say of an event; null where there are none, or one of them is empty."""

_EXACT_WITHIN = 2**53

RUN_COLUMNS = ("run_id", "workflow", "version", "step")


@dataclass(frozen=True)
class Told:
    """The events that the rows of a table tell, unchecked.

    `events`: the contract's columns that the source knows, what else makes them one and the same (`IDENTITY`,
    `ORDINAL`), and `position`: the row's number times `width` plus the event's place among the events of its
    row. `unknown`: the numbers of rows whose activity the mapping does not know. `skipped`: how many rows
    tell no event by the mapping.
    """

    events: pl.DataFrame
    width: int
    unknown: pl.Series
    skipped: int = 0


def told(rows: pl.DataFrame, mapping: Mapping) -> Told:
    """What rows of a table tell, by the mapping; the table must have all columns the mapping names."""
    rows = rows.with_columns(
        pl.col(name).pipe(_plain) for name, kind in rows.schema.items() if kind.is_float()
    )
    columns = [name for name in rows.columns if name != POSITION]
    if not mapping.activity and not mapping.event:
        events = rows.select(
            pl.col(POSITION).alias("position"),
            *_identity(mapping, columns, None),
            *_contract_columns(mapping, columns),
        )
        return Told(events, 1, rows[POSITION].clear())
    emissions = list(_emissions(mapping))
    width = max(emission.place for emission in emissions) + 1
    events = pl.concat(
        [_told_by(emission, rows, mapping, width) for emission in emissions], how="diagonal_relaxed"
    )
    unknown = _unknown_activities(rows, mapping)
    heard = pl.concat([events["position"] // width, unknown.cast(pl.Int64)]).n_unique()
    return Told(events, width, unknown, rows.height - heard)


def require_exact_ids(rows: pl.DataFrame, mapping: Mapping, source: str) -> None:
    """Refuse a table whose ids are floating-point numbers too large to be told apart.

    Raises:
        UnreadableFile: one of its ids is beyond 2^53.
    """
    names = {theirs for ours, theirs in mapping.id_columns if theirs in rows.columns}
    for name in sorted(names):
        if rows[name].dtype.is_float() and (rows[name].abs() > _EXACT_WITHIN).any():
            raise UnreadableFile("file.rounded_ids", file=source, column=name)


def _plain(number: pl.Expr) -> pl.Expr:
    """A float as every other format writes it: ticket 1001 is not ticket 1001.0."""
    is_whole = (number.abs() <= _EXACT_WITHIN) & (number == number.floor())
    whole = pl.when(is_whole).then(number).cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(is_whole).then(whole).otherwise(number.cast(pl.String))


@dataclass(frozen=True)
class _Emission:
    """One way in which a row tells an event."""

    place: int
    kind: Kind
    condition: pl.Expr
    columns: dict[str, str] | None = None


def _emissions(mapping: Mapping) -> Iterator[_Emission]:
    places = max((len(kinds) for kinds in mapping.activities.values()), default=0)
    if mapping.activity:
        activity = pl.col(mapping.activity).cast(pl.String)
        others = ~activity.is_in([name for name in mapping.activities if name != "*"])
        for place in range(places):
            by_kind: dict[Kind, pl.Expr] = {}
            for name, kinds in mapping.activities.items():
                if place < len(kinds):
                    kind, is_it = kinds[place], others if name == "*" else activity == name
                    by_kind[kind] = by_kind[kind] | is_it if kind in by_kind else is_it
            for kind, condition in by_kind.items():
                yield _Emission(place, kind, condition)
    for place, event in enumerate(mapping.event, start=places):
        condition = pl.col(POSITION).is_not_null()  # every row; a literal does not filter a frame in chunks
        for column, texts in event.when.items():
            condition &= pl.col(column).cast(pl.String).is_in(texts)
        for column, texts in event.unless.items():
            condition &= ~pl.col(column).cast(pl.String).is_in(texts)
        yield _Emission(place, event.kind, condition, event.columns)


def _told_by(emission: _Emission, rows: pl.DataFrame, mapping: Mapping, width: int) -> pl.DataFrame:
    rows = rows.filter(emission.condition.fill_null(value=False))
    available = [name for name in rows.columns if name != POSITION]
    identity = list(_identity(mapping, available, emission.columns))
    if emission.columns is not None:
        columns = _recorded_at(mapping, available) | emission.columns
        available = []
        mapping = mapping.model_copy(update={"columns": columns, "constants": {}})
    events = rows.select(
        (pl.col(POSITION) * width + emission.place).alias("position"),
        *identity,
        *_contract_columns(mapping, available),
    ).with_columns(kind=pl.lit(emission.kind.value))
    if width > 1 and "event_id" in events.columns:
        # The source's id is the row's; the events that the row tells need one each.
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


def _contract_columns(mapping: Mapping, available: list[str]) -> Iterator[pl.Expr]:
    """A column that already has the contract's name needs no line in the mapping."""
    named = (*mapping.columns, *mapping.constants, *available)
    for name in (*COLUMNS, *sorted({name for name in named if is_custom(name)})):
        if name in mapping.constants:
            yield pl.lit(mapping.constants[name]).alias(name)
            continue
        column = mapping.columns.get(name, name if name in available else None)
        if column is None:
            continue
        value = pl.col(column)
        if mapping.null:
            text = value.cast(pl.String)
            value = pl.when(~text.is_in(mapping.null)).then(value)
        if mapping.file.decimal == "," and name in COLUMNS and COLUMNS[name].type == "number":
            value = _with_decimal_point(value.cast(pl.String))
        if words := mapping.values.get(name):
            text = value.cast(pl.String)
            value = text.replace(list(words), list(words.values()))
        yield value.alias(name)


def _with_decimal_point(text: pl.Expr) -> pl.Expr:
    """`1.234,5` as 1234.5; a point that parts no thousands stays, with a mark that makes it unreadable."""
    text = text.str.strip_chars()
    plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    is_grouped = text.str.contains(r"^[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?$")
    has_point = text.str.contains(".", literal=True)
    return pl.when(is_grouped | ~has_point).then(plain).otherwise(pl.lit("?") + text)


def _recorded_at(mapping: Mapping, available: list[str]) -> dict[str, str]:
    """When the row was recorded holds for every event that it tells, whatever columns that has of its own."""
    column = mapping.columns.get("recorded_at", "recorded_at" if "recorded_at" in available else None)
    return {"recorded_at": column} if column else {}


def _identity(mapping: Mapping, available: list[str], own: dict[str, str] | None) -> Iterator[pl.Expr]:
    """What makes an event one and the same beside the contract's columns.

    An event with columns of its own is told by every row that repeats them, so what tells rows apart counts
    for it only where it is among them.
    """
    if ORDINAL in available and own is None:
        yield pl.col(ORDINAL)
    names = mapping.identity.columns
    if names and (own is None or set(names) <= set(own.values())):
        parts = [pl.lit(f"{name}=") + pl.col(name).cast(pl.String).replace("", None) for name in names]
        parts += [pl.lit(f"at={own.get('occurred_at')}")] if own else []
        yield pl.concat_str(parts, separator="\x1f").alias(IDENTITY)


def _unknown_activities(rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    if not mapping.activity:
        return rows[POSITION].clear()
    activity = rows[mapping.activity].cast(pl.String)
    known = activity.is_not_null() if "*" in mapping.activities else activity.is_in(list(mapping.activities))
    return rows[POSITION].filter(~known.fill_null(value=False))
