"""Arrow and Feather: typed columns, as a file with an index of its batches or as a stream of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from etl.errors import UnreadableFile
from etl.sources.arrow_columns import frame_of, of_no_use, unreadable_if_damaged
from etl.sources.arrow_size import MARK, arrow_size
from etl.sources.compression import contents, is_packed
from etl.sources.limits import FREE_BYTES, MOST_RATIO
from etl.sources.table import (
    BATCH_ROWS,
    POSITION,
    REJECTED_SCHEMA,
    FileForm,
    Table,
    require_size,
    unlike_ours,
)

_KIND = "Arrow"
_FEATHER_1 = b"FEA1"


def read_arrow(path: Path, _form: FileForm) -> Table:
    """The file's rows and types, a batch at a time, so that it need not fit into memory.

    Raises:
        UnreadableFile: not a whole Arrow file or stream, Feather of the first version, or larger than a table
            of events; from `batches` too, where the damage is further down.
    """
    with unreadable_if_damaged(path, _KIND):
        source = pa.py_buffer(contents(path)) if is_packed(path) else pa.memory_map(str(path)).read_buffer()
        if source.slice(0, len(_FEATHER_1)).to_pybytes() == _FEATHER_1:
            raise UnreadableFile("file.first_feather", file=path.name)
        reader = _reader(source)
        schema = reader.schema
        columns = unlike_ours(schema.names)
        useless = of_no_use(schema, columns)
        size = arrow_size(source, has_index=isinstance(reader, pa.RecordBatchFileReader))
    most_bytes = max(FREE_BYTES, source.size * MOST_RATIO)
    require_size(path.name, columns=len(columns), rows=size.rows, most_cells=most_bytes)
    if size.bytes > most_bytes:
        raise UnreadableFile("file.unfolds", file=path.name, bytes=size.bytes)

    def batches() -> Iterator[pl.DataFrame]:
        first = 1
        with unreadable_if_damaged(path, _KIND):
            for batch in _batches(source):
                batch.validate(full=True)  # a damaged one may end the whole process later
                last = first + batch.num_rows - 1  # an index may name a batch many times
                require_size(path.name, columns=len(columns), rows=last, most_cells=most_bytes)
                for start in range(0, batch.num_rows, BATCH_ROWS):
                    rows = frame_of(batch.slice(start, BATCH_ROWS), columns)
                    yield rows.with_row_index(POSITION, first + start).cast({POSITION: pl.Int64})
                first += batch.num_rows

    return Table(columns, batches, pl.DataFrame(schema=REJECTED_SCHEMA), useless)


def _reader(source: pa.Buffer) -> pa.RecordBatchFileReader | pa.RecordBatchStreamReader:
    is_file = source.slice(0, len(MARK)).to_pybytes() == MARK
    return pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)


def _batches(source: pa.Buffer) -> Iterator[pa.RecordBatch]:
    reader = _reader(source)
    if isinstance(reader, pa.RecordBatchFileReader):
        yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        yield from reader
