"""The reader's language: every text a page shows is English here in the code and looked up in one catalogue.

A language is one file, `dashboard/language/texts/<language>.po`; English needs none. It is set once at the
start of every run (`speak`) and holds for that run alone, so that two readers never share one. English does
not wait for the library of languages to be imported: the command line starts sooner than that.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en"
Made = TypeVar("Made")
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """English, then every language that has a file."""
    return (ENGLISH, *sorted(file.stem for file in TEXTS.glob("*.po")))


def autonym(language: str) -> str:
    """A language as its speakers call it: Français."""
    from babel import Locale

    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def understood(wished: str | None) -> str | None:
    """The language for a browser's wish ("fr-CA") or a terminal's ("fr_CA.UTF-8"); None if none of ours."""
    first = re.split("[-_.@]", wished or "")[0].lower()
    return first if first in languages() else None


def of_terminal(environment: Mapping[str, str]) -> str:
    """The language of a terminal: the first of ours that the variables wish for which gettext looks at."""
    variables = (environment.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    wished = next((value for value in variables if value), "")
    return next((code for wish in wished.split(":") if (code := understood(wish))), ENGLISH)


def speak(language: str) -> None:
    """Every text of this run from here on is in this language; English where there is no such file."""
    _spoken.set(language if language in languages() else ENGLISH)


def spoken() -> str:
    """The language of this run."""
    return _spoken.get()


def spoken_later(make: Callable[[], Made]) -> Callable[[], Made]:
    """The same, made later in a thread of its own, in the language spoken now."""
    language = spoken()

    def made() -> Made:
        before = spoken()
        speak(language)
        try:
            return make()
        finally:
            speak(before)

    return made


def _(text: str, /, **values: object) -> str:
    """The text in the reader's language, its `{names}` filled in."""
    translation = _catalogue(spoken()).gettext(text) if text else ""
    return translation.format(**values) if values else translation


def ngettext(one: str, many: str, number: float, /, **values: object) -> str:
    """The same for a text that depends on how many there are."""
    translation = _catalogue(spoken()).ngettext(one, many, round(number))
    return translation.format(**values) if values else translation


def N_(text: str, /) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a text for the catalogue where it stands before a language is known: in a constant."""
    return text


def in_english(text: str) -> str:
    """The English that this text says in any of the languages; itself where it says none.

    Links carry texts; so a link made in one language holds in every other.
    """
    return next((_meanings(language)[text] for language in languages() if text in _meanings(language)), text)


def read(language: str) -> Catalog:
    """The file of a language as it stands."""
    from babel.messages.pofile import read_po

    with (TEXTS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _meanings(language: str) -> dict[str, str]:
    """Texts of a language without blanks to fill in, and their English."""
    if language == ENGLISH:
        return {}
    return {
        message.string: message.id
        for message in read(language)
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
    }
