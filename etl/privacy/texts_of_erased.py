"""Texts of who is erased in rejected rows of others: they stayed as written, as accepted rows had them.

Once no accepted row has one, its shape is kept, as if the file had come without the rows of the erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import duckdb
import polars as pl

from etl.contract.names import name_of
from etl.privacy.pseudonyms import FREE_COLUMNS
from etl.privacy.shapes import shapes_of
from etl.store.archive import Archive
from etl.store.rejected_content import CONTRACT_WORDS


def texts_of_tickets_alone(tickets: Collection[str], archive: Archive) -> frozenset[str]:
    """Texts that archived events of these tickets have in any column of texts, and no others."""
    loads = archive.loads()
    files = [str(archive.segment(name)) for record in loads for name in record.segments]
    if not (tickets and files and any(record.rejected_file for record in loads)):
        return frozenset()
    with duckdb.connect() as engine:
        rows = engine.execute(_OF_TICKETS_ALONE, {"files": files, "tickets": sorted(tickets)}).fetchall()
    return frozenset(text for (text,) in rows) - CONTRACT_WORDS


def with_shapes_of(texts: frozenset[str], rows: pl.DataFrame) -> pl.DataFrame:
    """Rejected rows with the shapes of these texts in place of cells that have one."""
    if not texts:
        return rows
    contents = rows["content"].unique().to_list()
    changed = {each: new for each in contents if (new := _shaped(each, texts)) != each}
    if not changed:
        return rows
    before, after = (pl.Series([*each], dtype=pl.String) for each in (changed, changed.values()))
    return rows.with_columns(rows["content"].replace(before, after))


def _shaped(content: str, texts: frozenset[str]) -> str:
    try:
        cells = json.loads(content)
    except ValueError:
        return content  # a row without columns has its shape alone
    if not isinstance(cells, dict):
        return content
    hits = [name for name, cell in cells.items() if isinstance(cell, str) and name_of(cell) in texts]
    if not hits:
        return content
    shapes = shapes_of(pl.Series([cells[name] for name in hits], dtype=pl.String))
    return json.dumps(cells | dict(zip(hits, shapes, strict=True)), ensure_ascii=False, separators=(",", ":"))


_TEXTS = ("value", *FREE_COLUMNS)
_OF_TICKETS_ALONE = """
WITH every AS (
    FROM $nothing UNION ALL BY NAME FROM read_parquet($files, union_by_name = true)
),
texts AS (
    SELECT ticket_id, unnest([$texts]) AS text FROM every
    UNION ALL
    SELECT ticket_id, unnest(map_values(custom::JSON::MAP(VARCHAR, VARCHAR))) FROM every
),
of_tickets AS (SELECT DISTINCT text FROM texts WHERE ticket_id IN (SELECT unnest($tickets)))
FROM of_tickets
ANTI JOIN (FROM texts WHERE ticket_id NOT IN (SELECT unnest($tickets))) AS others USING (text)
WHERE text IS NOT NULL
""".replace("$texts", ", ".join(_TEXTS)).replace(
    "$nothing", f"(SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in (*_TEXTS, 'custom'))} LIMIT 0)"
)
"""Segments of earlier versions lack some of the columns."""
