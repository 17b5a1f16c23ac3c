"""Columns of Arrow's types as columns that events can be made of.

Lists, records, bytes, spans of time and the like cannot be a value of an event. They stay in the table as
text, since they are part of a row's identity, and a mapping that uses one is refused with its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from etl.errors import UnreadableFile
from etl.sources.zip_files import opening_error

_OF_NO_USE = (
    ("column.lists", (kinds.is_list, kinds.is_large_list, kinds.is_fixed_size_list, kinds.is_list_view)),
    ("column.lists", (kinds.is_large_list_view,)),
    ("column.records", (kinds.is_struct, kinds.is_map, kinds.is_union)),
    (
        "column.bytes",
        (kinds.is_binary, kinds.is_large_binary, kinds.is_fixed_size_binary, kinds.is_binary_view),
    ),
    ("column.durations", (kinds.is_duration, kinds.is_interval)),
)
_DAMAGED = (
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
)
"""What they fail with on damaged content."""

_FIRST_DAY = date.min.toordinal() - date(1970, 1, 1).toordinal() + 1
_LAST_DAY = date.max.toordinal() - date(1970, 1, 1).toordinal()


def of_no_use(schema: pa.Schema, names: Sequence[str]) -> dict[str, str]:
    """The columns that no event can be made of, and the code of what they hold."""
    held = {name: _held(field.type) for name, field in zip(names, schema, strict=True)}
    return {name: what for name, what in held.items() if what}


def frame_of(batch: pa.RecordBatch, names: Sequence[str]) -> pl.DataFrame:
    """The rows of a batch under these names; what no event can be made of as text."""
    return pl.DataFrame(
        [_column(column).alias(name) for name, column in zip(names, batch.columns, strict=True)]
    )


@contextmanager
def unreadable_if_damaged(path: Path, kind: str) -> Iterator[None]:
    """Say of a file what Arrow or Polars fail with on damaged content.

    Raises:
        UnreadableFile: it is not there, or damaged.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise opening_error(path, error) from error
    except _DAMAGED as error:
        raise UnreadableFile("file.damaged", file=path.name, kind=kind, detail=str(error)) from error


def _held(kind: pa.DataType) -> str | None:
    if kinds.is_dictionary(kind) or kinds.is_run_end_encoded(kind):
        return _held(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return _held(kind.storage_type)
    return next((what for what, tests in _OF_NO_USE if any(test(kind) for test in tests)), None)


def _column(column: pa.Array) -> pl.Series:
    if kinds.is_dictionary(column.type):
        column = column.dictionary_decode()
    if kinds.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    kind = column.type
    if _held(kind) is None:
        if kinds.is_decimal(kind):
            column = column.cast(pa.string())
        elif kinds.is_float16(kind):
            column = column.cast(pa.float32())
        elif kinds.is_timestamp(kind) or kinds.is_date(kind):
            column = _within_the_calendar(column)
        series = pl.Series(column)
        return series if not kinds.is_decimal(kind) else _without_idle_zeros(series)
    if kinds.is_duration(kind):
        number = pl.Series(column.cast(pa.int64()))
        return number.to_frame("n").select(pl.format("{}" + kind.unit, "n")).to_series()
    return pl.Series([_text(scalar) for scalar in column], dtype=pl.String)


def _within_the_calendar(column: pa.Array) -> pa.Array:
    """Instants as they are; as texts where one of them lies outside the years 1 to 9999."""
    kind = column.type
    if kinds.is_date(kind):
        per_day = 86_400_000 if kinds.is_date64(kind) else 1
        number = column.cast(pa.int64() if kinds.is_date64(kind) else pa.int32())
    else:
        per_day = 86_400 * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        number = column.cast(pa.int64())
        column = column.cast(pa.timestamp(kind.unit, "UTC")) if kind.tz else column
    ends = pc.min_max(number)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    if low is None or (low >= _FIRST_DAY * per_day and high < _LAST_DAY * per_day):
        return column
    return column.cast(pa.string())


def _without_idle_zeros(decimals: pl.Series) -> pl.Series:
    """Ticket 1001 is not ticket 1001.00."""
    return decimals.str.replace(r"(\.[0-9]*?)0+$", "${1}").str.strip_suffix(".")


def _text(scalar: pa.Scalar) -> str | None:
    if not scalar.is_valid:
        return None
    with suppress(ValueError, OverflowError, pa.ArrowException):  # an instant that Python has no word for
        value = scalar.as_py()
        return value.hex() if isinstance(value, bytes) else json.dumps(value, default=_json_default)
    return str(pa.array([scalar]))


def _json_default(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
