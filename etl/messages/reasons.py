"""Reasons that have a name already, as messages: of the system, of pydantic, of a rule that a row breaks."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping, Sequence
from tomllib import TOMLDecodeError
from typing import Any

from pydantic_core import PydanticCustomError

from etl.messages.message import Message
from etl.messages.table import TEMPLATES

_OF_THE_SYSTEM = {
    errno.EACCES: "os.not_permitted",
    errno.EPERM: "os.not_permitted",
    errno.ENOENT: "os.not_there",
    errno.ENOTDIR: "os.not_a_folder",
    errno.EISDIR: "os.is_a_folder",
    errno.ENOSPC: "os.no_space",
    errno.EDQUOT: "os.no_space",
    errno.EFBIG: "os.too_large",
    errno.EROFS: "os.read_only",
    errno.EIO: "os.disk_fails",
    errno.EMFILE: "os.too_many_files",
    errno.ENFILE: "os.too_many_files",
    errno.ENAMETOOLONG: "os.name_too_long",
    errno.EEXIST: "os.is_there_already",
    errno.ENOLCK: "os.no_locks",
    errno.EOPNOTSUPP: "os.no_locks",
    errno.ENOSYS: "os.no_locks",
    errno.EADDRINUSE: "os.address_in_use",
}


def os_reason(error: Exception) -> Message:
    """Why the system refused: no space, say, or no permission."""
    number = error.errno if isinstance(error, OSError) else _number_within(error)
    if number is None:
        return Message("os.unknown", {"detail": str(error)})
    code = _OF_THE_SYSTEM.get(number)
    return Message(code) if code else Message("os.other", {"number": number})


def _number_within(error: Exception) -> int | None:
    """Libraries that write files themselves say what the system says, and lose its number."""
    return next((number for number in _OF_THE_SYSTEM if os.strerror(number) in str(error)), None)


def toml_problem(error: TOMLDecodeError | UnicodeDecodeError) -> Message:
    """Where a text stops being TOML."""
    if isinstance(error, UnicodeDecodeError):
        return Message("toml.not_utf8")
    place = _TOML_PLACE.search(str(error))  # the error has no numbers of its own before Python 3.14
    if place is None:
        return Message("toml.unfinished")
    return Message("toml.wrong", {"line": int(place[1]), "column": int(place[2])})


_TOML_PLACE = re.compile(r"line (\d+), column (\d+)")


def field_error(code: str, **values: object) -> PydanticCustomError:
    """What a validator of ours raises: a code of the table with its values, which `field_problem` reads."""
    message = Message(code, values)
    # Pydantic fills blanks of its own in what it is given: here there are none left.
    return PydanticCustomError(code, str(message).replace("{", "("), dict(message.values))


def some_names(names: Sequence[str], most: int = 20) -> Message:
    """Names in quotes; of very many only the first, for nobody would read the others."""
    if not names:
        return Message("names.none")
    if len(names) <= most:
        return Message("names.all", {"names": names})
    return Message("names.more", {"names": names[:most], "n": len(names) - most})


def rejection(rule: str) -> Message:
    """Why a row is rejected, by the name of the rule that it breaks: its own reason, or one of any column."""
    if (own := f"rule.{rule}") in TEMPLATES:
        return Message(own)
    for end in _OF_ANY_COLUMN:
        if rule.endswith(f"_{end}"):
            return Message(f"rule.{end}", {"column": rule.removesuffix(f"_{end}")})
    return Message(own)


_OF_ANY_COLUMN = (
    *("missing", "unreadable", "too_low", "without_zone", "skipped_by_clock"),
    *("excel_serial", "bare_number", "too_early", "in_future"),
)


def field_problem(error: Mapping[str, Any]) -> Message:
    """What is wrong with a field, from one of the errors that pydantic lists.

    Our own validators raise `PydanticCustomError` with one of our codes; of pydantic's types those that our
    models can meet have a code, and any other is a wrong value.
    """
    context = dict(error.get("ctx") or {})
    if "expected" in context:  # a list with an English "or" in it
        context["expected"] = str(context["expected"]).replace(" or ", ", ")
    if error["type"] in TEMPLATES:
        return Message(error["type"], context)
    return Message(_OF_PYDANTIC.get(error["type"], "field.wrong"), context)


_OF_PYDANTIC = {
    type_: code
    for code, types in {
        "field.missing": ("missing",),
        "field.unknown": ("extra_forbidden",),
        "field.text": ("string_type",),
        "field.pattern": ("string_pattern_mismatch",),
        "field.short_text": ("string_too_short",),
        "field.long_text": ("string_too_long",),
        "field.whole_number": ("int_type", "int_parsing", "int_from_float"),
        "field.number": ("float_type", "float_parsing"),
        "field.finite_number": ("finite_number",),
        "field.true_or_false": ("bool_type", "bool_parsing"),
        "field.above": ("greater_than",),
        "field.at_least": ("greater_than_equal",),
        "field.below": ("less_than",),
        "field.at_most": ("less_than_equal",),
        "field.one_of": ("literal_error", "enum"),
        "field.list": ("list_type", "tuple_type", "set_type"),
        "field.table": ("dict_type", "model_type", "model_attributes_type", "mapping_type"),
        "field.short_list": ("too_short",),
        "field.long_list": ("too_long",),
        "field.date": ("date_type", "date_parsing", "date_from_datetime_parsing"),
        "field.not_json": ("json_invalid", "json_type"),
    }.items()
    for type_ in types
}
