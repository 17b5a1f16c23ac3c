"""The columns of a file that is looked at: what stands in them, and what they become."""

from __future__ import annotations

import polars as pl
from pydantic import BaseModel, Field

from etl.contract.events import COLUMNS, is_custom
from etl.mapping.fit import used_columns
from etl.mapping.mapping import Mapping
from etl.mapping.value_from import columns_of
from etl.messages import Message
from etl.sources.table import OURS

_EXAMPLES = 3
_LONGEST = 60


class ColumnSummary(BaseModel):
    """One column: its type, the share of rows without a value, some of its values, and what it may be."""

    name: str
    type: str | Message
    null_share: float
    examples: list[str]
    becomes: list[str | Message] = Field(default_factory=list)


def column_summaries(rows: pl.DataFrame, mapping: Mapping) -> list[ColumnSummary]:
    """Each column of the file, in its order."""
    becomes: dict[str, list[str | Message]] = {}
    for ours, value in mapping.columns.items():
        for theirs in columns_of(value):
            becomes.setdefault(theirs, []).append(ours)
    if mapping.activity:
        becomes.setdefault(mapping.activity, []).append("activity")
    for event in mapping.event:
        for ours, value in (event.columns or {}).items():
            is_time = ours == "occurred_at"
            name = Message("look.time_of", {"kind": event.kind.value}) if is_time else ours
            for theirs in columns_of(value):
                if name not in (names := becomes.setdefault(theirs, [])):
                    names.append(name)
    used = used_columns(mapping, rows.columns)
    return [
        ColumnSummary(
            name=name,
            type=_type(rows[name].dtype),
            null_share=rows[name].null_count() / max(rows.height, 1),
            examples=[
                plain(value) for value in rows[name].drop_nulls().unique(maintain_order=True)[:_EXAMPLES]
            ],
            becomes=becomes.get(name, [name] if name in used and _is_ours(name) else []),
        )
        for name in rows.columns
        if not name.startswith(OURS) or name in becomes
    ]


def _is_ours(name: str) -> bool:
    return name in COLUMNS or is_custom(name)


def _type(dtype: pl.DataType) -> str | Message:
    if dtype == pl.String:
        return Message("look.text")
    if isinstance(dtype, pl.Datetime):
        zone = dtype.time_zone
        return Message("look.instant", {"zone": zone}) if zone else Message("look.local_time")
    return Message("look.number") if dtype.is_numeric() else str(dtype).lower()


def readable(text: str) -> str:
    """A text whose signs that cannot be seen are written out by their code."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def plain(value: object) -> str:
    """A value on one line of a terminal: cut short, without what moves the cursor or turns the text."""
    text = readable(str(value)[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
