"""What counts as one name: how a text is written is no part of it, upper and lower case are.

Teams, steps, channels, ids and answers come from many systems and editors. Blanks around a name, a no-break
space in it, a zero-width one, and whether `ë` is one sign or two cannot be seen, so they never make two names
of one. What can be seen counts: `Billing` and `billing` stay two, and are only hinted at.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

import polars as pl
from pydantic import AfterValidator

BLANK = " \t\r\n"
_SPACES = r"[\u{A0}\u{1680}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}]"
_INVISIBLE = r"[\u{200B}\u{2060}\u{FEFF}]"
_SPACES_OF_ONE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE_OF_ONE = re.compile("[\u200b\u2060\ufeff]")
_WORD_ENDS = re.compile(r"[\s,;|\"']+")
_FIELD_ENDS = re.compile(r"[,;|\t\n\"'{}\[\]:=<>]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def name_of(text: str) -> str:
    """The name that a text writes."""
    text = text.strip(BLANK)
    if text.isascii():
        return text
    plain = _SPACES_OF_ONE.sub(" ", _INVISIBLE_OF_ONE.sub("", text))
    return unicodedata.normalize("NFC", plain).strip(BLANK)


def names_of(texts: pl.Series) -> pl.Series:
    """The names that a column of texts writes, by the same rule; empty ones stay empty texts."""
    names = texts.str.strip_chars(BLANK)
    is_ascii = names.str.len_bytes() == names.str.len_chars()
    others = names.filter(~is_ascii.fill_null(value=True)).unique()
    if others.is_empty():
        return names
    plain = others.str.replace_all(_INVISIBLE, "").str.replace_all(_SPACES, " ")
    return names.replace(others, plain.str.normalize("NFC").str.strip_chars(BLANK))


def folded(texts: pl.Series) -> pl.Series:
    """Texts without a difference between upper and lower case, as `str.casefold` has it."""
    lower = texts.str.to_lowercase()
    others = lower.filter((lower.str.len_bytes() != lower.str.len_chars()).fill_null(value=False)).unique()
    if others.is_empty():
        return lower
    return lower.replace(others, pl.Series([text.casefold() for text in others], dtype=pl.String))


def look_alike_keys(names: pl.Series) -> pl.Series:
    """The same for names that differ only in case, in width, or in blanks and signs that cannot be seen."""
    wide = names.str.normalize("NFKC").str.to_lowercase()
    return wide.str.replace_all(r"[\s\p{Cf}]", "")


Name = Annotated[str, AfterValidator(name_of)]
"""A text of a mapping or of the settings that is compared with names in the data."""


def decoded_escapes(text: str) -> str:
    """A text of damaged JSON with the characters that its escapes stand for."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


def cells_of_broken(text: str) -> set[str]:
    """What may be a cell of a row whose columns nobody can tell apart.

    Each word, each field with the blanks in it, and each value of damaged JSON.
    """
    if "\\u" in text:
        text += "\n" + decoded_escapes(text)
    words = (word.strip("{}[]():") for word in _WORD_ENDS.split(text))
    return {*_WORD_ENDS.split(text), *words, *(field.strip() for field in _FIELD_ENDS.split(text))} - {""}
