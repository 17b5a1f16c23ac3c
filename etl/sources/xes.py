"""XES, the event log of IEEE 1849: traces of events with attributes.

Names are those that process-mining tools give: an attribute of the trace is `case:` and its key. Times stay
as they are written, with their offset.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.compression import pieces
from etl.sources.limits import MOST_DEPTH, MOST_VALUE_BYTES
from etl.sources.table import POSITION, FileForm, Table, require_size, whole_table
from etl.sources.xes_rows import Rows

_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})


def read_xes(path: Path, _form: FileForm) -> Table:
    """One row per event, all attributes as text; see `etl.sources.xes_rows` for the columns.

    Raises:
        UnreadableFile: not whole XML, no XES, a document type or entities, or nested too deeply.
    """
    reader = _Reader(path.name)
    try:
        for piece in pieces(path):
            reader.feed(piece)
        reader.end()
    except expat.ExpatError as error:
        raise UnreadableFile(
            "file.not_xml", file=path.name, line=error.lineno, column=error.offset + 1, detail=str(error)
        ) from error
    except (LookupError, ValueError) as error:
        raise UnreadableFile("file.xml_encoding", file=path.name, detail=str(error)) from error
    rows = reader.rows.frame()
    require_size(path.name, columns=rows.width - 1, rows=rows.height, most_cells=reader.size)
    return whole_table(rows.with_columns(pl.col(POSITION).cast(pl.Int64)))


class _Reader:
    """What the parser says, as it goes through the file, turned into attributes of traces and events."""

    def __init__(self, source: str) -> None:
        self.source, self.rows, self.size = source, Rows(source), 0
        self._open: list[str] = []
        self._keys: list[str | None] = []  # of the open elements: the key of an attribute
        self._heard = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._close
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        self.size += len(piece)
        self._parser.Parse(piece, False)  # noqa: FBT003 - positional in expat
        if self.size - self._heard > MOST_VALUE_BYTES:  # all since then is one tag, text or comment
            line = self._parser.CurrentLineNumber
            raise UnreadableFile("file.long_tag", file=self.source, line=line, bytes=MOST_VALUE_BYTES)
        self.rows.require_room(self.size)

    def end(self) -> None:
        self._parser.Parse(b"", True)  # noqa: FBT003 - positional in expat
        self.rows.require_room(self.size)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._heard, tag = self.size, name.rpartition(" ")[2]
        if not self._open and tag != "log":
            raise UnreadableFile("file.not_xes", file=self.source, tag=tag[:40])
        if len(self._open) >= MOST_DEPTH:
            line = self._parser.CurrentLineNumber
            raise UnreadableFile("file.too_deep", file=self.source, line=line, most=MOST_DEPTH)
        key = None
        if tag in _ATTRIBUTES and self._open[-1:] != ["global"]:
            key = self._attribute(tag, attributes)
        elif tag == "trace" and self._open == ["log"]:
            self.rows.start_trace()
        elif tag == "event" and self._open in (["log"], ["log", "trace"]):
            self.rows.start_event()
        self._open.append(tag)
        self._keys.append(key)

    def _attribute(self, tag: str, attributes: dict[str, str]) -> str | None:
        if "event" not in self._open[:3] and "trace" not in self._open[:2]:
            return None  # of the log as a whole
        if "key" not in attributes:
            line = self._parser.CurrentLineNumber
            raise UnreadableFile("file.no_key", file=self.source, line=line, tag=tag)
        path = ".".join([key for key in self._keys if key is not None] + [attributes["key"]])
        if "event" in self._open[:3]:
            self.rows.event_attribute(path, attributes.get("value"))
        else:
            self.rows.trace_attribute(path, attributes.get("value"))
        return attributes["key"]

    def _close(self, _name: str) -> None:
        tag = self._open.pop()
        self._keys.pop()
        if tag == "trace" and self._open == ["log"]:
            self.rows.end_trace()
        elif tag == "event" and self._open in (["log"], ["log", "trace"]):
            self.rows.end_event()
            if self._open == ["log"]:
                self.rows.end_trace()

    def _doctype(self, *_: object) -> None:
        raise UnreadableFile("file.document_type", file=self.source)
