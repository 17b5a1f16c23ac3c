"""Sentences that the core writes in English, read back into their forms: the form is what is translated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

BLANK = re.compile(r"\{(\w+)\}")


def read_back(sentence: str, forms: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """The first form that the sentence has, and what fills its blanks; None where it has none of them."""
    for form in forms:
        if found := _pattern(form).fullmatch(sentence):
            return form, found.groupdict()
    return None


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = BLANK.split(form)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL
    )
