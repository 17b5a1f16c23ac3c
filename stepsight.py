"""The command line: a few lines a command, which compose `etl`, `metrics` and `dashboard`."""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast, get_args

import duckdb
import polars as pl
import structlog
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as RichProgress
from rich.progress import SpinnerColumn, TaskID, TimeElapsedColumn
from rich.table import Column, Table

from etl.archive import Archive
from etl.erasing import Erased, forget_customer, retain_since
from etl.errors import InvalidRequest, StepsightError
from etl.exporting import export as export_table
from etl.health.examining import examine, findings, worst
from etl.health.saying import sentence, told
from etl.inspecting import in_words, write_mapping
from etl.inspecting import inspect as inspect_file
from etl.loading import FileReport, LoadReport, add_definitions, catch_up
from etl.loading import load as load_files
from etl.mapping import read_mapping
from etl.progress import Progress
from etl.rejected import rejected_rows
from etl.settings_file import NAME as SETTINGS_FILE
from etl.settings_file import find_settings, read_settings
from etl.settings_text import as_toml
from etl.simulator import simulate as simulate_history
from etl.simulator import write as write_simulation
from etl.sources import files
from etl.warehouse import (
    discard_database,
    locked,
    open_latest,
    open_locked,
    open_writer,
    publish,
)
from etl.workflows import read_definitions
from metrics.asking import has_facts
from metrics.backlog import ages, series
from metrics.causes import HOLDERS, before_help, changed_answers, holders, returns, searches
from metrics.change import Against, compare
from metrics.change import trend as weekly_trend
from metrics.conformance import breaches as conformance_breaches
from metrics.conformance import conformance as measure_conformance
from metrics.conformance import runs_in_breach
from metrics.contributions import contributions
from metrics.explaining import explain as explain_metric
from metrics.explaining import replay
from metrics.flow import edges, ping_pong, steps, variants
from metrics.hotspots import hotspots as measure_hotspots
from metrics.measure import measure
from metrics.outcomes import outcome_links
from metrics.refreshing import is_up_to_date, refresh
from metrics.scope import Scope
from metrics.service_levels import about_to_breach
from metrics.settings import Settings
from metrics.verdicts import in_words as verdicts_in_words
from metrics.verdicts import verdicts as measure_verdicts
from metrics.version_words import in_words as versions_in_words
from metrics.versions import verdicts as version_verdicts

HOME = Path(__file__).parent
SAMPLE = HOME / "data" / "sample"

app = typer.Typer(
    help="Which step of which workflow confuses, how sure we are, and what it costs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
workflows = typer.Typer(help="Workflow definitions: how a version is meant to run.", no_args_is_help=True)
app.add_typer(workflows, name="workflows")

Warehouse = Annotated[
    Path,
    typer.Option(
        "--warehouse", envvar="STEPSIGHT_WAREHOUSE", help="The folder that holds archive and database."
    ),
]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]
HourlyCost = Annotated[
    float | None, typer.Option(min=0, help="What an hour costs, instead of hourly_cost of the settings.")
]
To = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]
AsOf = Annotated[str | None, typer.Option(help="State of knowledge at this instant, as 2026-03-02T09:00Z.")]
Wheres = Annotated[
    list[str] | None, typer.Option("--where", help="DIM=VALUE; the same DIM again means either.")
]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the dashboard listens.")]
_HOTSPOTS_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "confused"),
    *("confusion_rate", "low", "high", "hotspot", "hidden", "verdict", "cost_hours_per_week"),
)
_OUTCOMES_AT_A_GLANCE = (
    *("workflow", "version", "step", "outcome", "association", "n_confused", "n_others"),
    *("confused", "others", "difference", "ratio", "ratio_low", "ratio_high"),
)
_ROWS_AT_A_GLANCE = 50
_NAMED_SETTINGS: ContextVar[Path | None] = ContextVar("named settings", default=None)
DEFAULT_WAREHOUSE = HOME / "data" / "warehouse"
DEMO_WAREHOUSE = HOME / "data" / "demo"


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


@app.callback()
def _any_command(
    settings: Annotated[
        Path | None,
        typer.Option(
            envvar="STEPSIGHT_SETTINGS",
            help="The settings, instead of stepsight.toml in the warehouse's or the current folder.",
        ),
    ] = None,
) -> None:
    _NAMED_SETTINGS.set(settings)


