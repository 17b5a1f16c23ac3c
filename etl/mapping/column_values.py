"""The value of a column of the contract in each row: read, joined and moved as a mapping says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from etl.contract.events import type_of
from etl.contract.instants import LocalTime
from etl.contract.names import names_of
from etl.contract.time_formats import IN_UTC
from etl.contract.values import STATED_SUFFIX, problem_of, read_local_instants
from etl.mapping.mapping import OTHERS, Mapping
from etl.mapping.value_from import MICROSECONDS, LookupValue, ValueFrom, columns_of

_DURATION = r"^([+-]?)([0-9]{1,7}):([0-5]?[0-9])(?::([0-5]?[0-9](?:\.[0-9]{1,9})?))?$"
_LONGEST_DURATION = 10_000 * 365 * MICROSECONDS["days"]


def text_of(column: pl.Series) -> pl.Series:
    """The names in a column, as they are compared with those of a mapping; an empty cell is an empty text."""
    return names_of(column.cast(pl.String)).fill_null("")


def value_of(name: str, value: str | ValueFrom, rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """A column of the contract out of one or two of the source, not checked yet."""
    sources = [without_nulls(rows[column], mapping.null) for column in columns_of(value)]
    if isinstance(value, ValueFrom) and len(value.sources) > 1:
        return _join_texts(sources[: len(value.sources)], value.local_time(mapping.local_time)).alias(name)
    series = in_words(sources[0], value)
    if mapping.file.decimal == "," and type_of(name) == "number":
        series = with_decimal_point(series.cast(pl.String))
    if words := mapping.values.get(name):
        series = _translate(series, words)
    return series.alias(name)


def instant_columns(
    name: str, value: str | ValueFrom, rows: pl.DataFrame, mapping: Mapping
) -> Iterator[pl.Series]:
    """An instant where not all are written alike: value, problem, whether it has an offset."""
    form = value.local_time(mapping.local_time) if isinstance(value, ValueFrom) else mapping.local_time
    read = read_local_instants(value_of(name, value, rows, mapping), form)
    if isinstance(value, ValueFrom) and value.unit and (column := value.plus or value.minus):
        read = _shift(
            read,
            _durations(without_nulls(rows[column], mapping.null), value.unit, mapping),
            -1 if value.minus else 1,
        )
    yield read["value"].alias(name)
    yield read["problem"].alias(problem_of(name))
    yield read["stated"].alias(f"{name}{STATED_SUFFIX}")


def in_words(column: pl.Series, value: str | ValueFrom) -> pl.Series:
    """What a lookup had, in the words that stand with it in the mapping; every other column as it is."""
    if not isinstance(value, LookupValue) or not value.values:
        return column
    return column.replace(list(value.values), list(value.values.values()))


def without_nulls(column: pl.Series, null: Sequence[str]) -> pl.Series:
    """Without the texts that mean: not known."""
    if not null:
        return column
    frame = pl.DataFrame({"column": column, "is_null": text_of(column).is_in(null)})
    return frame.select(pl.when(~pl.col("is_null")).then("column")).to_series().alias(column.name)


def _translate(column: pl.Series, words: dict[str, str]) -> pl.Series:
    names = text_of(column)
    listed = [name for name in words if name != OTHERS]
    ours = [words[name] for name in listed]
    translated = names.replace_strict(listed, ours, default=None, return_dtype=pl.String)
    is_listed = names.is_in(listed)
    others = pl.Series([words[OTHERS]]) if OTHERS in words else column.cast(pl.String)
    frame = pl.DataFrame({"names": names, "translated": translated, "is_listed": is_listed})
    frame = frame.with_columns(others=others if len(others) != 1 else pl.lit(others[0], pl.String))
    is_empty = pl.col("names") == ""
    return frame.select(pl.when("is_listed").then("translated").when(~is_empty).then("others")).to_series()


def _join_texts(parts: list[pl.Series], form: LocalTime) -> pl.Series:
    """A date and a time of day as one text; without either it is not known."""
    texts = [_part(part, is_first=number == 0) for number, part in enumerate(parts)]
    frame = pl.DataFrame({str(number): text for number, text in enumerate(texts)})
    filled = [pl.when(pl.col(name) != "").then(name) for name in frame.columns]
    joined = frame.select(pl.concat_str(filled, separator=" ")).to_series()
    return joined if form.format else joined.str.replace(r"^(\S+) ([0-9]):", "${1} 0${2}:")


def _part(part: pl.Series, *, is_first: bool) -> pl.Series:
    """Typed dates and times as texts: of an instant at midnight, say, the part that its column is for."""
    if isinstance(part.dtype, pl.Datetime):
        return part.dt.strftime("%Y-%m-%d" if is_first else "%H:%M:%S%.6f")
    if part.dtype == pl.Date:
        return part.dt.strftime("%Y-%m-%d")
    if part.dtype == pl.Time:
        return part.dt.strftime("%H:%M:%S%.6f")
    return names_of(part.cast(pl.String))


def _durations(column: pl.Series, unit: str, mapping: Mapping) -> pl.DataFrame:
    """`micros`, null where there is none or it cannot be read, and `is_given`."""
    text = text_of(column)
    frame = pl.DataFrame({"text": text, "is_given": text != ""})
    if unit == "h:mm:ss":
        groups = text.str.extract_groups(_DURATION).struct.unnest()
        groups.columns = ["sign", "hours", "minutes", "seconds"]
        parts = groups.with_columns(
            pl.col("hours").cast(pl.Float64, strict=False),
            pl.col("minutes").cast(pl.Float64, strict=False),
            pl.col("seconds").cast(pl.Float64, strict=False).fill_null(0),
        )
        sign = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
        seconds = sign * (pl.col("hours") * 3600 + pl.col("minutes") * 60 + pl.col("seconds"))
        micros = parts.select(seconds * MICROSECONDS["seconds"]).to_series()
    else:
        plain = with_decimal_point(text) if mapping.file.decimal == "," else text
        micros = plain.str.strip_prefix("+").cast(pl.Float64, strict=False) * MICROSECONDS[unit]
    inside = pl.when(pl.col("micros").is_between(-_LONGEST_DURATION, _LONGEST_DURATION)).then("micros")
    return frame.with_columns(micros=micros).with_columns(micros=inside.round().cast(pl.Int64, strict=False))


def _shift(read: pl.DataFrame, durations: pl.DataFrame, sign: int) -> pl.DataFrame:
    """Instants that come a duration later, or earlier; without a duration they are not known."""
    frame = pl.concat([read, durations.select("micros", "is_given")], how="horizontal")
    moved = pl.col("value").cast(pl.Int64) + pl.col("micros") * sign
    is_wrong = pl.col("is_given") & pl.col("micros").is_null()
    problem = pl.when("is_given").then(pl.coalesce("problem", pl.when(is_wrong).then(pl.lit("unreadable"))))
    return frame.with_columns(value=moved.cast(pl.Datetime("us")).cast(IN_UTC), problem=problem)


def with_decimal_point(column: pl.Series) -> pl.Series:
    """`1.234,5` as 1234.5; a point that parts no thousands stays, with a mark that makes it unreadable."""
    text = pl.col("text").str.strip_chars()
    plain = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    is_grouped = text.str.contains(r"^[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?$")
    has_point = text.str.contains(".", literal=True)
    numbers = pl.when(is_grouped | ~has_point).then(plain).otherwise(pl.lit("?") + text)
    return column.alias("text").to_frame().select(numbers).to_series()
