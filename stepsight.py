"""The command line. The commands themselves stand in `commands/`."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import structlog
import typer
import typer.core

from commands.chosen import NAMED_SETTINGS
from dashboard import language
from etl.errors import StepsightError
from etl.messages.controls import without_controls

COMMANDS = {
    "commands.data": (
        *("load", "loads", "unload", "inspect", "workflows", "rebuild", "forget", "retain", "health"),
        "rejected",
    ),
    "commands.numbers": ("metrics", "explain", "backlog", "change", "trend", "breaches"),
    "commands.steps": (
        *("hotspots", "training", "verdicts", "versions", "flow", "causes", "conformance", "outcomes"),
    ),
    "commands.running": ("settings", "refresh", "simulate"),
    "commands.server": ("serve", "demo"),
    "commands.doctor": ("doctor",),
}
"""Which module holds which command: a module is imported when one of its commands is asked for."""


def _imported(module: str) -> ModuleType:
    """A module of commands. What importing it makes stays, so nothing looks for garbage there again."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


class _WhenAskedFor(typer.core.TyperGroup):
    """All commands by name; each is imported only when it is run or its help is shown."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as it is called
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        for module, names in COMMANDS.items():
            if cmd_name in names:
                part: Any = typer.main.get_command(_imported(module).app)
                return part.commands[cmd_name]
        return None


app = typer.Typer(
    cls=_WhenAskedFor,
    help="Which step of which workflow confuses, how sure we are, and what it costs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"stepsight {version('stepsight')}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _any_command(
    settings: Annotated[
        Path | None,
        typer.Option(
            envvar="STEPSIGHT_SETTINGS",
            help="The settings, instead of stepsight.toml in the warehouse's or the current folder.",
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    NAMED_SETTINGS.set(settings)


def main(arguments: list[str] | None = None) -> None:
    """Run a command in the terminal's language; what a user can mend is a sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal may lack letters of its own language. What was a file and is a pipe now stays as it is.
        if isinstance(stream, io.TextIOWrapper):
            with suppress(OSError):
                stream.reconfigure(errors="backslashreplace")
    language.speak(language.of_terminal(os.environ))
    _log_to_stderr()
    try:
        app(arguments)
    except StepsightError as error:
        from commands.printing import print_problem  # imports what --help does without

        print_problem(error.message)
        sys.exit(1)


def _log_to_stderr() -> None:
    """Warnings as lines for people; with STEPSIGHT_LOG=info or debug, everything as lines of JSON."""
    level = os.environ.get("STEPSIGHT_LOG", "")
    as_json = [structlog.processors.JSONRenderer()]
    as_text = [_without_controls, structlog.dev.ConsoleRenderer(colors=False)]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(as_json if level else as_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            {"debug": logging.DEBUG, "info": logging.INFO}.get(level, logging.ERROR)
        ),
        logger_factory=lambda: structlog.PrintLogger(sys.stderr),  # whichever stderr is then
    )


def _without_controls(_logger: Any, _method: str, entry: Any) -> Any:
    """What an event says, for people: JSON has escapes of its own."""
    return {
        name: without_controls(value) if isinstance(value, str) else value for name, value in entry.items()
    }


if __name__ == "__main__":
    main()
