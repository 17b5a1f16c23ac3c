"""Mappings as users write them: a file of TOML, and a source that may be named beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from etl.contract.sources import is_source_name
from etl.errors import InvalidMapping, InvalidRequest
from etl.mapping.mapping import Mapping
from etl.mapping.mistakes import mistakes_in
from etl.messages import os_reason, toml_problem


def with_source(mapping: Mapping, name: str | None) -> Mapping:
    """The mapping of a system of this name, whatever the mapping says; as it is where none is named.

    Raises:
        InvalidRequest: a source cannot be called so.
    """
    if name is None:
        return mapping
    if not is_source_name(name):
        raise InvalidRequest("source.refused_name", name=name)
    tables = {key: table.model_copy(update={"source": name}) for key, table in mapping.tables.items()}
    return mapping.model_copy(update={"source": name, "tables": tables})


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        InvalidMapping: unreadable, not TOML, or with fields that are unknown or contradict the contract; each
            of them is named with its line.
    """
    text = ""
    try:
        text = path.read_text("utf-8")
        return Mapping.model_validate(tomllib.loads(text))
    except OSError as error:
        raise InvalidMapping("mapping.not_readable", path=path, reason=os_reason(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMapping("mapping.not_toml", path=path, reason=toml_problem(error)) from error
    except ValidationError as error:
        mistakes = mistakes_in(error, text, Mapping)
        if len(mistakes) == 1:
            raise InvalidMapping("mapping.wrong", path=path, mistake=mistakes[0]) from error
        raise InvalidMapping("mapping.several_wrong", path=path, mistakes=mistakes) from error
