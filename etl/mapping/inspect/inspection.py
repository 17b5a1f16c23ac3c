"""What is in a file, and what would become of it: a look before a load, which changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from pydantic import BaseModel, Field

from etl.contract.events import COLUMNS, is_custom
from etl.contract.gate import check
from etl.contract.instants import Bounds
from etl.contract.sources import with_ids_of
from etl.errors import MissingColumns, UnreadableFile
from etl.mapping.apply_mapping import apply_mapping, require_exact_ids
from etl.mapping.effect import effect_remarks, look_alike_remarks, without_effect
from etl.mapping.fit import header_remarks, require_columns, require_values, zone_remarks
from etl.mapping.identity import define_identity, fill_ids, with_own_ids
from etl.mapping.inspect.column_summaries import ColumnSummary, column_summaries, plain
from etl.mapping.inspect.form import guess_decimal, guess_form
from etl.mapping.inspect.guess import guess
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.repair import without
from etl.mapping.mapping import Mapping
from etl.mapping.open_table import open_table
from etl.mapping.places import with_places
from etl.mapping.value_from import columns_of
from etl.messages import Message, rejection
from etl.sources import FileForm, Table, files, read
from etl.sources.json_members import member_names, with_members
from etl.sources.table import POSITION, whole_table

NO_GUESS = frozenset(
    {"guess.no_ticket", "guess.no_times", "guess.no_meaning", "guess.no_author", "guess.lookup"}
)
"""Why no mapping could be guessed."""

_OF_FORM = frozenset({"guess.delimiter", "guess.utf16", "guess.not_utf8"})
_OFTEN = 0.02
_PREVIEW = 5
_ANY_SALT = "look"
"""A look keeps nothing, so any key tells its events apart."""
_MOST_NAMES = 10


class RejectedRows(BaseModel):
    """Rows that would be rejected by one rule, and one of them."""

    rule: str
    explanation: Message
    rows: int
    position: int
    content: dict[str, Any]


class Inspection(BaseModel):
    """What a look at one file found.

    `mapping`: the one given, or a guess (`is_guess`), which no load applies unless it is written to a file
    and named. `looked_at`: rows seen; not `all_rows` where the file is longer. `problem`: why it gives none;
    there is then no guess. `skipped`: rows that give no event by the mapping.
    """

    path: str
    looked_at: int
    all_rows: bool
    columns: list[ColumnSummary]
    is_guess: bool
    mapping: Mapping
    because: dict[str, Message]
    assumed: list[Message]
    problem: Message | None = None
    first: datetime | None = None
    last: datetime | None = None
    tickets: int = 0
    events: dict[str, int] = Field(default_factory=dict)
    rejected: list[RejectedRows] = Field(default_factory=list)
    skipped: int = 0
    preview: list[dict[str, Any]] = Field(default_factory=list)


def inspect(path: Path, mapping: Mapping | None = None, *, bounds: Bounds | None = None) -> Inspection:
    """Look at a file, with a mapping or with a guessed one; without `bounds` no instant is too early or late.

    Raises:
        UnreadableFile: the file as a whole cannot be read, or a folder or pattern stands for several.
    """
    path = _one_file(path)
    if mapping:
        opened = open_table(path, mapping)
        rows, is_all = _first_rows(opened.table)
        inspection = _look(_Begin(path, opened.table, rows, is_all), MappingGuess(opened.mapping), bounds)
        return inspection.model_copy(update={"mapping": mapping})
    file, assumed = guess_form(path)
    table = read(path, FileForm(file.delimiter, file.encoding))
    rows, is_all = _first_rows(table)
    if members := member_names(rows):
        table = with_members(table, members)
        rows, is_all = _first_rows(table)
    begin = _Begin(path, table, rows, is_all)
    mapping_guess = guess(rows, file, path.name)
    taken = [mapping_guess.mapping.columns, *(event.columns or {} for event in mapping_guess.mapping.event)]
    scores = [value for each in taken for ours, value in each.items() if ours in ("score", "scale_max")]
    numbers = [name for value in scores for name in columns_of(value)]
    if guess_decimal(rows, numbers):
        file = file.model_copy(update={"decimal": ","})
        assumed.append(Message("guess.decimal_comma"))
    used = mapping_guess.mapping.model_copy(update={"file": file})
    return _repair(
        begin, MappingGuess(used, mapping_guess.because, [*assumed, *mapping_guess.assumed]), bounds
    )


def _one_file(path: Path) -> Path:
    """The file itself, or the only one of a folder or pattern; a .zip says itself what is in it."""
    if path.suffix.lower() == ".zip" and not path.is_dir():
        return path
    inside = files([path])
    if len(inside) > 1:
        names = [file.name if path.is_dir() else str(file) for file in inside[:_MOST_NAMES]]
        more = ["…"] if len(inside) > _MOST_NAMES else []
        raise UnreadableFile("file.several_to_inspect", path=path, n=len(inside), files=[*names, *more])
    return inside[0]


@dataclass(frozen=True)
class _Begin:
    """A file that is looked at, and its first rows."""

    path: Path
    table: Table
    rows: pl.DataFrame
    is_all: bool


def _repair(begin: _Begin, mapping_guess: MappingGuess, bounds: Bounds | None) -> Inspection:
    """The look by a guess, without what would reject many of its rows; without a guess if all would be."""
    inspection = _look(begin, mapping_guess, bounds, is_guess=True)
    for _ in COLUMNS:
        often = [each for each in inspection.rejected if each.rows >= _OFTEN * begin.rows.height]
        for rejected in often:
            column = next((name for name in COLUMNS if rejected.rule.startswith(f"{name}_")), "")
            mapping = without(mapping_guess.mapping, column, begin.table.columns)
            if mapping is None:
                continue
            repaired = MappingGuess(mapping, mapping_guess.because, mapping_guess.assumed)
            look = _look(begin, repaired, bounds, is_guess=True)
            if _rows_rejected(look, rejected.rule) < rejected.rows:
                mapping_guess, inspection = repaired, look
                break
        else:
            break
    form = Mapping(file=mapping_guess.mapping.file)
    if begin.rows.is_empty():
        return _no_guess(inspection, form, Message("look.no_rows"))
    reason = next((each for each in mapping_guess.assumed if each.code in NO_GUESS), None)
    if reason:
        return _no_guess(inspection, form, reason)
    if inspection.first is None and not inspection.problem:
        why = Message("guess.no_meaning")
        for most in inspection.rejected[:1]:
            why = Message("guess.all_rejected", {"rows": most.rows, "reason": most.explanation})
        return _no_guess(inspection, form, why)
    return inspection


def _rows_rejected(inspection: Inspection, rule: str) -> int:
    return sum(rejected.rows for rejected in inspection.rejected if rejected.rule == rule)


def _no_guess(inspection: Inspection, form: Mapping, problem: Message) -> Inspection:
    """The look without a mapping to start from; how the file is written may still be told."""
    columns = [column.model_copy(update={"becomes": []}) for column in inspection.columns]
    assumed = [message for message in inspection.assumed if message.code in _OF_FORM]
    return inspection.model_copy(
        update={
            "mapping": form,
            "because": {},
            "columns": columns,
            "assumed": assumed,
            "problem": problem,
            "events": {},
            "rejected": [],
            "skipped": 0,
            "preview": [],
            "tickets": 0,
        }
    )


def _look(
    begin: _Begin, mapping_guess: MappingGuess, bounds: Bounds | None, *, is_guess: bool = False
) -> Inspection:
    path, table, rows = begin.path, begin.table, begin.rows
    inspection = Inspection(
        path=str(path),
        looked_at=rows.height + table.broken.height,
        all_rows=begin.is_all,
        columns=column_summaries(rows, mapping_guess.mapping),
        is_guess=is_guess,
        mapping=mapping_guess.mapping,
        because=mapping_guess.because,
        assumed=mapping_guess.assumed,
    )
    try:
        require_columns(table.columns, mapping_guess.mapping, path.name)
        require_values(table, mapping_guess.mapping, path.name)
        require_exact_ids(rows, mapping_guess.mapping, path.name)
    except (MissingColumns, UnreadableFile) as error:
        return inspection.model_copy(update={"problem": error.message})
    if is_guess:  # a place is that among the rows looked at
        rows = next(with_places(whole_table(rows), mapping_guess.mapping).batches(), rows)
    outcome = _outcome(rows, table, mapping_guess.mapping, bounds, path.name)
    outcome["assumed"] = [
        *inspection.assumed,
        *header_remarks(mapping_guess.mapping, table.columns, path.name),
        *zone_remarks(mapping_guess.mapping, path.name, outcome.pop("stated"), outcome.pop("local")),
        *outcome.pop("remarks"),
    ]
    return inspection.model_copy(update=outcome)


def _first_rows(table: Table) -> tuple[pl.DataFrame, bool]:
    """The first batch of rows, and whether there is no other."""
    batches = table.batches()
    nothing = pl.DataFrame(schema={POSITION: pl.Int64, **dict.fromkeys(table.columns, pl.String)})
    return next(batches, nothing), next(batches, None) is None


def _outcome(
    rows: pl.DataFrame, table: Table, mapping: Mapping, bounds: Bounds | None, file: str
) -> dict[str, Any]:
    """What a load of these rows into an empty warehouse would come to, with people as the file names them."""
    mapped = apply_mapping(rows, mapping)
    mapped = replace(mapped, events=with_ids_of(mapped.events, mapping.source))
    checked = check(with_own_ids(mapped.events), mapping.local_time, bounds)
    rejected = pl.concat(
        [
            table.broken.select(position=POSITION, rule="rule"),
            pl.DataFrame({"position": mapped.unknown}).with_columns(rule=pl.lit("activity_unknown")),
            checked.rejected.with_columns(pl.col("position") // mapped.width),
        ],
        how="vertical_relaxed",
    ).unique("position", keep="first", maintain_order=True)
    accepted = checked.accepted.filter(
        ~(pl.col("position") // mapped.width).is_in(rejected["position"].to_list())
    )
    with duckdb.connect() as hashing:
        define_identity(hashing)
        accepted = fill_ids(accepted, mapped, hashing, _ANY_SALT, mapping.source)
    accepted = accepted.unique("event_id", keep="first", maintain_order=True)
    kinds = accepted["kind"].value_counts().sort("count", "kind", descending=[True, False])
    custom = [name for name in mapped.events.columns if is_custom(name)]
    ordered = (
        accepted.sort("position")
        .head(_PREVIEW)
        .join(mapped.events.select("position", *custom), on="position", how="left", maintain_order="left")
        .drop("position", "event_id")
    )
    remarks = [
        *effect_remarks(without_effect(mapping, mapped.effect), file),
        *look_alike_remarks(mapped.effect.look_alikes, file),
    ]
    return {
        "remarks": remarks,
        "stated": checked.stated,
        "local": checked.local,
        "first": accepted["occurred_at"].min(),
        "last": accepted["occurred_at"].max(),
        "tickets": accepted["ticket_id"].n_unique(),
        "events": dict(kinds.iter_rows()),
        "rejected": _rejected_rows(rejected, rows, table),
        "skipped": mapped.skipped,
        "preview": [{name: v for name, v in row.items() if v is not None} for row in ordered.to_dicts()],
    }


def _rejected_rows(rejected: pl.DataFrame, rows: pl.DataFrame, table: Table) -> list[RejectedRows]:
    counted = rejected.group_by("rule").agg(pl.len(), pl.col("position").min())
    ordered = counted.sort("len", "rule", descending=[True, False])
    groups = []
    for rule, number, position in ordered.iter_rows():
        row = rows.filter(pl.col(POSITION) == position).drop(POSITION).to_dicts()
        broken = table.broken.filter(pl.col(POSITION) == position)["content"].to_list()
        content = row[0] if row else {"content": broken[0] if broken else None}
        cells = {name: plain(value) for name, value in content.items() if value is not None}
        by_rule = {"rule": rule, "explanation": rejection(rule), "rows": number}
        groups.append(RejectedRows(**by_rule, position=position, content=cells))
    return groups
