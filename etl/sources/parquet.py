"""Parquet: typed columns, taken as they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.compression import contents, is_packed
from etl.sources.limits import MOST_RATIO
from etl.sources.table import BATCH_ROWS, POSITION, REJECTED_SCHEMA, FileForm, Table, require_size


def read_parquet(path: Path, _form: FileForm) -> Table:
    """The file's rows and types, read as they are asked for, so that it need not fit into memory.

    Raises:
        UnreadableFile: not a whole Parquet file, or larger than a table of events; from
            `batches` too, where the damage is further down.
    """
    source = io.BytesIO(contents(path)) if is_packed(path) else path
    rows = pl.scan_parquet(source, glob=False, row_index_name=POSITION, row_index_offset=1)

    def batches() -> Iterator[pl.DataFrame]:
        try:
            # Not `collect_batches`: it reads ahead of who asks, by gigabytes.
            for start in range(0, number, BATCH_ROWS):
                yield rows.slice(start, BATCH_ROWS).collect().with_columns(pl.col(POSITION).cast(pl.Int64))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(path, error) from error

    try:
        columns = [name for name in rows.collect_schema().names() if name != POSITION]
        require_size(path.name, columns=len(columns))
        size = len(source.getbuffer()) if isinstance(source, io.BytesIO) else path.stat().st_size
        (number,) = rows.select(pl.len()).collect().row(0)
        require_size(path.name, columns=len(columns), rows=number, most_cells=size * MOST_RATIO)
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {path}. Check the path.") from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, error) from error
    return Table(columns, batches, pl.DataFrame(schema=REJECTED_SCHEMA))


def _unreadable(path: Path, error: Exception) -> UnreadableFile:
    reason = str(error).splitlines()[0]
    return UnreadableFile(f"{path.name} is not a whole Parquet file: {reason}. Copy or export it again.")
