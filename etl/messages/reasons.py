"""Reasons that have a name already, as messages: of the system, of pydantic, of a rule that a row breaks."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any

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


def os_reason(error: OSError) -> Message:
    """Why the system refused: no space, say, or no permission."""
    code = _OF_THE_SYSTEM.get(error.errno or 0)
    return Message(code) if code else Message("os.other", {"number": error.errno or 0})


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
