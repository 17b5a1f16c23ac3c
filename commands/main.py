"""The command line as a whole: which commands there are, and what becomes of what goes wrong in one."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import structlog
import typer
import typer.core

from commands.global_options import SETTINGS_OPTION, SNAPSHOT
from commands.signals import end_on_signals
from dashboard import language
from dashboard.language import _
from etl.errors import StepsightError, WarehouseDamaged
from etl.messages import Message, os_reason
from etl.messages.controls import without_controls

COMMANDS = {
    "commands.data": ("load", "loads", "unload", "inspect", "workflows", "rebuild", "health", "rejected"),
    "commands.privacy": ("forget", "purge", "export-person", "rekey"),
    "commands.numbers": ("metrics", "explain", "backlog", "change", "trend", "breaches"),
    "commands.steps": (
        *("hotspots", "training", "diagnose", "versions", "flow", "causes", "conformance", "outcomes"),
    ),
    "commands.maintenance": ("settings", "refresh", "simulate"),
    "commands.server": ("serve", "demo"),
    "commands.doctor": ("doctor",),
}
"""Which module holds which command: a module is imported when one of its commands is asked for."""
FORMER_NAMES = {"verdicts": "commands.steps", "retain": "commands.privacy"}
"""Names that still work, and are not listed."""


def _imported(module: str) -> ModuleType:
    """A module of commands. What importing it makes stays, so nothing looks for garbage there again."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


class _LazyGroup(typer.core.TyperGroup):
    """All commands by name; each is imported only when it is run or its help is shown."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as it is called
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        modules = {name: module for module, names in COMMANDS.items() for name in names} | FORMER_NAMES
        if cmd_name not in modules:
            return None
        part: Any = typer.main.get_command(_imported(modules[cmd_name]).app)
        return part.commands[cmd_name]


app = typer.Typer(
    cls=_LazyGroup,
    help="Which steps of which workflows confuse agents, how sure that is, and what it costs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(wants_version: bool) -> None:
    if wants_version:
        from commands.places import STEPSIGHT, installed

        print(f"stepsight {installed(STEPSIGHT) or 'is not installed'}")  # noqa: T201
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
    SETTINGS_OPTION.set(settings)


def run(arguments: list[str] | None = None) -> None:
    """Run a command in the terminal's language; what a user can mend is a sentence, never a traceback."""
    _prepare_output()
    language.speak(language.of_terminal(os.environ))
    _log_to_stderr()
    try:
        with end_on_signals(stopped=Message("command.stopped")) as received:
            try:
                app(arguments)
            finally:
                sys.stdout.flush()  # a full disk is noticed here, where it can be said
    except SystemExit as end:
        if received:
            _end_at_once(end)
        raise
    except StepsightError as error:
        _say(error.message)
    except BrokenPipeError:
        _give_up_output()  # who reads has enough
        sys.exit(1)
    except OSError as error:
        _give_up_output()
        _say(Message("os.refused", {"path": error.filename or _("the output"), "reason": os_reason(error)}))
    except Exception as error:
        if (damage := _damage_behind(error)) is None:
            raise
        _say(damage)


def _damage_behind(error: Exception) -> Message | None:
    """What is wrong with the snapshot that the command read, where that made a query fail."""
    snapshot = SNAPSHOT.get()
    if snapshot is None:  # no query was made
        return None
    import duckdb

    from etl.store.warehouse import require_readable

    if isinstance(error, duckdb.Error) and snapshot.exists():
        try:
            require_readable(snapshot)
        except WarehouseDamaged as damage:
            return damage.message
    return None


def _end_at_once(end: SystemExit) -> None:
    """End without waiting for threads that still work: all that is written on its way can be thrown away.

    Python would wait for them however long, and show a traceback at the next signal.
    """
    sys.stderr.flush()
    os._exit(int(end.code or 0))


def _prepare_output() -> None:
    """Streams that take any text: a terminal may lack letters, and a stream may have been closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - it stands for a stream
        elif isinstance(stream, io.TextIOWrapper):
            with suppress(OSError):  # what is a pipe now and was a file cannot be set anew
                stream.reconfigure(errors="backslashreplace")


def _give_up_output() -> None:
    """What could not be written is not tried again when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: Message) -> None:
    from commands.output import print_problem  # imports what --help does without

    print_problem(message)
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
