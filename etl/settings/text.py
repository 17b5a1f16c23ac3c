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
    fields = type(settings).model_fields
    lines = [line for name, field in fields.items() if _is_plain(field) for line in _field(name, settings)]
    for name, field in fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            lines += ["", *_comment(field), f"[{name}]", *_entries(value)]
        elif isinstance(value, dict):
            lines += ["", *_comment(field), f"[{name}]"]
            lines += [f"{key} = {_value(each)}" for key, each in value.items()]
        elif item := _model_of_items(field):
            is_set = name in settings.model_fields_set
            lines += ["", *_comment(field), *_items(name, item, value, is_set=is_set)]
    return "\n".join(lines) + "\n"


def _items(
    name: str, item: type[BaseModel], entries: tuple[BaseModel, ...], *, is_set: bool
) -> Iterator[str]:
    if not is_set or not entries:
        yield f"# [[{name}]]"
        values = entries[0].model_dump(exclude_unset=True) if entries else {}
        for at, field in item.model_fields.items():
            yield from _comment(field, "#   ")
            yield f"# {at} = {_value(values[at])}" if at in values else f"# {at} ="
        return
    for number, entry in enumerate(entries):
        if number:
            yield ""
        yield f"[[{name}]]"
        yield from _entries(entry, is_explained=number == 0)


def _entries(model: BaseModel, *, is_explained: bool = True) -> Iterator[str]:
    for name in type(model).model_fields:
        yield from _field(name, model, is_explained=is_explained)


def _field(name: str, model: BaseModel, *, is_explained: bool = True) -> Iterator[str]:
    """A field that is no table; as a comment where it is not set."""
    value, is_set = model.model_dump()[name], name in model.model_fields_set
    if is_explained:
        yield from _comment(type(model).model_fields[name])
    if value is None and is_explained:
        yield f"# {name} ="
    elif value is not None and (is_set or is_explained):
        yield f"{'' if is_set else '# '}{name} = {_value(value)}"


def _is_plain(field: FieldInfo) -> bool:
    is_table = _is_model(field.annotation) or isinstance(field.default, dict)
    return not is_table and not _model_of_items(field)


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
