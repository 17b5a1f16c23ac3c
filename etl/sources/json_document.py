"""A JSON document: one list of objects, as it is or within what an API wraps around it; or several of these.

What an API answers is an object with the list somewhere in it, and with members that speak of the answer:
`{"tickets": [...], "next_page": null}`. Several answers may stand one behind the other, or in a list.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from etl.errors import UnreadableFile
from etl.messages import Message, some_names
from etl.sources.limits import MOST_DEPTH, MOST_LINE_BYTES
from etl.sources.objects import objects_table
from etl.sources.table import FileForm, Table
from etl.sources.text import utf8_contents

_ABOUT_A_PAGE = frozenset(
    {
        *("count", "total", "total_count", "total_results", "size", "limit", "offset", "success", "status"),
        *("page", "page_size", "per_page", "pages", "total_pages", "page_count", "current_page", "last_page"),
        *("start_at", "startat", "max_results", "maxresults", "is_last", "islast", "has_more", "hasmore"),
        *("next", "next_page", "nextpage", "next_url", "next_page_token", "nextpagetoken", "next_cursor"),
        *("previous", "previous_page", "previous_url", "prev", "prev_page", "cursor", "end_of_stream"),
        *("after_cursor", "before_cursor", "after_url", "before_url", "end_time", "first_page", "expand"),
        *("links", "_links", "self", "url", "meta", "metadata", "paging", "pagination", "facets", "message"),
        *("type", "object"),
    }
)
"""Members that speak of an answer, not of what it is about; in lower case."""


def read_json(path: Path, form: FileForm) -> Table:
    """Every member of an object as text (nested ones as JSON); elements that are no object are broken rows.

    Raises:
        UnreadableFile: not in the stated encoding, damaged, no list of objects or several of them.
    """
    data = utf8_contents(path, form.encoding, has_lines=False)
    document = _Document(data.decode(), path.name)
    document.scan(form.rows)
    return objects_table(document.elements(form.rows), path.name, size=len(data))


def elements_of_page(text: str, source: str, rows: str | None) -> Iterator[str]:
    """The elements of the list in one answer of an API, as they are written.

    Raises:
        UnreadableFile: damaged, no list of objects or several of them.
    """
    document = _Document(text, source)
    document.scan(rows)
    return (element for _, element in document.elements(rows))


def is_page(value: object) -> bool:
    """Whether an object is an answer around a list: it has one of objects, and else speaks of itself."""
    if not isinstance(value, dict):
        return False
    others = [member for name, member in value.items() if name.lower() not in _ABOUT_A_PAGE]
    return len(others) == 1 and _holds_objects(others[0])


def decode(text: str) -> Any:
    """The value that a JSON text stands for, its numbers as the texts they are written as.

    Raises:
        ValueError: it is not JSON.
    """
    return _DECODER.decode(text)


class _Document:
    """The lists in a text: for each, by the names that lead to it, where its elements begin and end."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._spans: dict[str, array[int]] = {}
        self._of_objects: set[str] = set()
        self._has_pages = True

    def scan(self, rows: str | None) -> None:
        """Look through the whole text."""
        at, text = _past_blanks(self._text, 0), self._text
        if text[at : at + 1] not in ("[", "{"):
            raise UnreadableFile("file.no_json", file=self._source, begin=text[at : at + 10])
        while at < len(text):
            if text[at] == "[":
                at = self._list(at, "")
            elif text[at] == "{":
                at = self._object(at, "", 1)
            else:
                raise UnreadableFile("file.more_than_an_array", file=self._source)
            at = _past_blanks(text, at)
        top = self._spans.get("", array("Q"))
        if top and (rows or self._has_pages):
            del self._spans[""]
            self._of_objects.discard("")
            for begin in top[::2]:
                if text[begin] == "{":
                    self._object(begin, "", 1)

    def elements(self, rows: str | None) -> Iterator[tuple[int, str]]:
        """The elements of the list that is meant, numbered from 1."""
        spans = self._spans[self._meant(rows)]
        for number in range(len(spans) // 2):
            yield number + 1, self._text[spans[2 * number] : spans[2 * number + 1]]

    def _meant(self, rows: str | None) -> str:
        lists = sorted(self._of_objects)
        lists = [name for name in lists if name.rpartition(".")[2].lower() not in _ABOUT_A_PAGE] or lists
        if rows is not None:
            if rows not in self._spans:
                raise UnreadableFile(
                    "file.no_such_list", file=self._source, name=rows, lists=some_names(lists)
                )
            return rows
        if len(lists) > 1:
            raise UnreadableFile(
                "file.several_lists", file=self._source, lists=some_names(lists), first=json.dumps(lists[0])
            )
        if not lists and self._spans.keys() - {""}:
            raise UnreadableFile("file.no_object", file=self._source)
        if not lists and "" not in self._spans:
            raise UnreadableFile("file.no_list", file=self._source)
        return lists[0] if lists else ""

    def _list(self, at: int, path: str) -> int:
        """Take in the list that begins here; where it ends."""
        text, number = self._text, 0
        spans = self._spans.setdefault(path, array("Q"))
        at = _past_blanks(text, at + 1)
        while text[at : at + 1] != "]" or number:
            number += 1
            value, end = self._value(at, number)
            spans.extend((at, end))
            if isinstance(value, dict):
                self._of_objects.add(path)
            if not path:
                self._has_pages = self._has_pages and is_page(value)
            at = _past_blanks(text, end)
            if text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                raise self._damage_error(number, Message("json.no_separator"))
            at = _past_blanks(text, at + 1)
        return at + 1

    def _object(self, at: int, path: str, depth: int) -> int:
        """Take in the lists of the object that begins here; where it ends."""
        text = self._text
        if depth > MOST_DEPTH:
            raise self._damage_error(0, Message("json.too_deep"))
        at, is_first = _past_blanks(text, at + 1), True
        while text[at : at + 1] != "}" or not is_first:
            is_first = False
            if text[at : at + 1] != '"':
                raise self._damage_error(0, self._place(at))
            key, at = self._value(at, 0)
            at = _past_blanks(text, at)
            if text[at : at + 1] != ":":
                raise self._damage_error(0, self._place(at))
            at, name = _past_blanks(text, at + 1), f"{path}.{key}" if path else key
            if text[at : at + 1] == "[":
                at = self._list(at, name)
            elif text[at : at + 1] == "{":
                at = self._object(at, name, depth + 1)
            else:
                _, at = self._value(at, 0)
            at = _past_blanks(text, at)
            if text[at : at + 1] == "}":
                break
            if text[at : at + 1] != ",":
                raise self._damage_error(0, self._place(at))
            at = _past_blanks(text, at + 1)
        return at + 1

    def _value(self, at: int, number: int) -> tuple[Any, int]:
        """The value that begins here and where it ends; `number`: its place in a list, 0 outside of one."""
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except RecursionError as error:
            raise self._damage_error(number, Message("json.too_deep")) from error
        except json.JSONDecodeError as error:
            raise self._damage_error(number, self._place(error.pos)) from error
        except _NoJson as error:
            raise self._damage_error(number, Message("json.constant", {"text": error.constant})) from error
        if end - at > MOST_LINE_BYTES:
            raise self._damage_error(number, Message("json.too_long", {"bytes": MOST_LINE_BYTES}))
        return value, end

    def _place(self, at: int) -> Message:
        line = self._text.count("\n", 0, at) + 1
        return Message("json.no_json", {"line": line, "column": at - self._text.rfind("\n", 0, at)})

    def _damage_error(self, number: int, reason: Message) -> UnreadableFile:
        if not number:
            return UnreadableFile("file.damaged_json", file=self._source, reason=reason)
        return UnreadableFile("file.damaged_element", file=self._source, n=number, reason=reason)


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(element, dict) for element in value)


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


class _NoJson(ValueError):
    """A constant that Python's decoder would take, and JSON does not have: NaN or Infinity."""

    def __init__(self, constant: str) -> None:
        super().__init__(constant)
        self.constant = constant


def _refuse(constant: str) -> NoReturn:
    raise _NoJson(constant)


_BLANKS = re.compile(r"[ \t\r\n]*")
# Numbers stay texts: an id is what is written, and a number of a million digits costs nothing.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)
