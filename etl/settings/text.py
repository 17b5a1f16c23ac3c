"""Settings written out as the TOML that says the same, each field under a comment that says what it means."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_WIDTH = 100


def as_toml(settings: BaseModel) -> str:
    """The settings as a file that can be read again. What is not set stands there as a comment."""
    values = settings.model_dump()
    fields = type(settings).model_fields
    lines = [line for name, field in fields.items() for line in _plain(name, field, values[name])]
    for name, field in fields.items():
        if isinstance(values[name], dict):
            lines += ["", *_comment(field), f"[{name}]"]
            lines += (
                _entries(field.annotation, values[name])
                if _is_model(field.annotation)
                else [f"{key} = {_value(value)}" for key, value in values[name].items()]
            )
        elif item := _model_of_items(field):
            lines += ["", *_comment(field), *_items(name, item, values[name])]
    return "\n".join(lines) + "\n"


def _items(name: str, item: type[BaseModel], entries: tuple[dict[str, Any], ...]) -> Iterator[str]:
    if not entries:
        yield f"# [[{name}]]"
        for at, field in item.model_fields.items():
            yield from _comment(field, "#   ")
            yield f"# {at} ="
    for number, entry in enumerate(entries):
        if number:
            yield ""
        yield f"[[{name}]]"
        yield from _entries(item, entry, is_explained=number == 0)


def _entries(model: Any, values: dict[str, Any], *, is_explained: bool = True) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if is_explained:
            yield from _comment(field)
        if values[name] is not None:
            yield f"{name} = {_value(values[name])}"
        elif is_explained:
            yield f"# {name} ="


def _plain(name: str, field: FieldInfo, value: Any) -> Iterator[str]:
    """A field that is no table."""
    if isinstance(value, dict) or _model_of_items(field):
        return
    yield from _comment(field)
    yield f"# {name} =" if value is None else f"{name} = {_value(value)}"


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _model_of_items(field: FieldInfo) -> type[BaseModel] | None:
    inner = next(iter(get_args(field.annotation)), None)
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _comment(field: FieldInfo, mark: str = "# ") -> list[str]:
    return textwrap.wrap(field.description or "", _WIDTH, initial_indent=mark, subsequent_indent=mark)


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(part) for part in value)}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for DEL, which TOML wants escaped as well.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
