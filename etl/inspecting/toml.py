"""A mapping as a TOML file for a person to check: guesses with reasons, assumptions as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Members
from pathlib import Path
from typing import Any

from etl.errors import InvalidMapping
from etl.inspecting.inspection import Inspection, plain
from etl.mapping import Mapping

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def mapping_toml(
    mapping: Mapping, because: Members[str, str] | None = None, assumed: list[str] | None = None
) -> str:
    """The mapping as TOML; reading it gives the same mapping."""
    return (
        "\n".join(
            _lines(mapping.model_dump(mode="json", exclude_defaults=True), because or {}, assumed or [])
        )
        + "\n"
    )


def write_mapping(inspection: Inspection, path: Path) -> None:
    """Write a guessed mapping for the user to check.

    Raises:
        InvalidMapping: there is a file already, or it cannot be written.
    """
    text = mapping_toml(inspection.mapping, inspection.because, inspection.assumed)
    name = plain(Path(inspection.path).name)
    header = f"# A mapping for {name}, guessed from its names and values. Check each line before you load.\n"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(header + text)
    except FileExistsError as error:
        raise InvalidMapping(
            f"There is a file {path} already. Name another one, or take it away first."
        ) from error
    except OSError as error:
        raise InvalidMapping(f"The mapping cannot be written to {path}: {error.strerror}.") from error


def _lines(mapping: dict[str, Any], because: Members[str, str], assumed: list[str]) -> Iterator[str]:
    if assumed:
        yield "#"
        yield "# Assumed, since the file does not say:"
        yield from (f"# - {_comment(text)}" for text in assumed)
    yield ""
    tables = {name: value for name, value in mapping.items() if isinstance(value, dict)}
    for name, value in mapping.items():
        if name not in tables and name != "event":
            yield f"{name} = {_value(value)}{_why(because.get(name))}"
    for name, table in tables.items():
        if name == "values":
            for column, words in table.items():
                yield from ("", f"[values.{_key(column)}]")
                yield from (f"{_key(word)} = {_value(ours)}" for word, ours in words.items())
            continue
        yield from ("", f"[{name}]")
        reasons = because if name == "columns" else {}
        yield from (f"{_key(key)} = {_value(value)}{_why(reasons.get(key))}" for key, value in table.items())
    for event in mapping.get("event", []):
        yield from ("", "[[event]]")
        yield from (f"{_key(key)} = {_value(value)}" for key, value in event.items())


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
