"""The reader's language: every text a page shows is English here in the code and looked up in one catalogue.

A language is one file, `dashboard/texts/<language>.po`; English needs none. The language is set once at the
start of every run (`speak`) and holds for that run alone, so that two readers never share one.
"""

from __future__ import annotations

import io
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en"
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def languages() -> tuple[str, ...]:
    """English, then every language that has a file."""
    return (ENGLISH, *sorted(file.stem for file in TEXTS.glob("*.po")))


def speak(language: str) -> None:
    """Every text of this run from here on is in this language; English where there is no such file."""
    _spoken.set(language if language in languages() else ENGLISH)


def spoken() -> str:
    """The language of this run."""
    return _spoken.get()


def _(text: str, /, **values: object) -> str:
    """The text in the reader's language, its `{names}` filled in."""
    said = _catalogue(spoken()).gettext(text) if text else ""
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: float, /, **values: object) -> str:
    """The same for a text that depends on how many there are."""
    said = _catalogue(spoken()).ngettext(one, many, round(number))
    return said.format(**values) if values else said


def N_(text: str, /) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a text for the catalogue where it stands before a language is known: in a constant."""
    return text


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with (TEXTS / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
