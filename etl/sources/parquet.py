"""Parquet: typed columns, taken as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from etl.sources.arrow_columns import frame_of, of_no_use, unreadable_if_damaged
from etl.sources.compression import contents, is_packed
from etl.sources.limits import MOST_RATIO
from etl.sources.table import (
    BATCH_ROWS,
    POSITION,
    REJECTED_SCHEMA,
    FileForm,
    Table,
    require_size,
    unlike_ours,
)


def read_parquet(path: Path, _form: FileForm) -> Table:
    """The file's rows and types, read as they are asked for, so that it need not fit into memory.

    By Arrow, not by Polars, which is faster but may end the whole process over a damaged page.

    Raises:
        UnreadableFile: not a whole Parquet file, or larger than a table of events; from
            `batches` too, where the damage is further down.
    """
    source = pa.BufferReader(contents(path)) if is_packed(path) else path
    with unreadable_if_damaged(path, "Parquet"):
        file = pq.ParquetFile(source, pre_buffer=False, arrow_extensions_enabled=False)
        columns = unlike_ours(file.schema_arrow.names)
        useless = of_no_use(file.schema_arrow, columns)
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        number = sum(group.num_rows for group in groups)
    size = source.size() if isinstance(source, pa.BufferReader) else path.stat().st_size
    require_size(path.name, columns=len(columns), rows=number, most_cells=size * MOST_RATIO)

    def batches() -> Iterator[pl.DataFrame]:
        first = 1
        with unreadable_if_damaged(path, "Parquet"):
            for batch in file.iter_batches(BATCH_ROWS):
                rows = frame_of(batch, columns)
                yield rows.with_row_index(POSITION, first).cast({POSITION: pl.Int64})
                first += batch.num_rows

    return Table(columns, batches, pl.DataFrame(schema=REJECTED_SCHEMA), useless)
