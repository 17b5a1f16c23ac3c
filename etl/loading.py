"""Loading: a file's rows through the gate into the archive, and from the archive into the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
from pydantic import BaseModel, Field

from etl.archive import Archive, DefinitionsRecord, LoadRecord
from etl.checking import Checked, check
from etl.errors import StepsightError
from etl.events import COLUMNS, SCHEMA
from etl.mapping import FINGERPRINT, Mapping, Told, told
from etl.sources import Table, read
from etl.sources.table import POSITION
from etl.workflows import Definition, store_definitions


class FileReport(BaseModel):
    """What became of the rows of one file: read = loaded + duplicates + rejected.

    `reasons`: rows refused, by the rule they broke. `error`: why the file as a whole was refused.
    """

    path: str
    read: int = 0
    loaded: int = 0
    duplicates: int = 0
    rejected: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
    ignored_columns: list[str] = Field(default_factory=list)
    error: str | None = None


class LoadReport(BaseModel):
    """What became of all rows of all files."""

    read: int
    loaded: int
    duplicates: int
    rejected: int
    files: list[FileReport]


def load(
    paths: Sequence[Path],
    warehouse: duckdb.DuckDBPyConnection,
    archive: Archive,
    *,
    now: datetime,
    mapping: Mapping | None = None,
) -> LoadReport:
    """Load files one by one; a file that fails as a whole leaves nothing behind and does not stop the others.

    The facts of the tickets that got new events are stale afterwards, and listed in `stale_tickets`.
    """
    catch_up(warehouse, archive)
    files = [_load_or_say_why(path, warehouse, archive, mapping or Mapping(), now) for path in paths]
    return LoadReport(
        read=sum(file.read for file in files),
        loaded=sum(file.loaded for file in files),
        duplicates=sum(file.duplicates for file in files),
        rejected=sum(file.rejected for file in files),
        files=files,
    )


def add_definitions(
    definitions: list[Definition], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> None:
    """Keep workflow definitions, each in place of an older one of the same workflow version."""
    catch_up(warehouse, archive)
    archive.commit(DefinitionsRecord(load_id=archive.next_load_id(), definitions=definitions))
    catch_up(warehouse, archive)


def catch_up(warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Bring the warehouse up to the archive: a load killed half-way is completed, a lost file made anew."""
    ((done,),) = warehouse.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    for record in archive.records(after=done):
        warehouse.execute("BEGIN")
        if isinstance(record, LoadRecord):
            _apply_load(record, warehouse, archive)
        else:
            store_definitions(warehouse, record.definitions)
        warehouse.execute("INSERT INTO applied VALUES (?)", [record.load_id])
        warehouse.execute("COMMIT")


def _load_or_say_why(
    path: Path, warehouse: duckdb.DuckDBPyConnection, archive: Archive, mapping: Mapping, now: datetime
) -> FileReport:
    try:
        table = read(path, mapping.form)
        record = _archive_table(table, path, warehouse, archive, mapping, now)
    except StepsightError as error:
        return FileReport(path=str(path), error=str(error))
    catch_up(warehouse, archive)
    return FileReport.model_validate(record.model_dump() | {"path": str(path)})


def _archive_table(
    table: Table,
    path: Path,
    warehouse: duckdb.DuckDBPyConnection,
    archive: Archive,
    mapping: Mapping,
    now: datetime,
) -> LoadRecord:
    heard = told(table, mapping, path.name)
    checked = check(_identified(heard.events, warehouse), mapping.local_time)
    refused = _refused_rows(table, checked, heard)
    new = _new_events(checked.accepted, refused, heard.width, warehouse)
    read_rows, loaded = table.rows.height + table.broken.height, new["row"].n_unique()
    record = LoadRecord(
        load_id=archive.next_load_id(),
        source=path.name,
        path=str(path),
        loaded_at=now,
        read=read_rows,
        loaded=loaded,
        duplicates=read_rows - loaded - refused.height,
        rejected=refused.height,
        events=new.height,
        reasons=dict(refused["rule"].value_counts().sort("rule").iter_rows()),
        ignored_columns=_ignored_columns(table, mapping),
        segment=archive.write_segment(new.drop("row")),
        refused=archive.write_rejected(_not_kept_yet(refused, path.name, warehouse)),
    )
    archive.commit(record)
    return record


