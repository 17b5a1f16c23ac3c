"""How an unknown text file may be written: its encoding, delimiter and decimal sign."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from etl.mapping.sections import File
from etl.messages import Message
from etl.sources import kind_of
from etl.sources.compression import pieces
from etl.sources.delimited import separator_line

_DELIMITERS = ",;\t|"
_LINES = 50
_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})*,\d+$")


def guess_form(path: Path) -> tuple[File, list[Message]]:
    """The form of a text file from its beginning, and what had to be assumed; nothing for other files.

    Raises:
        UnreadableFile: the file cannot be opened or unpacked.
    """
    kind = kind_of(path)
    if kind not in {".csv", ".tsv", ".jsonl", ".ndjson", ".json"}:
        return File(), []
    head = next(pieces(path), b"")
    encoding, assumed = _encoding(head)
    if kind not in {".csv", ".tsv"}:
        return File(encoding=encoding), assumed
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if separator_line(text[:16].encode()):
        return File(encoding=encoding), assumed  # the file says so itself, and every reader heeds it
    default_delimiter = "\t" if kind == ".tsv" else ","
    delimiter = max(_DELIMITERS, key=lambda mark: (_columns(text, mark), mark == default_delimiter))
    if delimiter == default_delimiter or _columns(text, delimiter) <= 1:
        return File(encoding=encoding), assumed
    assumed.append(Message("guess.delimiter", {"delimiter": delimiter}))
    return File(encoding=encoding, delimiter=delimiter), assumed


def guess_decimal(rows: pl.DataFrame, numbers: list[str]) -> bool:
    """Whether a column of numbers is written with a decimal comma."""
    texts = [name for name in numbers if rows[name].dtype == pl.String]
    return any(_DECIMAL_COMMA.match(text) for name in texts for text in rows[name].drop_nulls().head(1000))


def _encoding(head: bytes) -> tuple[str, list[Message]]:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", [Message("guess.utf16")]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.end < len(head) - 3:  # not a character that the piece ends in the middle of
            line = head.count(b"\n", 0, error.start) + 1
            return "cp1252", [Message("guess.not_utf8", {"line": line})]
    return "utf-8", []


def _columns(text: str, delimiter: str) -> int:
    """How many columns the first lines have, if all have the same number; 0 otherwise."""
    lines = io.StringIO("\n".join(text.splitlines()[:_LINES]))
    try:
        widths = {len(row) for row in csv.reader(lines, delimiter=delimiter) if row}
    except csv.Error:
        return 0
    return widths.pop() if len(widths) == 1 else 0