@app.command()
def load(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders or patterns: .parquet .csv .tsv .jsonl .json .xes .xlsx, also .gz .zst .zip"
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="What the file's columns and activities mean (TOML).")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Load event files; loading a file again adds nothing."""
    report = _load(paths, warehouse, mapping)
    if as_json:
        print(report.model_dump_json(indent=2, exclude_none=True))  # noqa: T201
    else:
        _print_report(report)
        _print_worst(warehouse)
    if any(file.error for file in report.files):
        raise typer.Exit(1)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A file, or one in a .zip: export.zip/events.csv.")],
    mapping: Annotated[
        Path | None, typer.Option(help="Look with this mapping, not with a guessed one.")
    ] = None,
    write_to: Annotated[
        Path | None, typer.Option("--write-mapping", help="Write the guessed mapping there, to check.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look into a file before loading it: columns, a guessed mapping, what it would give and reject."""
    found = inspect_file(file, read_mapping(mapping) if mapping else None)
    if as_json:
        print(found.model_dump_json(indent=2, exclude_none=True))  # noqa: T201
    else:
        print(in_words(found))  # noqa: T201
    if write_to:
        write_mapping(found, write_to)
        hint = f"Check it, then: stepsight load {file} --mapping {write_to}"
        print(f"Wrote {write_to}. {hint}", file=sys.stderr)  # noqa: T201


