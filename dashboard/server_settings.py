"""Streamlit's settings: those of `server.toml`, the same in every folder and for every user.

Streamlit alone would read `.streamlit/config.toml` and `secrets.toml` in the home and the current folder: a
file there could open the server to the network or show full errors. Here no such file is looked for.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from streamlit import config

FILE = Path(__file__).with_name("server.toml")


@cache
def server_options() -> Mapping[str, Any]:
    """The options of `server.toml` by their names in Streamlit: `theme.dark.textColor`."""
    return MappingProxyType(dict(_flat(tomllib.loads(FILE.read_text("utf-8")))))


def apply_settings(changes: dict[str, Any] | None = None) -> None:
    """Set Streamlit to the options of `server.toml` and the changes; all others keep Streamlit's defaults.

    The secret that signs cookies is a new one each time: Streamlit would take it from the environment.
    """
    config.get_config_files = _no_files
    options = {**server_options(), "server.cookieSecret": secrets.token_hex(), **(changes or {})}
    config.get_config_options(force_reparse=True, options_from_flags=options)


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _no_files(file_name: str) -> list[str]:  # noqa: ARG001 - Streamlit asks for config.toml and secrets.toml
    return []
