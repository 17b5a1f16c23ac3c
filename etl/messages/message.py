"""A message as data, and how it becomes a sentence."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from etl.messages import english
from etl.messages.controls import without_controls
from etl.messages.table import TEMPLATES


@dataclass(frozen=True)
class Message:
    """A code of the table of templates, and what fills its blanks.

    `values` are what JSON has, and messages within messages: instants and paths are kept as texts.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", {name: _plain(value) for name, value in self.values.items()})

    def __str__(self) -> str:
        return render(self)

    def as_data(self) -> dict[str, Any]:
        """Code and values for JSON and logs, with the English sentence beside them."""
        return {"code": self.code, "values": _data(self.values), "text": str(self)}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """In a model it is dumped as its data, and read from them."""
        dump = core_schema.plain_serializer_function_ser_schema(cls.as_data)
        return cast("CoreSchema", {**handler(source), "serialization": dump})


@dataclass(frozen=True)
class Style:
    """How a language words a message.

    `look_up` gives the template in that language. `formats` has a function for each kind of blank: the word
    behind the colon in `{n:ticket}` or `{share:percent}`.
    """

    look_up: Callable[[str], str]
    formats: english.Formats


ENGLISH = Style(look_up=lambda template: template, formats=english.FORMATS)


def render(message: Message, style: Style = ENGLISH) -> str:
    """The message as a sentence. A code that the table lacks is said as it stands."""
    template = TEMPLATES.get(message.code)
    if template is None:
        return without_controls(message.code)
    return _Template(style).vformat(style.look_up(template), (), message.values)


def message_of(data: Any) -> Message:
    """The message that was kept as JSON: an object with `code` and `values`."""
    return Message(data["code"], data["values"])


class _Template(string.Formatter):
    def __init__(self, style: Style) -> None:
        self._style = style

    def convert_field(self, value: Any, conversion: Any) -> Any:
        convert = super().convert_field
        if isinstance(value, list):
            return [convert(part, conversion) for part in value]
        return convert(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Mapping) and {"code", "values"} <= set(value):  # one that was kept as JSON
            value = message_of(value)
        if isinstance(value, Message):
            return render(value, self._style)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return ("; " if format_spec == "parts" else ", ").join(
                self.format_field(part, "kind" if format_spec == "kind" else "") for part in value
            )
        if value is None:
            return "–"
        if not format_spec:
            return without_controls(str(value))
        return self._style.formats[format_spec](value)


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case PurePath():
            return str(value)
        case str() | bool() | int() | float() | None | Message():
            return value
        case Mapping():
            return {name: _plain(part) for name, part in value.items()}
        case Sequence() | set() | frozenset():
            return [_plain(part) for part in value]
    return str(value)


def _data(value: Any) -> Any:
    match value:
        case Message():
            return {"code": value.code, "values": _data(value.values)}
        case Mapping():
            return {name: _data(part) for name, part in value.items()}
        case list():
            return [_data(part) for part in value]
    return value
