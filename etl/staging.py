"""The way of a file's rows through the gate, batch by batch, into files of their own beside the archive."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from etl.checking import check
from etl.events import COLUMNS
from etl.mapping import Mapping, require_columns
from etl.privacy import PEOPLE, Pseudonyms, pseudonymised
from etl.progress import Progress, quiet
from etl.sources import Table
from etl.sources.table import POSITION
from etl.telling import FINGERPRINT, Told, told


@dataclass(frozen=True)
class Staged:
    """What passed the gate and what did not.

    `parts`: Parquet files of accepted events: the contract's columns and `position`, the row's number in the
    file times `width` plus the event's place in its row; `seq` is null where the source has none. `refused`:
    one row per refused row of the file: `position` (its number), `rule`, `explanation`, `content` as JSON.
    `read`: rows of the file.
    """

    parts: list[Path]
    width: int
    refused: pl.DataFrame
    read: int


def stage(
    table: Table,
    source: str,
    mapping: Mapping,
    folder: Path,
    pseudonyms: Pseudonyms,
    *,
    keep_free_text: bool,
    progress: Progress = quiet,
) -> Staged:
    """Check all rows of a table, and write the accepted ones to `folder`, which is emptied before.

    Nobody's name is written: people become pseudonyms, and free text goes, before anything else happens.

    Raises:
        MissingColumns: the table lacks columns that the mapping names, or that every event needs.
        UnreadableFile: the file is damaged further down.
    """
    require_columns(table.columns, mapping, source)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts: list[Path] = []
    refused = [table.broken.rename({POSITION: "position"})]
    read, width = table.broken.height, 1
    with duckdb.connect() as hashing:
        for rows in table.batches():
            heard = told(rows, mapping)
            events = _identified(heard, hashing, pseudonyms.salt)
            events = pseudonymised(events, pseudonyms, keep_free_text=keep_free_text)
            checked = check(events, mapping.local_time)
            refused.append(_refused_rows(rows, checked.rejected, heard, mapping, pseudonyms))
            accepted = _of_whole_rows(checked.accepted, refused[-1], heard.width)
            part = folder / f"{len(parts):06}.parquet"
            accepted.write_parquet(part, compression="zstd", compression_level=1)
            parts.append(part)
            read, width = read + rows.height, heard.width
            progress("checking", read)
    return Staged(parts, width, pl.concat(refused, how="vertical_relaxed").sort("position"), read)


def _identified(heard: Told, hashing: duckdb.DuckDBPyConnection, salt: str) -> pl.DataFrame:
    """Events with an id each, the source's own or the keyed hash of the row, and their place in their row."""
    events = heard.events
    if heard.width > 1 and "seq" in events.columns:
        place = pl.col("position") % heard.width
        given = pl.col("seq").cast(pl.Int64, strict=False)
        events = events.with_columns(seq=pl.coalesce((given * heard.width + place).cast(pl.String), "seq"))
    if "event_id" not in events.columns:
        events = events.with_columns(event_id=pl.lit(None, pl.String))
    own = pl.col("event_id").cast(pl.String)
    nameless = events.filter(own.is_null()).select("position", FINGERPRINT)
    if nameless.is_empty():
        return events.drop(FINGERPRINT)
    hashing.register("nameless", nameless)
    hashes = hashing.sql(_HASHES, params={"salt": salt}).to_arrow_table()
    hashing.unregister("nameless")
    return (
        events.join(pl.DataFrame(hashes), on="position", how="left", maintain_order="left")
        .with_columns(event_id=pl.coalesce(own, "hash"))
        .drop("hash", FINGERPRINT)
    )


_HASHES = "SELECT position, substr(sha256(concat($salt, fingerprint)), 1, 32) AS hash FROM nameless"


def _refused_rows(
    rows: pl.DataFrame, rejected: pl.DataFrame, heard: Told, mapping: Mapping, pseudonyms: Pseudonyms
) -> pl.DataFrame:
    unknown = pl.DataFrame({"position": heard.unknown}).with_columns(
        rule=pl.lit("activity_unknown"),
        explanation=pl.lit("the mapping does not say what this activity means; list it under [activities]"),
    )
    by_rule = rejected.sort("position").with_columns(pl.col("position") // heard.width)
    reasons = pl.concat([unknown, by_rule], how="vertical_relaxed")
    first = reasons.unique("position", keep="first", maintain_order=True)
    refused = rows.join(first, left_on=POSITION, right_on="position", how="semi")
    for name in PEOPLE:
        column = mapping.columns.get(name, name)
        if column in rows.columns and not refused.is_empty():
            people = refused[column].cast(pl.String).str.strip_chars()
            refused = refused.with_columns(
                pseudonyms.of_column(people, name.removesuffix("_id")).alias(column)
            )
    content = pl.struct(pl.exclude(POSITION)).struct.json_encode()
    contents = refused.select(position=POSITION, content=content)
    return first.join(contents, on="position", how="left", maintain_order="left")


def _of_whole_rows(accepted: pl.DataFrame, refused: pl.DataFrame, width: int) -> pl.DataFrame:
    """A row is refused whole if one of its events is."""
    if not refused.is_empty():
        row = pl.col("position") // width
        accepted = accepted.join(refused, left_on=row, right_on="position", how="anti", maintain_order="left")
    return accepted.select("position", *COLUMNS)
