"""Which earlier loads a file takes the place of, and ids that would be taken for those of another system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.contract.sources import ID_COLUMNS, SEPARATOR
from etl.messages import Message
from etl.store.archive import LoadRecord
from etl.store.file_names import is_path_of
from etl.store.stage import StageResult


@dataclass(frozen=True)
class FileReading:
    """A file as it is read now: its content, and what it is read with.

    `name` and `mark`: what is kept of its name and path; no mark where nothing of it will be. `fingerprint`:
    of the mapping and of what was looked up. `table`: which table of the mapping it is.
    """

    path: Path
    name: str
    mark: str | None
    sha256: str
    fingerprint: str
    source: str | None = None
    table: str | None = None


def is_read_anew(earlier: LoadRecord, now: FileReading) -> bool:
    """Whether a load is of the same file, read in another way.

    Equal bytes alone do not make two files one: tables and systems may well have files that are equal.
    """
    if earlier.sha256 != now.sha256 or earlier.mapping == now.fingerprint:
        return False
    if earlier.source and now.source and earlier.source != now.source:
        return is_path_of(earlier.path, now.path, now.mark)
    is_one_table = (earlier.source, earlier.mapping_table) == (now.source, now.table)
    is_one_name = earlier.file == now.name or is_path_of(earlier.path, now.path, now.mark)
    return is_one_table or is_one_name


def id_clash(
    file: str,
    source: str | None,
    staged: StageResult,
    others: Sequence[LoadRecord],
    warehouse: duckdb.DuckDBPyConnection,
) -> Message | None:
    """That ids of a file without a source look like those of a source, or the other way round.

    `others`: the loads that stand beside it.
    """
    if source is None:
        alike = staged.sources & {each.source for each in others}
        content = {"file": file, "source": min(alike, key=str)} if alike else {}
        return Message("file.ids_of_source", content) if alike else None
    names = {each.load_id: each.file for each in others if each.source is None}
    if not names or not staged.parts:
        return None
    values: dict[str, object] = {
        "files": [str(part) for part in staged.parts],
        "loads": list(names),
        "prefix": f"{source}{SEPARATOR}",
    }
    for query in (_TICKETS_LIKE_THOSE_OF_SOURCE, *(_SAME_IDS.format(name=name) for name in ID_COLUMNS)):
        bound = {name: value for name, value in values.items() if f"${name}" in query}
        if row := warehouse.execute(query, bound).fetchone():
            return Message("file.ids_of_no_source", {"file": file, "source": source, "other": names[row[0]]})
    return None


_TICKETS_LIKE_THOSE_OF_SOURCE = """
SELECT load_id
FROM events
WHERE load_id IN (SELECT unnest($loads)) AND starts_with(ticket_id, $prefix)
ORDER BY load_id
LIMIT 1
"""
_SAME_IDS = """
SELECT load_id
FROM events
SEMI JOIN (SELECT DISTINCT {name} FROM read_parquet($files)) AS staged USING ({name})
WHERE load_id IN (SELECT unnest($loads))
ORDER BY load_id
LIMIT 1
"""
"""Of persons there are pseudonyms alone, which do not say how an id began."""
