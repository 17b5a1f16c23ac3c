"""Parquet: typed columns, taken as they are."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.table import POSITION, FileForm, Table


def read_parquet(data: bytes, path: Path, _form: FileForm) -> Table:
    """The file's rows and types.

    Raises:
        UnreadableFile: not a whole Parquet file.
    """
    try:
        rows = pl.read_parquet(io.BytesIO(data), row_index_name=POSITION, row_index_offset=1)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableFile(
            f"{path.name} is not a whole Parquet file: {reason}. Copy or export it again."
        ) from error
    return Table(rows.with_columns(pl.col(POSITION).cast(pl.Int64)))
