"""A JSON array of objects, one per event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from etl.errors import UnreadableFile
from etl.messages import Message
from etl.sources.limits import MOST_LINE_BYTES
from etl.sources.objects import objects_table
from etl.sources.table import FileForm, Table
from etl.sources.text import utf8_contents


def read_json_array(path: Path, form: FileForm) -> Table:
    """Every member of an object as text (nested ones as JSON); elements that are no object are broken rows.

    Raises:
        UnreadableFile: not in the stated encoding, not one whole array, or no element of it is an object.
    """
    data = utf8_contents(path, form.encoding, has_lines=False)
    return objects_table(_elements(data.decode(), path.name), path.name, size=len(data))


def _elements(text: str, source: str) -> Iterator[tuple[int, str]]:
    """The elements of the array, as they are written; from 1."""
    at = _past_blanks(text, 0)
    if text[at : at + 1] != "[":
        raise UnreadableFile("file.no_array", file=source, begin=text[at : at + 10])
    at, number = _past_blanks(text, at + 1), 0
    while text[at : at + 1] != "]" or number:
        number += 1
        end = _end_of_element(text, at, number, source)
        yield number, text[at:end]
        at = _past_blanks(text, end)
        if text[at : at + 1] == "]":
            break
        if text[at : at + 1] != ",":
            raise _damaged(source, number, Message("json.no_separator"))
        at = _past_blanks(text, at + 1)
    if text[at + 1 :].strip():
        raise UnreadableFile("file.more_than_an_array", file=source)


def _end_of_element(text: str, at: int, number: int, source: str) -> int:
    try:
        _, end = _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise _damaged(source, number, Message("json.too_deep")) from error
    except json.JSONDecodeError as error:
        place = Message("json.no_json", {"line": error.lineno, "column": error.colno})
        raise _damaged(source, number, place) from error
    except _NoJson as error:
        raise _damaged(source, number, Message("json.constant", {"text": error.constant})) from error
    if end - at > MOST_LINE_BYTES:
        raise _damaged(source, number, Message("json.too_long", {"bytes": MOST_LINE_BYTES}))
    return end


def _damaged(source: str, number: int, reason: Message) -> UnreadableFile:
    return UnreadableFile("file.damaged_element", file=source, n=number, reason=reason)


def _past_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


class _NoJson(Exception):
    """A constant that Python's decoder would take, and JSON does not have: NaN or Infinity."""

    def __init__(self, constant: str) -> None:
        super().__init__(constant)
        self.constant = constant


def _refuse(constant: str) -> NoReturn:
    raise _NoJson(constant)


_BLANKS = re.compile(r"[ \t\r\n]*")
# Numbers stay texts: nobody needs them here, and a number of a million digits costs nothing.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)
