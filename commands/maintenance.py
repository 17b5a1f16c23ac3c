"""Commands that look after settings, and the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Warehouse
from commands.output import print_lines
from commands.places import DEFAULT_WAREHOUSE
from commands.warehouses import locked_there, make_anew, settings_file
from dashboard.language import _
from dashboard.language.messages import say
from etl.health.setting_names import unmatched_names
from etl.messages import Message
from etl.settings.file import find_settings, read_settings
from etl.settings.text import as_toml
from etl.simulator import simulate as simulate_history
from etl.simulator import write as write_simulation
from etl.store.warehouse import latest_snapshot, open_latest
from metrics.settings.model import Settings
from metrics.settings.names import setting_names

app = typer.Typer()


@app.command("settings")
def settings_(
    file: Annotated[Path | None, typer.Argument(help="Another file than the one in use.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the file is right.")] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Print all settings with their meaning, as a file to start from."""
    found = find_settings(file, []) if file else settings_file(warehouse)
    read = read_settings(found, Settings)
    if check:
        print_lines(
            [
                _("{file} can be used.", file=found)
                if found
                else _("No settings file: the defaults can be used.")
            ]
        )
        if latest_snapshot(warehouse):
            with open_latest(warehouse) as connection:
                parts = unmatched_names(connection, setting_names(read))
            print_lines([say(Message("settings.unmatched_names", {"names": parts}))] if parts else [])
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
