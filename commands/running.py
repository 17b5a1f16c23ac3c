"""Commands that run things: settings, simulation, dashboard, demo."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from commands.data import load_paths, print_report
from commands.options import DEFAULT_WAREHOUSE, DEMO_WAREHOUSE, HOME, SAMPLE, Port, Warehouse
from commands.printing import print_lines
from commands.warehouses import settings_file, writing
from dashboard.language import _
from etl.errors import InvalidRequest
from etl.loading import add_definitions
from etl.settings_file import NAME as SETTINGS_FILE
from etl.settings_file import find_settings, read_settings
from etl.settings_text import as_toml
from etl.simulator import simulate as simulate_history
from etl.simulator import write as write_simulation
from etl.workflows import read_definitions
from metrics.settings import Settings

app = typer.Typer()
UPLOADS, MEGABYTES = "STEPSIGHT_ALLOW_UPLOADS", "STEPSIGHT_UPLOAD_MEGABYTES"


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
    else:
        print(as_toml(read), end="")  # noqa: T201


@app.command("refresh")
def refresh_(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Apply changed settings to what is loaded."""
    with writing(warehouse):
        pass
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


@app.command()
def serve(
    port: Port = 8501,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    allow_uploads: Annotated[
        bool,
        typer.Option("--allow-uploads", envvar=UPLOADS, help="Let readers load files on the page Your data."),
    ] = False,
    upload_megabytes: Annotated[
        int, typer.Option(min=1, max=4000, envvar=MEGABYTES, help="How large such a file may be.")
    ] = 200,
) -> None:
    """Open the dashboard on this machine."""
    _serve(port, warehouse, upload_megabytes if allow_uploads else None)


@app.command()
def demo(port: Port = 8501, warehouse: Warehouse = DEMO_WAREHOUSE) -> None:
    """Load the sample and open the dashboard."""
    with writing(warehouse) as (connection, archive):
        add_definitions(read_definitions(SAMPLE / "workflows.json"), connection, archive)
        if not (warehouse / SETTINGS_FILE).exists():
            shutil.copyfile(SAMPLE / SETTINGS_FILE, warehouse / SETTINGS_FILE)
    print_report(load_paths([SAMPLE / "events.parquet"], warehouse, None))
    _serve(port, warehouse)


def _serve(port: int, warehouse: Path, upload_megabytes: int | None = None) -> None:
    """Streamlit, in the project's folder, where its settings are; uploads only where a size is given."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise InvalidRequest(f"Port {port} is in use. Choose another with --port (make demo PORT=…).")
    print(f"Stepsight is at http://localhost:{port} (Ctrl+C ends it)", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "dashboard.server", "run", "dashboard/app.py", f"--server.port={port}"]
    environment = os.environ | {"STEPSIGHT_WAREHOUSE": str(warehouse.resolve())}
    environment[UPLOADS] = "0" if upload_megabytes is None else "1"
    if upload_megabytes is not None:
        environment[MEGABYTES] = str(upload_megabytes)
        command.append(f"--server.maxUploadSize={upload_megabytes}")
    if file := settings_file(warehouse):
        environment["STEPSIGHT_SETTINGS"] = str(file.resolve())
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.run(command, cwd=HOME, env=environment, check=False).returncode)  # noqa: S603
