"""Finding and reading `stepsight.toml`, whatever settings it holds.

A value of the environment wins over the file: `STEPSIGHT_TIME_ZONE`, or for a field of a table
`STEPSIGHT_PRIVACY__KEEP_FREE_TEXT`.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from etl.errors import InvalidSettings
from etl.messages import Message, field_problem, os_reason, toml_problem

NAME = "stepsight.toml"
_PREFIX, _DELIMITER = "STEPSIGHT_", "__"
Model = TypeVar("Model", bound=BaseModel)


class _Sources(BaseSettings):
    """Where the fields of a model come from: the environment first, then the file."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_nested_delimiter=_DELIMITER)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what the file says; nothing is read from anywhere else."""
        return env_settings, init_settings


def find_settings(explicit: Path | None, folders: list[Path]) -> Path | None:
    """The file named, else the first `stepsight.toml` in the folders; None where there is none.

    Raises:
        InvalidSettings: the file named does not exist.
    """
    if explicit is not None:
        if not explicit.exists():
            raise InvalidSettings("settings.not_there", path=explicit, name=NAME)
        return explicit
    return next((file for folder in folders if (file := folder / NAME).exists()), None)


def read_settings(path: Path | None, model: type[Model]) -> Model:
    """The settings in a file (None: all defaults) and in the environment, as the model checks them.

    Raises:
        InvalidSettings: the file is unreadable or no TOML, or a field is unknown or has a wrong value.
    """
    try:
        return _read(path, model)
    except ValidationError as error:
        raise InvalidSettings.of(_problem(error.errors()[0], path, model)) from error


def mistakes(path: Path | None, model: type[BaseModel]) -> list[Message]:
    """All that `read_settings` would refuse; nothing where the settings can be used."""
    try:
        _read(path, model)
    except InvalidSettings as error:
        return [error.message]
    except ValidationError as error:
        return [_problem(each, path, model) for each in error.errors()]
    return []


def _read(path: Path | None, model: type[Model]) -> Model:
    try:
        values = tomllib.loads(path.read_text("utf-8")) if path else {}
        model.model_validate({name: values[name] for name in values if name.startswith("_")})
        source = create_model(model.__name__, __base__=(model, _Sources))
        return model.model_validate(source(**values).model_dump(exclude_unset=True))
    except OSError as error:
        raise InvalidSettings("settings.not_readable", path=path, reason=os_reason(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSettings("settings.not_toml", path=path, reason=toml_problem(error)) from error
    except SettingsError as error:
        raise InvalidSettings("settings.environment", variable=_broken_variable(model)) from error


def _broken_variable(model: type[BaseModel]) -> str:
    """The variable of the environment that should hold a table or a list as JSON, and does not."""
    tables = {name for name, field in model.model_fields.items() if not isinstance(field.default, _PLAIN)}
    names = sorted(name for name in os.environ if name.startswith(_PREFIX))
    path = {name: name.removeprefix(_PREFIX).lower().split(_DELIMITER) for name in names}
    wrong = [name for name in names if path[name][0] in tables and not _is_json(os.environ[name])]
    return min(wrong, key=lambda name: len(path[name]))  # text is right for a field of a table


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_PLAIN = (str, int, float, type(None))


def _problem(error: Mapping[str, Any], path: Path | None, model: type[BaseModel]) -> Message:
    """Where, what, and what to do."""
    names = [part for part in error["loc"] if isinstance(part, str)]
    place = [
        part if isinstance(part, str) else Message("settings.number", {"n": part + 1})
        for part in error["loc"]
    ]
    variable = _PREFIX + _DELIMITER.join(names).upper()
    where = (
        Message("settings.in_variable", {"variable": variable})
        if variable in os.environ
        else Message("settings.in_file", {"path": path})
    )
    if error["type"] == "extra_forbidden":
        tables = _tables_by_field(model.model_json_schema())
        if near := get_close_matches(names[-1], tables, n=1):
            content = {"where": where, "place": place, "near": near[0]}
            own = tables[near[0]]
            if ".".join(names[:-1]) in own:
                return Message("settings.misspelt", content)
            if "" in own:
                return Message("settings.misplaced_in_table", content)
            return Message("settings.misplaced", content | {"table": own[0]})
        return Message("settings.unknown", {"where": where, "place": place})
    problem, value = field_problem(error), error["input"]
    if isinstance(value, str | int | float) and value not in problem.values.values():
        return Message(
            "settings.wrong_value", {"where": where, "place": place, "problem": problem, "value": value}
        )
    return Message("settings.wrong", {"where": where, "place": place, "problem": problem})


def _tables_by_field(schema: Any) -> dict[str, list[str]]:
    """The names of all fields of a model and of the models in it, each with the tables that it stands in."""
    tables: dict[str, list[str]] = {}
    waiting: list[tuple[str, Any]] = [("", schema)]
    while waiting:
        table, inner = waiting.pop(0)
        for name, field in inner.get("properties", {}).items():
            tables.setdefault(name, []).append(table)
            for model in re.findall(r"#/\$defs/(\w+)", json.dumps(field)):
                place = f"{table}.{name}" if table else name
                waiting.append((place, schema["$defs"][model]))
    return tables
