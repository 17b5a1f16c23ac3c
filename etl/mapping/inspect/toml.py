"""A mapping as a TOML file for a person to check: guesses with reasons, assumptions as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Members
from pathlib import Path
from typing import Any

from etl.errors import InvalidMapping
from etl.mapping.mapping import Mapping
from etl.messages import os_reason

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def mapping_toml(mapping: Mapping, because: Members[str, str], comments: Sequence[str] = ()) -> str:
    """The mapping as TOML; reading it gives the same mapping. The comments stand first, a line each."""
    head = [f"# {_comment(line)}".rstrip() for line in comments]
    lines = _lines(mapping.model_dump(mode="json", exclude_defaults=True), because)
    return "\n".join([*head, *lines]) + "\n"


def write_mapping(text: str, path: Path) -> None:
    """Write a guessed mapping for the user to check.

    Raises:
        InvalidMapping: there is a file already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InvalidMapping("mapping.is_there_already", path=path) from error
    except OSError as error:
        raise InvalidMapping("mapping.not_writable", path=path, reason=os_reason(error)) from error


def _lines(
    mapping: Members[str, Any], because: Members[str, str], path: tuple[str, ...] = ()
) -> Iterator[str]:
    yield ""
    tables = {name: value for name, value in mapping.items() if isinstance(value, dict)}
    for name, value in mapping.items():
        if name not in tables and name != "event":
            yield f"{name} = {_value(value)}{_why(because.get(name))}"
    for name, table in tables.items():
        if name in ("values", "lookup"):
            for part, members in table.items():
                yield from ("", f"[{_path(*path, name, part)}]")
                yield from (f"{_key(key)} = {_value(value)}" for key, value in members.items())
        elif name == "tables":
            for part, members in table.items():
                yield from ("", f"[{_path(*path, name, part)}]", *_lines(members, {}, (*path, name, part)))
        else:
            yield from ("", f"[{_path(*path, name)}]")
            reasons = because if name == "columns" else {}
            yield from (
                f"{_key(key)} = {_value(value)}{_why(reasons.get(key))}" for key, value in table.items()
            )
    for event in mapping.get("event", []):
        yield from ("", f"[[{_path(*path, 'event')}]]")
        yield from (f"{_key(key)} = {_value(value)}" for key, value in event.items())


def _path(*names: str) -> str:
    return ".".join(map(_key, names))


def _why(reason: str | None) -> str:
    return f"  # {_comment(reason)}" if reason else ""


def _comment(text: str) -> str:
    """No text from a file may end the comment it stands in."""
    return "".join(sign if sign.isprintable() else "·" for sign in text)


def _key(name: str) -> str:
    return name if _BARE.match(name) else _value(name)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(member)}" for key, member in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(member) for member in value) + "]"
    # JSON and TOML write a text the same way, but for the character DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
