"""What a workbook would unfold to, found before anything unfolds it.

A cell far out makes a sheet of all cells before it, and one long text may be named by a million cells: a file
of a few kilobytes then takes any memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from etl.errors import UnreadableFile
from etl.sources.limits import FREE_BYTES, MOST_CELLS, MOST_REPEATED
from etl.sources.open_document import CONTENT, check_open_document
from etl.sources.zip_files import DAMAGED, checked_zip

_PIECE = 2**20
_OVERLAP = 2**10
_LOCKED = b"\xd0\xcf\x11\xe0"

_ROW = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")
_BEYOND_Z = re.compile(rb"""\br\s*=\s*["']([A-Z]{2,3})(\d{1,9})["']""")
_CELL_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>\s*(\d{1,9})\s*<")
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")


def check_workbook(data: bytes, source: str) -> None:
    """Refuse a workbook that would unfold beyond the limits.

    Raises:
        UnreadableFile: no workbook, locked by a password, a document type, or far too many cells or texts.
    """
    if data.startswith(_LOCKED):
        raise UnreadableFile("file.locked", file=source)
    with checked_zip(io.BytesIO(data), source) as workbook:
        if CONTENT in workbook.namelist():
            check_open_document(workbook, source)
        parts = [part for part in workbook.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
        try:
            texts = _lengths_of_shared_texts(workbook, parts)
            taken = sum(_check_part(workbook, part, texts, source) for part in parts)
        except (*DAMAGED, OSError) as error:
            raise UnreadableFile("file.no_workbook", file=source, detail=str(error)) from error
    unpacked = sum(part.file_size for part in parts)
    if taken > max(4 * FREE_BYTES, MOST_REPEATED * unpacked):
        raise UnreadableFile("file.long_texts", file=source, bytes=taken)


def _check_part(workbook: zipfile.ZipFile, part: zipfile.ZipInfo, texts: list[int], source: str) -> int:
    """The bytes that the shared texts of a sheet take, once they stand in its cells."""
    is_sheet = "worksheets/" in part.filename
    rows = taken = 0
    columns = 26
    longest = max(texts, default=0)
    for piece, is_new_from in _pieces(workbook, part):
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise UnreadableFile("file.document_type", file=source)
        if not is_sheet:
            continue
        rows = max([rows, *(int(match[1]) for match in _ROW.finditer(piece))])
        for match in _BEYOND_Z.finditer(piece):
            columns, rows = max(columns, _number(match[1])), max(rows, int(match[2]))
        if longest > _OVERLAP:
            numbers = (int(match[1]) for match in _CELL_VALUE.finditer(piece, is_new_from))
            taken += sum(texts[number] for number in numbers if number < len(texts))
    if rows * columns > MOST_CELLS:
        raise UnreadableFile("file.large_sheet", file=source, rows=rows, columns=columns, most=MOST_CELLS)
    return taken


def _lengths_of_shared_texts(workbook: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> list[int]:
    lengths: list[int] = []
    for part in parts:
        if not part.filename.lower().endswith("sharedstrings.xml"):
            continue
        before = 0
        base = 0
        for piece, is_new_from in _pieces(workbook, part):
            for match in _SHARED_TEXT.finditer(piece, is_new_from):
                at = base + match.start() - is_new_from
                if lengths:
                    lengths[-1:] = [at - before]
                lengths.append(0)
                before = at
            base += len(piece) - is_new_from
        if lengths:
            lengths[-1] = base - before
    return lengths


def _pieces(workbook: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """A part piece by piece, each with the end of the one before it, and where the new begins."""
    overlap = b""
    with workbook.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield overlap + piece, len(overlap)
            overlap = piece[-_OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
