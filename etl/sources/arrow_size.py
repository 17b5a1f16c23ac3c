"""How many rows and bytes an Arrow file stands for, by what its messages say, before any is unpacked.

A message is a FlatBuffer (Message.fbs of the format): a record batch says its rows, where its buffers lie and
whether they are packed; a packed buffer begins with its unpacked size.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa

MARK = b"ARROW1"
"""What a file with an index begins and ends with."""

_BLOCKS, _BLOCK_BYTES = (2, 3), 24
"""Fields of the index: where dictionaries and record batches lie."""
_LENGTH, _BUFFERS, _COMPRESSION = 0, 2, 3
"""Fields of a record batch."""
_HEADER, _DATA = 2, 1
"""The field of a message that holds what it is about, and that of a dictionary with its record batch."""


class ArrowSize(NamedTuple):
    """What the messages of a file add up to."""

    rows: int
    bytes: int


def arrow_size(source: pa.Buffer, *, has_index: bool) -> ArrowSize:
    """The rows of all record batches, and the bytes of all buffers once they are unpacked.

    Raises:
        ArrowException, ValueError: a message is damaged.
    """
    rows = size = 0
    try:
        for message in _indexed_messages(source) if has_index else pa.MessageReader.open_stream(source):
            if message.type not in ("record batch", "dictionary"):
                continue
            metadata = message.metadata.to_pybytes()
            batch = _table(metadata, _field(metadata, _table(metadata, 0), _HEADER))
            if message.type == "dictionary":
                batch = _table(metadata, _field(metadata, batch, _DATA))
            elif at := _field(metadata, batch, _LENGTH):
                rows += struct.unpack_from("<q", metadata, at)[0]
            size += _bytes(metadata, batch, message.body)
    except (struct.error, IndexError, EOFError) as error:
        raise ValueError(*error.args) from error
    return ArrowSize(rows, size)


def _indexed_messages(source: pa.Buffer) -> Iterator[pa.Message]:
    """The messages that the index at the end of a file names."""
    end = source.size - len(MARK)
    (length,) = struct.unpack("<i", source.slice(end - 4, 4).to_pybytes())
    footer = source.slice(end - 4 - length, length).to_pybytes()
    for number in _BLOCKS:
        at = _field(footer, _table(footer, 0), number)
        vector = _table(footer, at) if at else 0
        count = struct.unpack_from("<I", footer, vector)[0] if vector else 0
        for block in range(count):
            (offset,) = struct.unpack_from("<q", footer, vector + 4 + _BLOCK_BYTES * block)
            yield pa.ipc.read_message(source.slice(offset))


def _bytes(metadata: bytes, batch: int, body: pa.Buffer | None) -> int:
    at = _field(metadata, batch, _BUFFERS)
    if not at or body is None:
        return 0
    vector = at + struct.unpack_from("<I", metadata, at)[0]
    (count,) = struct.unpack_from("<I", metadata, vector)
    is_packed = bool(_field(metadata, batch, _COMPRESSION))
    size = 0
    for offset, length in struct.iter_unpack("<qq", metadata[vector + 4 : vector + 4 + 16 * count]):
        stated = struct.unpack("<q", body.slice(offset, 8).to_pybytes())[0] if is_packed and length else -1
        size += max(length, stated)
    return size


def _field(metadata: bytes, table: int, number: int) -> int:
    """Where a field of a table lies; 0 where the table does not have it."""
    fields = table - struct.unpack_from("<i", metadata, table)[0]
    (size,) = struct.unpack_from("<H", metadata, fields)
    place = 4 + 2 * number
    offset = struct.unpack_from("<H", metadata, fields + place)[0] if place < size else 0
    return table + offset if offset else 0


def _table(metadata: bytes, at: int) -> int:
    return int(at + struct.unpack_from("<I", metadata, at)[0])
