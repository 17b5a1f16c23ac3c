"""Whether a text names somebody: an id stands in it on its own, not as a part of another one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from etl.contract.names import cells_of_broken, decoded_escapes, name_of

# Letters, digits, `_` and `-` join; so do dots and `@` within an address, and `:`, `/` and `,` between
# digits: the customer 12 is not in every noon. Other punctuation beside an id leaves it alone.
_BEFORE = r"(?<![\w-])(?<!\w[.@])(?<!\d[:/,])"
_AFTER = r"(?![\w-])(?![.@]\w)(?![:/,]\d)"


class Words:
    """Words to look for in texts; blanks and accents count as in names, and case unless it is ignored."""

    def __init__(self, words: Collection[str], *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        names = sorted({self._read(word) for word in words} - {""})
        any_of = "|".join(map(re.escape, names))
        self._pattern = re.compile(f"{_BEFORE}(?:{any_of}){_AFTER}")
        self._is_empty = not names

    def is_in(self, text: str) -> bool:
        """Whether one of the words stands in a text on its own."""
        return not self._is_empty and self._pattern.search(self._read(text)) is not None

    def _read(self, text: str) -> str:
        name = name_of(text)
        return name.casefold() if self._ignore_case else name

    def is_in_json(self, content: str) -> bool:
        """Whether one of the words stands in a value of a JSON document, or in a text that is none."""
        try:
            text = "\n".join(_values(json.loads(content)))
        except (ValueError, RecursionError):
            text = content
        if "\\u" in text:  # a damaged line of JSON is kept as its text
            text += "\n" + decoded_escapes(text)
        return self.is_in(text)


def cells_of(content: str) -> set[str]:
    """The whole values of a JSON document; of a text that is none, what may be a cell in it."""
    try:
        return {name_of(value) for value in _values(json.loads(content))}
    except (ValueError, RecursionError):
        return {name_of(cell) for cell in cells_of_broken(content)}


def _values(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for value in document.values():
            yield from _values(value)
    elif isinstance(document, list):
        for value in document:
            yield from _values(value)
    elif isinstance(document, float) and document.is_integer():
        yield str(int(document))  # some formats keep the id 1002 as 1002.0
    else:
        yield str(document)
