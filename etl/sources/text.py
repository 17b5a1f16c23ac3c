"""Bytes of a text file as UTF-8, with lines of a length that can be handled."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sources.compression import contents
from etl.sources.limits import MOST_LINE_BYTES

_PIECE = 2**24
_MARKS = {
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),  # first: it begins as UTF-16 does
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_PACKED = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd", ".zip": b"PK\x03\x04"}
"""How packed files begin, by the end that their names should have."""


def utf8_contents(path: Path, encoding: str = "utf-8", *, has_lines: bool = True) -> bytes:
    """The file's content in UTF-8, without a byte order mark.

    Raises:
        UnreadableFile: as `contents` does; not in the stated encoding; or a line is too long.
    """
    data = contents(path, watched=_Lines(path.name).see if has_lines else None)
    is_utf8 = encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}
    try:
        decoder = codecs.getincrementaldecoder("utf-8" if is_utf8 else encoding)()
        "".encode(encoding)
    except (LookupError, UnicodeError) as error:
        raise UnreadableFile("file.unknown_encoding", file=path.name, encoding=encoding) from error
    data = data.removeprefix(codecs.BOM_UTF8) if is_utf8 else data
    converted = io.BytesIO()
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        try:
            text = decoder.decode(piece, start + _PIECE >= len(data))
        except UnicodeError as error:
            at = start + getattr(error, "start", 0)
            raise _wrong_encoding(path, encoding, data, at) from error
        if not is_utf8:
            converted.write(text.encode("utf-8", "replace"))
    return data if is_utf8 else converted.getvalue()


def _wrong_encoding(path: Path, encoding: str, data: bytes, at: int) -> UnreadableFile:
    if ending := next((ending for ending, mark in _PACKED.items() if data.startswith(mark)), None):
        return UnreadableFile("file.packed_by_content", file=path.name, ending=ending)
    line = data.count(b"\n", 0, at) + 1
    likely = next((name for name, marks in _MARKS.items() if data.startswith(marks)), "latin-1")
    byte = f"0x{data[min(at, len(data) - 1)]:02x}"
    return UnreadableFile(
        "file.wrong_encoding", file=path.name, encoding=encoding, line=line, byte=byte, likely=likely
    )


class _Lines:
    """Watches a file for a line that is too long; a piece is shorter than the longest line allowed."""

    def __init__(self, source: str) -> None:
        self._source, self._number, self._length = source, 1, 0

    def see(self, piece: bytes) -> None:
        mark = b"\n" if b"\n" in piece else b"\r"
        end = piece.find(mark)
        self._length += len(piece) if end < 0 else end
        if self._length > MOST_LINE_BYTES:
            raise UnreadableFile(
                "file.long_line", file=self._source, line=self._number, bytes=MOST_LINE_BYTES
            )
        if end >= 0:
            self._number += piece.count(mark)
            self._length = len(piece) - piece.rfind(mark) - 1
