"""Finding and reading `stepsight.toml`, whatever settings it holds.

A value of the environment wins over the file: `STEPSIGHT_TIME_ZONE`, or for a field of a table
`STEPSIGHT_PRIVACY__KEEP_FREE_TEXT`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
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


def find_settings(named: Path | None, folders: list[Path]) -> Path | None:
    """The file named, else the first `stepsight.toml` in the folders; None where there is none.

    Raises:
        InvalidSettings: the file named does not exist.
    """
    if named is not None:
        if not named.is_file():
            raise InvalidSettings(
                f"There is no settings file {named}. Name another with --settings, or make one: "
                f"stepsight settings > {NAME}."
            )
        return named
    return next((file for folder in folders if (file := folder / NAME).is_file()), None)


def read_settings(path: Path | None, model: type[Model]) -> Model:
    """The settings in a file (None: all defaults) and in the environment, as the model checks them.

    Raises:
        InvalidSettings: the file is unreadable or no TOML, or a field is unknown or has a wrong value.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8")) if path else {}
        model.model_validate({name: said[name] for name in said if name.startswith("_")})
        source = create_model(model.__name__, __base__=(model, _Sources))
        return model.model_validate(source(**said).model_dump(exclude_unset=True))
    except OSError as error:
        raise InvalidSettings(
            f"The settings file {path} cannot be read: {error.strerror}. Mend its permissions, or "
            "name another with --settings."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSettings(
            f"The settings file {path} is not TOML: {error}. `stepsight settings` prints one to start from."
        ) from error
    except SettingsError as error:
        raise InvalidSettings(
            f"The environment's settings cannot be read: {error}. Unset or mend it."
        ) from error
    except ValidationError as error:
        raise InvalidSettings(_in_words(error, path, model)) from error


def _in_words(error: ValidationError, path: Path | None, model: type[BaseModel]) -> str:
    """The first thing that is wrong: where, what, and what to do."""
    first = error.errors()[0]
    names = [part for part in first["loc"] if isinstance(part, str)]
    field = ", ".join(part if isinstance(part, str) else f"number {part + 1}" for part in first["loc"])
    variable = _PREFIX + _DELIMITER.join(names).upper()
    where = f"The environment variable {variable}" if variable in os.environ else f"The settings file {path}"
    if first["type"] == "extra_forbidden":
        near = get_close_matches(names[-1], set(_fields(model.model_json_schema())), n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return (
            f"{where}, at {field}: there is no such setting.{meant} `stepsight settings` prints all of them."
        )
    said = first["msg"].removeprefix("Value error, ")
    value = first["input"]
    given = f" (it is {value!r})" if isinstance(value, str | int | float) and repr(value) not in said else ""
    return f"{where}, at {field}: {said}{given}. `stepsight settings` prints every field with its meaning."


def _fields(schema: Any) -> Iterator[str]:
    """The names of all fields of a model and of the models in it."""
    yield from schema.get("properties", {})
    for inner in schema.get("$defs", {}).values():
        yield from _fields(inner)
