"""What stands in the columns of a table under guess: names in words, times, fill, what is no value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property

import polars as pl

from etl.contract.instants import read_instants
from etl.contract.names import BLANK
from etl.mapping.inspect.column_names import ATTRIBUTES, NULLS
from etl.mapping.inspect.names import words
from etl.mapping.inspect.time_texts import clock_format
from etl.mapping.inspect.times import TimeForm, guess_times
from etl.sources.table import OURS

PLACEHOLDERS = (
    *(
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01",
        "0001-01-01 00:00:00",
        "1900-01-01",
        "1900-01-01 00:00:00",
    ),
    *("1970-01-01", "1970-01-01 00:00:00", "9999-12-31", "9999-12-31 00:00:00", "9999-12-31 23:59:59", "0"),
)
"""What stands in a column of times where nothing has happened."""

_DAY_OR_HOUR = re.compile(r"\b(?:date|day|time|clock|hour|datum|tag|uhrzeit|zeit|heure|jour|fecha|hora)\b")
_SPAN = re.compile(
    r"\b(?:hrs|hours|min|minutes|duration|tracked|spent|response|resolution|handle|wait|elapsed)\b"
)
_CLOCK_LENGTH = len("09:00:00")
_MOST_TEXTS = 2_000
_LONGEST = 60
_SHORT_LIST, _MOST_PRIORITIES = 50, 30
_ALL_ALIKE = 5
_EXACT_WITHIN = 2**53


@dataclass(frozen=True)
class Profile:
    """A table under guess, without the readers' own columns. `rows`: cells that say nothing are null.

    `forms`: the columns of instants. `pairs`: those of them that are made of a date and a time of day.
    """

    raw: pl.DataFrame
    rows: pl.DataFrame
    names: dict[str, str]
    forms: dict[str, TimeForm]
    pairs: dict[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def heights(self) -> dict[str, int]:
        """How many cells of each column are filled."""
        return {name: self.rows.height - self.rows[name].null_count() for name in self.names}

    @cached_property
    def distinct(self) -> dict[str, int]:
        """How many different values each column has."""
        return {name: self.rows[name].drop_nulls().n_unique() for name in self.names}

    def fill(self, name: str) -> float:
        """The share of rows with a value."""
        return self.heights[name] / max(self.rows.height, 1)

    def texts(self, name: str) -> list[str]:
        """The values of a column as texts, the most frequent first."""
        counts = self.rows[name].drop_nulls().cast(pl.String).value_counts(sort=True)
        return [str(text) for text in counts[name].head(_MOST_TEXTS)]

    def empty_texts(self, name: str) -> list[str]:
        """The texts by which a column says that it has no value; the empty one first."""
        if self.raw[name].dtype != pl.String:
            return [""]
        marks = [*NULLS, *(PLACEHOLDERS if name in self.forms else ())]
        held = set(self.raw[name].drop_nulls().unique())
        return ["", *(mark for mark in marks if mark in held)]

    def unless(self, name: str) -> dict[str, list[str]]:
        """On which rows a column of times has none."""
        return {column: self.empty_texts(column) for column in self.pairs.get(name, (name,))}

    def has_clock(self, name: str) -> bool:
        """Whether a column of times tells more than days."""
        return bool((self.instants(name).dt.time() != time()).any())

    def instants(self, name: str) -> pl.Series:
        """A column of times as naive instants; of local ones the clock's."""
        frame = read_instants(pl.DataFrame({"raw": self.rows[name]}), self.forms[name].format)
        return frame.select(pl.coalesce(pl.col("zoned").dt.replace_time_zone(None), "local")).to_series()

    def attribute(self, ours: str, taken: set[str]) -> str | None:
        """The column that fits a column of the contract by name and content."""
        for pattern in ATTRIBUTES[ours]:
            for name, text in self.names.items():
                if name not in taken and pattern.match(text) and self._fits(ours, name):
                    return name
        return None

    def _fits(self, ours: str, name: str) -> bool:
        column, distinct = self.rows[name], self.distinct[name]
        if name in self.forms or not distinct or column.dtype == pl.Boolean:
            return False
        if column.dtype.is_nested() or column.dtype in {pl.Binary, pl.Duration, pl.Time}:
            return False
        if ours in {"run_id", "workflow", "version", "step"}:
            return self.heights[name] == self.rows.height
        if ours == "seq":
            return column.cast(pl.String).str.contains(r"^[0-9]{1,18}$").all()
        if column.dtype.is_float():
            return not (column.abs() > _EXACT_WITHIN).any()
        texts = self.texts(name)
        if column.dtype == pl.String and any(text.startswith(("{", "[")) for text in texts):
            return False  # nested JSON
        if ours in {"reason", "channel", "priority"}:
            is_short = sum(map(len, texts)) <= _LONGEST * len(texts)
            repeats = distinct <= max(_SHORT_LIST, self.heights[name] // 2)
            if ours == "reason" and self._says_nothing(name, texts):
                return False
            return is_short and repeats and (ours != "priority" or distinct <= _MOST_PRIORITIES)
        return True

    def _says_nothing(self, name: str, texts: list[str]) -> bool:
        """Whether a reason is one number or another, or a type that all of many rows have."""
        is_same = len(texts) == 1 and self.rows.height >= _ALL_ALIKE
        return (is_same and self.names[name].endswith("type")) or all(text.isdigit() for text in texts)


def profile(rows: pl.DataFrame) -> Profile:
    """The profile of the first rows of a table."""
    names = {name: words(name) for name in rows.columns if not name.startswith(OURS)}
    texts = [name for name in names if rows[name].dtype == pl.String]
    trimmed = {name: pl.col(name).str.strip_chars(BLANK) for name in texts}
    cleaned = rows.with_columns(
        pl.when(~text.is_in(["", *NULLS])).then(name).alias(name) for name, text in trimmed.items()
    )
    # A placeholder is told from an instant only where the others are instants.
    without = cleaned.with_columns(
        pl.when(~trimmed[name].is_in(list(PLACEHOLDERS))).then(name).alias(name) for name in texts
    )
    forms = guess_times(without, names)
    cleaned = cleaned.with_columns(without[name] for name in forms)
    return _with_pairs(Profile(rows, cleaned, names, forms))


def _with_pairs(table: Profile) -> Profile:
    """The table with a column of instants for each date whose time of day stands in another column."""
    clocks = {name: form for name in table.names if name not in table.forms and (form := _clock(table, name))}
    dates = [name for name in table.forms if clocks and not table.has_clock(name)]
    pairs: dict[str, tuple[str, str]] = {}
    for date in dates:
        core = _DAY_OR_HOUR.sub("", table.names[date]).strip()
        same = [name for name in clocks if _DAY_OR_HOUR.sub("", table.names[name]).strip() == core]
        if not same and not core:
            same = _earliest(table, [name for name in clocks if not _SPAN.search(table.names[name])])
        if same:
            pairs[f"{date} + {same[0]}"] = (date, same[0])
    if not pairs:
        return table
    rows = table.rows.with_columns(
        pl.concat_str(
            table.rows[date].cast(pl.String), table.rows[clock].cast(pl.String), separator=" "
        ).alias(name)
        for name, (date, clock) in pairs.items()
    )
    forms = guess_times(rows, pairs)
    pairs = {name: parts for name, parts in pairs.items() if name in forms}
    used = {date for date, _ in pairs.values()}
    other_forms = {name: form for name, form in table.forms.items() if name not in used}
    names = table.names | {name: f"{table.names[date]} time" for name, (date, _) in pairs.items()}
    return Profile(table.raw, rows, names, {**forms, **other_forms}, pairs)


def _clock(table: Profile, name: str) -> bool:
    """Whether a column holds times of day."""
    if table.rows[name].dtype == pl.Time:
        return True
    texts = table.texts(name) if table.rows[name].dtype == pl.String else []
    return bool(texts) and all(clock_format(text) for text in texts)


def _earliest(table: Profile, clocks: list[str]) -> list[str]:
    """The first of the times of day, if no other of its row lies before it; midnight is a placeholder."""
    for name in clocks:
        first = table.rows[name].cast(pl.String).str.zfill(_CLOCK_LENGTH)
        others = [table.rows[other].cast(pl.String).str.zfill(_CLOCK_LENGTH) for other in clocks]
        later = [((other >= first) | (other == "00:00:00")).drop_nulls() for other in others]
        if all(each.all() for each in later):
            return [name]
    return []
