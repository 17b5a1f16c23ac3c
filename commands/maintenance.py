"""Commands that look after settings, and the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Warehouse
from commands.output import print_lines, print_problem
from commands.places import DEFAULT_WAREHOUSE
from commands.warehouses import locked_there, make_anew, open_newest, settings_file
from dashboard.language import _
from dashboard.language.messages import say
from etl.health.run_checks import unused_dimensions
from etl.health.setting_names import unmatched_names
from etl.messages import Message
from etl.settings.file import find_settings, mistakes, read_settings
from etl.settings.text import as_toml
from etl.simulator import simulate as simulate_history
from etl.simulator import write as write_simulation
from etl.store.warehouse import latest_snapshot
from metrics.settings.model import Settings
from metrics.settings.names import setting_names

app = typer.Typer()


@app.command("settings")
def settings_(
    file: Annotated[Path | None, typer.Argument(help="Another file than the one in use.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is wrong in it, if anything.")
    ] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Print all settings with their meaning, as a file to start from."""
    file_in_use = find_settings(file, []) if file else settings_file(warehouse)
    if check and (problems := mistakes(file_in_use, Settings)):
        for problem in problems:
            print_problem(problem)
        raise typer.Exit(1)
    read = read_settings(file_in_use, Settings)
    if check:
        print_lines(
            [
                _("{file} can be used.", file=file_in_use)
                if file_in_use
                else _("No settings file: the defaults can be used.")
            ]
        )
        if latest_snapshot(warehouse):
            with open_newest(warehouse) as connection:
                parts = unmatched_names(connection, setting_names(read))
                unused = unused_dimensions(connection, read.dimensions)
            print_lines([say(Message("settings.unmatched_names", {"names": parts}))] if parts else [])
            print_lines(map(say, unused))
    else:
        print(as_toml(read), end="")  # noqa: T201


@app.command("refresh")
def refresh_(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Apply changed settings to what is loaded."""
    with locked_there(warehouse):
        make_anew(warehouse)
    print_lines([_("The numbers of {warehouse} agree with its settings.", warehouse=warehouse)])


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder for events.parquet, workflows.json and truth.json.")],
    tickets: Annotated[int, typer.Option(min=1)] = 20_000,
    seed: int = 1,
    weeks: Annotated[int, typer.Option(min=1)] = 12,
) -> None:
    """Write the history of a made-up contact centre with planted trouble."""
    write_simulation(simulate_history(tickets=tickets, seed=seed, weeks=weeks), out)
    print_lines([_("Wrote {file}, workflows.json and truth.json.", file=out / "events.parquet")])
