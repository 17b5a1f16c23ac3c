"""Every mistake in a mapping: its line, its key, and what was expected there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Members
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from etl.mapping.toml_lines import line_of
from etl.mapping.value_from import LOOKUP, NAME, TABLE
from etl.messages import Message, field_problem

MOST_MISTAKES = 20
_OF_A_KEY = "[key]"
"""What pydantic adds to the place of a key that is wrong itself."""
_FORMS = (NAME, TABLE, LOOKUP)


def mistakes_in(error: ValidationError, text: str, model: type[BaseModel]) -> list[Message]:
    """The mistakes that pydantic found in a TOML text, in the order of its lines; of very many the first.

    What all tables share is checked with each of them, and named once, where it stands.
    """
    mistakes: list[tuple[int, Message]] = []
    stated = tomllib.loads(text)
    for problem in error.errors():
        place = tuple(part for part in problem["loc"] if part not in (*_FORMS, _OF_A_KEY))
        place = _stated_place(place, stated)
        values: dict[str, Any] = {"place": _key(place), "problem": field_problem(problem)}
        if problem["type"] == "extra_forbidden" and (keys := _keys_beside(problem["loc"], model)):
            values["problem"] = Message("mapping.unknown_key", {"keys": keys})
        if problem["type"] == "model_type" and TABLE in problem["loc"]:
            values["problem"] = Message("mapping.no_column_value")
        if (line := line_of(text, place)) is None:
            mistake = (0, Message("mapping.mistake", values))
        else:
            mistake = (line, Message("mapping.mistake_in_line", values | {"line": line}))
        if mistake not in mistakes:
            mistakes.append(mistake)
    ordered = [message for _, message in sorted(mistakes, key=lambda mistake: mistake[0])]
    left = len(ordered) - MOST_MISTAKES
    more = [Message("mapping.more_mistakes", {"n": left})] if left > 0 else []
    return ordered[:MOST_MISTAKES] + more


def _stated_place(place: tuple[str | int, ...], stated: dict[str, Any]) -> tuple[str | int, ...]:
    """Where a file states what is wrong at a place of a table: there, or where all tables have it from."""
    shared = place[2:]
    if place[:1] == ("tables",) and _depth(shared, stated) > _depth(place, stated) - 2:
        return shared
    return place


def _depth(place: Sequence[str | int], stated: Any) -> int:
    """How many parts of a place lead to something that is stated."""
    for depth, part in enumerate(place):
        try:
            stated = stated[part]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(place)


def _key(place: Sequence[str | int]) -> str:
    """The key as a person finds it: the second `[[event]]` is `event 2`."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f" {part + 1}"
        else:
            text += f".{part}" if text else part
    return text


def _keys_beside(place: Sequence[str | int], model: type[BaseModel]) -> list[str]:
    """The keys that may stand in the table of which one is unknown."""
    annotation: Any = model
    for part in place[:-1]:
        annotation = _inner(annotation, part)
    table = _model(annotation)
    return [field.alias or name for name, field in table.model_fields.items()] if table else []


def _inner(annotation: Any, part: str | int) -> Any:
    """What stands under a key, or a number, of what an annotation describes; of a form, the form itself."""
    if part in _FORMS:
        forms = [form for each in (annotation, *get_args(annotation)) for form in get_args(each)]
        return next((form for form in forms if Tag(str(part)) in get_args(form)), None)
    table = _model(annotation)
    if table is not None:
        fields = {field.alias or name: field for name, field in table.model_fields.items()}
        return fields[part].annotation if part in fields else None
    for each in (annotation, *get_args(annotation)):
        if get_origin(each) in (dict, list, Members):
            return get_args(each)[-1]
    return None


def _model(annotation: Any) -> type[BaseModel] | None:
    """The table that an annotation describes, also where something else may stand in its place."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (dict, list, Members):
        return None
    return next((model for each in get_args(annotation) if (model := _model(each))), None)
