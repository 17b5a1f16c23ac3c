"""JSON Lines: one object per line."""

from __future__ import annotations

from pathlib import Path

from etl.sources.objects import numbered_lines, objects_table
from etl.sources.table import FileForm, Table
from etl.sources.text import utf8_contents


def read_json_lines(path: Path, form: FileForm) -> Table:
    """Every member of an object as text (nested ones as JSON); lines that are no object are broken rows.

    Raises:
        UnreadableFile: not in the stated encoding, or no line of it is a JSON object.
    """
    data = utf8_contents(path, form.encoding)
    return objects_table(numbered_lines(data), path.name, size=len(data))