@workflows.command("add")
def workflows_add(file: Path, warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Add workflow definitions (JSON); one of the same workflow version is replaced."""
    definitions = read_definitions(file)
    with _writing(warehouse) as (connection, archive):
        add_definitions(definitions, connection, archive)
    for definition in definitions:
        _console().print(f"{definition.name}: {len(definition.steps)} steps", highlight=False)


@app.command()
def rebuild(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Make the database anew from the archive; its content stays the same."""
    with locked(warehouse):
        discard_database(warehouse)
        _make_anew(warehouse)
    _console().print(f"Made {warehouse / 'warehouse.duckdb'} anew from its archive", highlight=False)


@app.command()
def forget(
    customer: Annotated[str, typer.Option(help="The customer's id, as your files have it.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove a customer and all their tickets from everything that is kept."""
    with locked(warehouse):
        erased = forget_customer(customer, warehouse, _archive(warehouse), now=datetime.now(UTC))
        _make_anew(warehouse)
    _print_erased(erased)


@app.command()
def retain(
    months: Annotated[int, typer.Option(min=1, help="Keep tickets with an event in the last N months.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Remove tickets whose last event is older than some months."""
    now = datetime.now(UTC)
    first = pl.Series([now]).dt.offset_by(f"-{months}mo").item()
    with locked(warehouse):
        erased = retain_since(first, warehouse, _archive(warehouse), now=now)
        _make_anew(warehouse)
    _print_erased(erased)


@app.command()
def health(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what a careful analyst would look at before trusting the numbers."""
    found = findings(_reader(warehouse))
    if as_json:
        print(json.dumps([finding.model_dump(mode="json") for finding in found], indent=2))  # noqa: T201
    else:
        _print_lines(list(told(found)) or ["Nothing has been examined yet: load a file first."])


@app.command()
def rejected(
    reason: Annotated[str | None, typer.Option(help="Only rows that broke this rule.")] = None,
    source: Annotated[str | None, typer.Option(help="Only rows of this file.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write all of them to a .csv, .jsonl or .xlsx.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """List the rows that were refused, each with the rule it broke and its content."""
    rows = rejected_rows(_reader(warehouse), reason=reason, source=source)
    if export:
        export_table(rows, export)
        _print_lines([f"Wrote {rows.height:,} rows to {export}"])
    elif as_json:
        _print_frame(rows, Format.JSON)
    else:
        _print_frame(rows.head(_ROWS_AT_A_GLANCE), Format.TABLE)
        left = rows.height - _ROWS_AT_A_GLANCE
        _print_lines([f"and {left:,} more; --export FILE.csv writes them all"] if left > 0 else [])


@app.command()
def metrics(
    names: Annotated[list[str], typer.Argument(metavar="NAME…")],
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas.")] = "",
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="State of knowledge at this instant, as 2026-03-02T09:00Z.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="DIM=VALUE; the same DIM again means either.")
    ] = None,
    cohort: Annotated[bool, typer.Option("--cohort", help="Every metric by the day of opening.")] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Print any number the dashboard shows."""
    scope = _scope(start, end, as_of, where or [], warehouse).model_copy(update={"cohort": cohort})
    dimensions = [name.strip() for name in by.split(",") if name.strip()]
    _print_frame(measure(_reader(warehouse), names, by=dimensions, scope=scope), form)


@app.command()
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    ticket: Annotated[str | None, typer.Option(help="Replay this ticket, event by event.")] = None,
    as_of: AsOf = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what a metric means and leaves out, or how one ticket comes by its value."""
    reader, scope = _reader(warehouse), _scope(None, None, as_of, [], warehouse)
    if ticket is None:
        told = asdict(explain_metric(reader, metric, scope=scope))
        rows = pl.DataFrame(told.pop("exclusions"), schema={"because": pl.String, "n": pl.Int64})
    else:
        told = asdict(replay(reader, metric, ticket, as_of=scope.as_of))
        rows = pl.DataFrame(told.pop("moments"))
    if as_json:
        name = "exclusions" if ticket is None else "moments"
        print(json.dumps(told | {name: rows.to_dicts()}, indent=2, default=str))  # noqa: T201
        return
    _print_lines([f"{name.replace('_', ' ')}: {_cell(value)}" for name, value in told.items()])
    _print_frame(rows.rename({"because": "left out because"}) if ticket is None else rows, Format.TABLE)


@app.command()
def backlog(
    every: Annotated[str, typer.Option(help="day or week")] = "day",
    bands: Annotated[bool, typer.Option("--ages", help="By age at one instant, instead.")] = False,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Tell how many tickets were waiting at the end of each day or week, or how old they are."""
    scope = _scope(start, end, as_of, where or [], warehouse)
    if every not in ("day", "week"):
        raise InvalidRequest(f"--every {every}: expected day or week.")
    told = series(_reader(warehouse), every="day" if every == "day" else "week", scope=scope)
    _print_frame(ages(_reader(warehouse), scope=scope) if bands else told, form)


@app.command()
def change(
    names: Annotated[list[str], typer.Argument(metavar="NAME…")],
    start: From = None,
    end: To = None,
    against: Annotated[str, typer.Option(help="previous or last_year")] = "previous",
    moved: Annotated[bool, typer.Option("--moved", help="Which groups moved it, by mix and rate.")] = False,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Compare a period with the one before or a year ago, and tell what moved it."""
    scope = _scope(start, end, as_of, where or [], warehouse)
    if against not in get_args(Against):
        raise InvalidRequest(f"--against {against}: expected {' or '.join(get_args(Against))}.")
    reader, other = _reader(warehouse), cast("Against", against)
    if not moved:
        _print_frame(compare(reader, names, scope=scope, against=other), form)
        return
    for name in names:
        found = contributions(reader, name, scope=scope, against=other)
        if form == Format.TABLE:
            _print_lines([f"{found.of}: {_cell(found.before)} before, {_cell(found.now)} now"])
        _print_frame(found.parts, form)


@app.command()
def trend(
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Tell signal from noise: the weekly values on their control chart."""
    scope = _scope(start, end, as_of, where or [], warehouse)
    found = weekly_trend(_reader(warehouse), metric, scope=scope)
    if form == Format.TABLE:
        limits = (found.chart.centre, found.chart.lower, found.chart.upper)
        centre, lower, upper = (_cell(limit) for limit in limits)
        since = f", {found.side} since the week of {found.since}" if found.since else ""
        _print_lines([f"{found.verdict}{since}. Centre {centre}, limits {lower} to {upper}"])
    rules = pl.col("rules").list.join(", ")
    _print_frame(found.weeks if form == Format.JSON else found.weeks.with_columns(rules), form)


@app.command()
def hotspots(
    start: From = None,
    end: To = None,
    as_of: Annotated[str | None, typer.Option(help="State of knowledge at this instant.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="DIM=VALUE; the same DIM again means either.")
    ] = None,
    hourly_cost: HourlyCost = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Rank every step version by how surely it confuses, and say which stand out beyond chance."""
    scope = _scope(start, end, as_of, where or [], warehouse)
    cost = _hourly_cost(hourly_cost, warehouse)
    frame = measure_hotspots(_reader(warehouse), scope=scope, hourly_cost=cost)
    if form in {Format.TABLE, Format.CSV}:
        frame = frame.with_columns(_sign_rates(frame.schema)).drop("signs").unnest("evidence")
    if form == Format.TABLE:
        frame = frame.select(_HOTSPOTS_AT_A_GLANCE)
    _print_frame(frame, form)


@app.command()
def verdicts(
    start: From = None,
    end: To = None,
    as_of: Annotated[str | None, typer.Option(help="State of knowledge at this instant.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="DIM=VALUE; the same DIM again means either.")
    ] = None,
    hourly_cost: HourlyCost = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Say of every step found whether process, training or coaching is to be mended, and why."""
    scope = _scope(start, end, as_of, where or [], warehouse)
    cost = _hourly_cost(hourly_cost, warehouse)
    found = measure_verdicts(_reader(warehouse), scope=scope, hourly_cost=cost)
    if form == Format.TABLE:
        _print_lines(verdicts_in_words(found, _settings(warehouse).currency))
    else:
        _print_frame(found, form)


@app.command()
def versions(
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Say whether new workflow versions are better, beside workflows that stayed as they were."""
    found = version_verdicts(_reader(warehouse), scope=_scope(start, end, as_of, where or [], warehouse))
    if form == Format.TABLE:
        _print_lines(versions_in_words(found))
    else:
        _print_frame(found, form)


@app.command()
def flow(
    what: Annotated[str, typer.Argument(help="edges, steps, variants or ping-pong")] = "edges",
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Show how runs really flow: ways between steps, rework, variants, tickets sent to and fro."""
    told = {"edges": edges, "steps": steps, "variants": variants, "ping-pong": ping_pong}
    scope = _scope(start, end, as_of, where or [], warehouse)
    found = told[_one_of(told, what)](_reader(warehouse), scope=scope)
    if what == "variants" and form in {Format.TABLE, Format.CSV}:
        found = found.with_columns(pl.col("path").list.join(" > "))
    _print_frame(found.head(_ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


@app.command()
def causes(
    what: Annotated[
        str, typer.Argument(help="returns, answers, help, searches, or who holds the excess: reason, team …")
    ] = "returns",
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Tell why steps confuse: returns, changed answers, what precedes help, searches without a hit."""
    told = {"returns": returns, "answers": changed_answers, "help": before_help, "searches": searches}
    reader, scope = _reader(warehouse), _scope(start, end, as_of, where or [], warehouse)
    _one_of([*told, *HOLDERS], what)
    found = told[what](reader, scope=scope) if what in told else holders(reader, what, scope=scope)
    _print_frame(found.head(_ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


@app.command()
def conformance(
    what: Annotated[str, typer.Argument(help="versions, breaches or runs")] = "versions",
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Tell which runs kept to their definition, which did not, and where."""
    told = {"versions": measure_conformance, "breaches": conformance_breaches, "runs": runs_in_breach}
    scope = _scope(start, end, as_of, where or [], warehouse)
    found = told[_one_of(told, what)](_reader(warehouse), scope=scope)
    _print_frame(found.head(_ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


@app.command()
def outcomes(
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Tell how tickets with a confused visit end beside those without: an association, not a cause."""
    found = outcome_links(_reader(warehouse), scope=_scope(start, end, as_of, where or [], warehouse))
    if form == Format.TABLE:
        found = found.select(_OUTCOMES_AT_A_GLANCE)
    _print_frame(found, form)


@app.command()
def breaches(
    within: Annotated[float, typer.Option(min=0, help="Minutes until the target is breached.")] = 60,
    as_of: Annotated[str | None, typer.Option(help="State of knowledge at this instant.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="DIM=VALUE; the same DIM again means either.")
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """List the tickets whose service level will be breached unless someone acts, the next one first."""
    if not _settings(warehouse).targets:
        raise InvalidRequest(
            "No service-level targets are set. `stepsight settings > stepsight.toml` writes a file to set "
            "them in; `stepsight refresh` applies them."
        )
    scope = _scope(None, None, as_of, where or [], warehouse)
    _print_frame(about_to_breach(_reader(warehouse), scope, within=timedelta(minutes=within)), form)


@app.command("settings")
def settings_(
    file: Annotated[Path | None, typer.Argument(help="Another file than the one in use.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the file is right.")] = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Print all settings with their meaning, as a file to start from."""
    found = find_settings(file, []) if file else _settings_file(warehouse)
    read = read_settings(found, Settings)
    if check:
        _console().print(f"{found or 'No settings file: the defaults'} can be used.", highlight=False)
    else:
        print(as_toml(read), end="")  # noqa: T201


@app.command("refresh")
def refresh_(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Apply changed settings to what is loaded."""
    with _writing(warehouse):
        pass
    _console().print(f"The numbers of {warehouse} agree with its settings", highlight=False)


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder for events.parquet, workflows.json and truth.json.")],
    tickets: Annotated[int, typer.Option(min=1)] = 20_000,
    seed: int = 1,
    weeks: Annotated[int, typer.Option(min=1)] = 12,
) -> None:
    """Write the history of a made-up contact centre with planted trouble."""
    write_simulation(simulate_history(tickets=tickets, seed=seed, weeks=weeks), out)
    _console().print(f"Wrote {out / 'events.parquet'}, workflows.json and truth.json", highlight=False)


@app.command()
def serve(port: Port = 8501, warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Open the dashboard on this machine."""
    _serve(port, warehouse)


@app.command()
def demo(port: Port = 8501, warehouse: Warehouse = DEMO_WAREHOUSE) -> None:
    """Load the sample and open the dashboard."""
    with _writing(warehouse) as (connection, archive):
        add_definitions(read_definitions(SAMPLE / "workflows.json"), connection, archive)
        if not (warehouse / SETTINGS_FILE).exists():
            shutil.copyfile(SAMPLE / SETTINGS_FILE, warehouse / SETTINGS_FILE)
    _print_report(_load([SAMPLE / "events.parquet"], warehouse, None))
    _serve(port, warehouse)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what a user can mend is said in a sentence, never as a traceback."""
    _log_to_stderr()
    try:
        app(arguments)
    except StepsightError as error:
        print(f"stepsight: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def _log_to_stderr() -> None:
    """Warnings as lines for people; with STEPSIGHT_LOG=info or debug, everything as lines of JSON."""
    level = os.environ.get("STEPSIGHT_LOG", "")
    as_json, as_text = structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            as_json if level else as_text,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            {"debug": logging.DEBUG, "info": logging.INFO}.get(level, logging.ERROR)
        ),
        logger_factory=lambda: structlog.PrintLogger(sys.stderr),  # whichever stderr is then
    )


def _load(paths: list[Path], warehouse: Path, mapping: Path | None) -> LoadReport:
    read = read_mapping(mapping) if mapping else None
    with _progress() as progress, _writing(warehouse) as (connection, archive):
        report = load_files(
            files(paths),
            connection,
            archive,
            now=datetime.now(UTC),
            mapping=read,
            keep_free_text=_settings(warehouse).privacy.keep_free_text,
            progress=progress,
        )
        progress("computing facts", report.read)
    return report


def _archive(warehouse: Path) -> Archive:
    key = os.environ.get("STEPSIGHT_KEY")
    return Archive(warehouse / "archive", Path(key) if key else None)


@contextmanager
def _writing(warehouse: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Archive]]:
    """The warehouse to change; afterwards its facts are brought up to date and readers get a new snapshot."""
    with open_writer(warehouse) as connection:
        archive = _archive(warehouse)
        yield connection, archive
        refresh(connection, _settings(warehouse))
        examine(connection)
        publish(connection, warehouse)


def _make_anew(warehouse: Path) -> None:
    with open_locked(warehouse) as connection:
        catch_up(connection, _archive(warehouse))
        refresh(connection, _settings(warehouse))
        examine(connection)
        publish(connection, warehouse)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A line on a terminal that says stage, rows and rate; nothing elsewhere."""
    columns = (SpinnerColumn(), "{task.description}", "{task.completed:,.0f} rows", TimeElapsedColumn())
    with RichProgress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda stage, rows: bar.update(task, description=f"{stage}{_rate(bar, task)}", completed=rows)


def _rate(bar: RichProgress, task: TaskID) -> str:
    speed = bar.tasks[task].speed
    return f" ({speed:,.0f} rows/s)" if speed else ""


def _print_erased(erased: Erased) -> None:
    _console().print(
        f"Removed {erased.tickets:,} tickets with {erased.events:,} events, and "
        f"{erased.rejected_rows:,} rejected rows. The receipt is {erased.receipt}",
        highlight=False,
    )


def _reader(warehouse: Path) -> duckdb.DuckDBPyConnection:
    connection = open_latest(warehouse)
    if has_facts(connection) and not is_up_to_date(connection, _settings(warehouse)):
        print(  # noqa: T201
            "stepsight: the settings have changed since these numbers were made; "
            "`stepsight refresh` applies them.",
            file=sys.stderr,
        )
    return connection


def _settings_file(warehouse: Path) -> Path | None:
    return find_settings(_NAMED_SETTINGS.get(), [warehouse, Path.cwd()])


def _settings(warehouse: Path) -> Settings:
    return read_settings(_settings_file(warehouse), Settings)


def _scope(
    start: datetime | None, end: datetime | None, as_of: str | None, where: list[str], warehouse: Path
) -> Scope:
    chosen: dict[str, list[str]] = {}
    for condition in where:
        dimension, equals, value = condition.partition("=")
        if not equals:
            raise InvalidRequest(f"--where {condition}: expected DIM=VALUE, as in --where channel=phone.")
        chosen.setdefault(dimension.strip(), []).append(value.strip())
    return Scope(
        start=start.date() if start else None,
        end=end.date() if end else None,
        time_zone=_settings(warehouse).time_zone,
        as_of=_instant(as_of),
        where=tuple((dimension, tuple(sorted(values))) for dimension, values in sorted(chosen.items())),
    )


def _one_of(known: Iterable[str], what: str) -> str:
    if what not in known:
        raise InvalidRequest(f"There is no {what!r} to show. There are: {', '.join(known)}.")
    return what


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest(f"--as-of {text}: expected an instant such as 2026-03-02T09:00Z.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _print_report(report: LoadReport) -> None:
    table = Table("file", *_right("read", "loaded", "duplicates", "rejected"))
    for file in report.files:
        counts = (file.read, file.loaded, file.duplicates, file.rejected)
        table.add_row(escape(Path(file.path).name), *(f"{count:,}" for count in counts))
    console = _console()
    console.print(table)
    for file in report.files:
        _print_remarks(console, file)


def _print_worst(warehouse: Path) -> None:
    found = findings(_reader(warehouse))
    notable = [finding for finding in found if finding.check != "rejected_rows"]  # the report says those
    _print_lines([f"{finding.severity}: {sentence(finding)}" for finding in worst(notable)])
    more = len(worst(notable, len(notable))) - len(worst(notable))
    _print_lines([f"and more ({more}): stepsight health"] if more else [])


def _print_remarks(console: Console, file: FileReport) -> None:
    name = Path(file.path).name
    for rule, rows in file.reasons.items():
        console.print(f"{name}: {rows:,} rows rejected, {rule}", highlight=False, markup=False)
    if file.ignored_columns:
        ignored = ", ".join(file.ignored_columns)
        console.print(f"{name}: columns not used: {ignored}", highlight=False, markup=False)
    if file.error:
        print(f"stepsight: {file.error}", file=sys.stderr)  # noqa: T201


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        _console().print(line, highlight=False, markup=False, soft_wrap=True)


def _print_frame(frame: pl.DataFrame, form: Format) -> None:
    match form:
        case Format.JSON:
            print(json.dumps(frame.to_dicts(), indent=2, default=str))  # noqa: T201
        case Format.CSV:
            print(frame.write_csv(), end="")  # noqa: T201
        case Format.PARQUET:
            frame.write_parquet(sys.stdout.buffer)
        case Format.TABLE:
            numbers = {name for name, dtype in frame.schema.items() if dtype.is_numeric()}
            table = Table(
                *(Column(name, justify="right" if name in numbers else "left") for name in frame.columns)
            )
            for row in frame.iter_rows():
                table.add_row(*(escape(_cell(value)) for value in row))
            _console().print(table)


def _console() -> Console:
    """Tables keep their columns when they are piped; a terminal has its own width."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


_WHOLE_FROM = 1000


def _hourly_cost(chosen: float | None, warehouse: Path) -> float | None:
    return _settings(warehouse).hourly_cost if chosen is None else chosen


def _sign_rates(schema: pl.Schema) -> list[pl.Expr]:
    signs = schema["signs"]
    assert isinstance(signs, pl.Struct)  # noqa: S101 - what hotspots promises
    return [
        pl.col("signs").struct.field(sign.name).struct.field("rate").alias(f"{sign.name}_rate")
        for sign in signs.fields
    ]


def _right(*names: str) -> list[Column]:
    return [Column(name, justify="right") for name in names]


def _serve(port: int, warehouse: Path) -> None:
    """Streamlit, in the project's folder, where its settings are."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise InvalidRequest(f"Port {port} is in use. Choose another with --port (make demo PORT=…).")
    print(f"Stepsight is at http://localhost:{port} (Ctrl+C ends it)", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", f"--server.port={port}"]
    environment = os.environ | {"STEPSIGHT_WAREHOUSE": str(warehouse.resolve())}
    if file := _settings_file(warehouse):
        environment["STEPSIGHT_SETTINGS"] = str(file.resolve())
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.run(command, cwd=HOME, env=environment, check=False).returncode)  # noqa: S603


if __name__ == "__main__":
    main()
