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
    errno.EADDRINUSE: "os.address_in_use",
}


def os_reason(error: Exception) -> Message:
    """Why the system refused: no space, say, or no permission."""
    number = error.errno if isinstance(error, OSError) else _number_within(error)
    if number is None:
        return Message("os.unknown")
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


def invalid(code: str, **values: object) -> PydanticCustomError:
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
    """Why a row is rejected, by the name of the rule that it breaks."""
    return Message(f"rule.{rule}")


def field_problem(error: Mapping[str, Any]) -> Message:
    """What is wrong with a field, from one of the errors that pydantic lists.

    Our own validators raise `PydanticCustomError` with one of our codes; of pydantic's types those that our
    models can meet are in the table, and any other is a wrong value.
    """
    context = dict(error.get("ctx") or {})
    if "expected" in context:  # a list with an English "or" in it
        context["expected"] = str(context["expected"]).replace(" or ", ", ")
    if error["type"] in TEMPLATES:
        return Message(error["type"], context)
    code = f"field.{error['type']}"
    return Message(code, context) if code in TEMPLATES else Message("field.wrong")
