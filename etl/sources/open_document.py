"""What an OpenDocument sheet (.ods) would unfold to, counted before anything unfolds it.

A cell or a row says how often it repeats, so a file of a few kilobytes may stand for billions of cells.
"""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from etl.errors import UnreadableFile
from etl.sources.limits import FREE_BYTES, MOST_CELLS, MOST_DEPTH, MOST_REPEATED
from etl.sources.zip_files import DAMAGED

CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_CELLS = (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")
_PIECE = 2**20
_MANY = 10**9


def check_open_document(workbook: zipfile.ZipFile, source: str) -> None:
    """Refuse sheets that would unfold beyond the limits.

    Raises:
        UnreadableFile: locked by a password, damaged, a document type, or far too many cells or texts.
    """
    names = workbook.namelist()
    try:
        if _MANIFEST in names and b"encryption-data" in workbook.read(_MANIFEST):
            raise UnreadableFile("file.locked", file=source)
        counter = _Counter(source)
        with workbook.open(CONTENT) as stream:
            while piece := stream.read(_PIECE):
                counter.feed(piece)
    except (*DAMAGED, expat.ExpatError, OSError) as error:
        raise UnreadableFile("file.no_workbook", file=source, detail=str(error)) from error
    if counter.bytes > max(4 * FREE_BYTES, MOST_REPEATED * workbook.getinfo(CONTENT).file_size):
        raise UnreadableFile("file.long_texts", file=source, bytes=counter.bytes)


class _Counter:
    """Counts the cells of each sheet up to its last filled one, and the bytes of all texts."""

    def __init__(self, source: str) -> None:
        self.bytes = 0
        self._source = source
        self._depth = self._rows = self._width = self._empty_rows = 0
        self._row_repeats = self._cells = self._empty_cells = self._cell_repeats = 0
        self._text, self._is_filled = 0, False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)  # noqa: FBT003 - positional in expat

    def _start(self, name: str, stated: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            line = self._parser.CurrentLineNumber
            raise UnreadableFile("file.too_deep", file=self._source, line=line, most=MOST_DEPTH)
        if name == f"{_TABLE} table":
            self._rows = self._width = self._empty_rows = 0
        elif name == f"{_TABLE} table-row":
            self._row_repeats = _number(stated.get(f"{_TABLE} number-rows-repeated"))
            self._cells = self._empty_cells = 0
        elif name in _CELLS:
            self._cell_repeats = _number(stated.get(f"{_TABLE} number-columns-repeated"))
            self._text, self._is_filled = 0, f"{_OFFICE} value-type" in stated

    def _characters(self, text: str) -> None:
        self._text += len(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name in _CELLS:
            if self._text or self._is_filled:
                self._cells += self._empty_cells + self._cell_repeats
                self._empty_cells = 0
                self.bytes += self._text * self._cell_repeats * self._row_repeats
            else:
                self._empty_cells += self._cell_repeats
        elif name == f"{_TABLE} table-row":
            if not self._cells:
                self._empty_rows += self._row_repeats
                return
            self._rows += self._empty_rows + self._row_repeats
            self._width, self._empty_rows = max(self._width, self._cells), 0
            if self._rows * self._width > MOST_CELLS:
                raise UnreadableFile(
                    "file.large_sheet",
                    file=self._source,
                    rows=self._rows,
                    columns=self._width,
                    most=MOST_CELLS,
                )

    def _doctype(self, *_: object) -> None:
        raise UnreadableFile("file.document_type", file=self._source)


def _number(text: str | None) -> int:
    """How often a cell or a row repeats: once where nothing is said, very often where it is no number."""
    if text is None:
        return 1
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_MANY)) else _MANY