def _identified(events: pl.DataFrame, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Events with an id each: the source's own, or the hash of the row."""
    own = pl.col("event_id").cast(pl.String) if "event_id" in events.columns else pl.lit(None, pl.String)
    nameless = events.filter(own.is_null()).select("position", FINGERPRINT)
    if nameless.is_empty():
        return events.drop(FINGERPRINT)
    warehouse.register("nameless", nameless)
    hashes = warehouse.sql("SELECT position, md5(fingerprint) AS hash FROM nameless").to_arrow_table()
    warehouse.unregister("nameless")
    return (
        events.join(pl.DataFrame(hashes), on="position", how="left", maintain_order="left")
        .with_columns(event_id=pl.coalesce(own, "hash"))
        .drop("hash", FINGERPRINT)
    )


def _refused_rows(table: Table, checked: Checked, heard: Told) -> pl.DataFrame:
    """One row per refused row of the file: `position`, `rule`, `explanation`, `content` as JSON."""
    unknown = pl.DataFrame({"position": heard.unknown}).with_columns(
        rule=pl.lit("activity_unknown"),
        explanation=pl.lit("the mapping does not say what this activity means; list it under [activities]"),
    )
    by_rule = checked.rejected.sort("position").with_columns(pl.col("position") // heard.width)
    reasons = pl.concat([unknown, by_rule], how="vertical_relaxed")
    refused = (
        reasons.unique("position", keep="first", maintain_order=True)
        .join(table.rows, left_on="position", right_on=POSITION, how="left", maintain_order="left")
        .select(*reasons.columns, content=pl.struct(table.columns).struct.json_encode())
    )
    broken = table.broken.rename({POSITION: "position"})
    return pl.concat([refused, broken], how="vertical_relaxed").sort("position")


def _new_events(
    accepted: pl.DataFrame, refused: pl.DataFrame, width: int, warehouse: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    """Events of whole rows that the warehouse does not hold yet, each once, in event order."""
    accepted = accepted.with_columns(row=pl.col("position") // width).filter(
        ~pl.col("row").is_in(refused["position"].implode())
    )
    warehouse.register("accepted", accepted)
    new = warehouse.sql(_NEW_EVENTS, params={"width": width}).to_arrow_table()
    warehouse.unregister("accepted")
    return pl.DataFrame(new).select("row", *COLUMNS).cast(SCHEMA | {"row": pl.Int64})  # type: ignore[arg-type]


_NEW_EVENTS = """
WITH placed AS (
    SELECT * REPLACE (
        coalesce(
            seq * $width + position % $width,
            row_number() OVER (PARTITION BY ticket_id, occurred_at ORDER BY position) - 1
        ) AS seq
    )
    FROM accepted
)
SELECT *
FROM placed
ANTI JOIN events USING (event_id)
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY position) = 1
ORDER BY ticket_id, occurred_at, seq, event_id
"""


def _not_kept_yet(refused: pl.DataFrame, source: str, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Refused rows but for those that an earlier load of the same file has kept already."""
    warehouse.register("refused", refused)
    new = warehouse.sql(_NEWLY_REFUSED, params={"source": source}).to_arrow_table()
    warehouse.unregister("refused")
    return pl.DataFrame(new)


_NEWLY_REFUSED = """
SELECT refused.*
FROM refused
ANTI JOIN (SELECT * FROM rejected WHERE source = $source) AS kept USING (position, rule, content)
ORDER BY position
"""


def _ignored_columns(table: Table, mapping: Mapping) -> list[str]:
    return [name for name in table.columns if name not in mapping.source_columns and name not in COLUMNS]


def _apply_load(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    warehouse.execute(
        "INSERT INTO loads BY NAME SELECT unnest($record)",
        {"record": record.model_dump(include=_LOADS_COLUMNS)},
    )
    if record.segment:
        segment = {"segment": str(archive.segment(record.segment)), "load_id": record.load_id}
        warehouse.execute(
            "INSERT INTO events BY NAME SELECT *, $load_id AS load_id FROM read_parquet($segment)", segment
        )
        del segment["load_id"]
        warehouse.execute(
            "INSERT INTO stale_tickets SELECT DISTINCT ticket_id FROM read_parquet($segment)", segment
        )
    if record.refused:
        warehouse.execute(
            "INSERT INTO rejected BY NAME "
            "SELECT *, $load_id AS load_id, $source AS source FROM read_parquet($refused)",
            {
                "refused": str(archive.rejected(record.refused)),
                "load_id": record.load_id,
                "source": record.source,
            },
        )


_LOADS_COLUMNS = {
    *("load_id", "source", "path", "loaded_at", "ignored_columns"),
    *("read", "loaded", "duplicates", "rejected", "events"),
}
