"""JSON Lines: one object per line, or one answer of an API with the list in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from etl.errors import UnreadableFile
from etl.sources.json_document import decode, elements_of_page, is_page
from etl.sources.objects import numbered_lines, objects_table
from etl.sources.table import FileForm, Table
from etl.sources.text import utf8_contents

_ARRAY = re.compile(r"\[\s*(\{|$)")


def read_json_lines(path: Path, form: FileForm) -> Table:
    """Every member of an object as text (nested ones as JSON); lines that are no object are broken rows.

    Raises:
        UnreadableFile: not in the stated encoding, no line of it is a JSON object, or it is an array.
    """
    data = utf8_contents(path, form.encoding)
    lines = numbered_lines(data)
    first = next(lines, (0, ""))
    lines = chain([first], lines)
    if form.rows is not None or _is_page(first[1]):
        lines = _elements(lines, path.name, form.rows)
    try:
        return objects_table(lines, path.name, size=len(data))
    except UnreadableFile as error:
        if error.message.code == "file.no_object" and _ARRAY.match(first[1]):
            raise UnreadableFile("file.array_in_lines", file=path.name) from error
        raise


def _elements(lines: Iterator[tuple[int, str]], source: str, rows: str | None) -> Iterator[tuple[int, str]]:
    """The elements of the lists in all lines, numbered from 1."""
    elements = (element for _, line in lines for element in elements_of_page(line, source, rows))
    return enumerate(elements, start=1)


def _is_page(line: str) -> bool:
    try:
        return is_page(decode(line))
    except (ValueError, RecursionError):
        return False
