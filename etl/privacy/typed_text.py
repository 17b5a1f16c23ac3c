"""A text as a keyboard would type it: whatever digits, dashes and blanks it is written with.

What cannot be seen is left out: soft hyphens, zero-width signs, accents that stand apart. So a number is the
same number in full-width or Arabic digits, and with a dash of any length.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

Span = tuple[int, int]

TYPED = r"^[ -~]*$"
"""A text that is typed already; for both engines of patterns."""

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn"})
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters that draw nothing
_AS_TYPED = {
    **dict.fromkeys("\n\r\u2028\u2029", "\n"),
    **dict.fromkeys("\t\u2800", " "),
    **dict.fromkeys(_FILLERS, ""),
    **dict.fromkeys("\u2212\u2043\u02d7\u30fc\ufe63", "-"),
    **dict.fromkeys("\u00b7\u2022\u2219\u22c5\u30fb\u3002\uff61", "."),
    **dict.fromkeys("\u2044\u2215\u29f8", "/"),
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    "\u2795": "+",
}


class _Signs(dict[int, str]):
    """What stands for each sign, by its number; worked out once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        typed = _typed(sign)
        if typed == sign:
            typed = "".join(map(_typed, unicodedata.normalize("NFKC", sign)))
        self[code] = typed
        return typed


_SIGNS = _Signs()


def as_typed(text: str) -> str:
    """The text with plain digits, dashes and blanks, and without what cannot be seen."""
    return text if text.isascii() and text.isprintable() else text.translate(_SIGNS)


class TypedText:
    """A text as it is typed, and where each part of it stands in the text as it is written."""

    def __init__(self, written: str) -> None:
        self._written = written
        self.text = as_typed(written)

    def written_span(self, span: Span) -> Span:
        """Where a part of the typed text is written, with what cannot be seen in and behind it."""
        if self.text is self._written:
            return span
        begin, end = span
        last = bisect_right(self._ends, end - 1)
        return bisect_right(self._ends, begin), max(last + 1, bisect_right(self._ends, end))

    @cached_property
    def _ends(self) -> list[int]:
        """Where each sign of the written text ends in the typed one."""
        return list(accumulate(len(_SIGNS[ord(sign)]) for sign in self._written))


def _typed(sign: str) -> str:
    if sign in _AS_TYPED:
        return _AS_TYPED[sign]
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category in _HIDDEN:
        return ""
    return {"Zs": " ", "Pd": "-"}.get(category, sign)
