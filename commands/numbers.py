"""Commands that print the numbers of tickets, and what they mean."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, cast, get_args

import polars as pl
import typer

from commands.options import DEFAULT_WAREHOUSE, AsOf, Format, From, To, Warehouse, Wheres, scope_of
from commands.printing import _cell, print_frame, print_lines
from commands.warehouses import open_reader, settings_of
from etl.errors import InvalidRequest
from metrics.backlog import ages, series
from metrics.change import Against, compare
from metrics.change import trend as weekly_trend
from metrics.contributions import contributions
from metrics.explaining import explain as explain_metric
from metrics.explaining import replay
from metrics.measure import measure
from metrics.service_levels import about_to_breach

app = typer.Typer()


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
    scope = scope_of(start, end, as_of, where or [], warehouse).model_copy(update={"cohort": cohort})
    dimensions = [name.strip() for name in by.split(",") if name.strip()]
    print_frame(measure(open_reader(warehouse), names, by=dimensions, scope=scope), form)


@app.command()
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    ticket: Annotated[str | None, typer.Option(help="Replay this ticket, event by event.")] = None,
    as_of: AsOf = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say what a metric means and leaves out, or how one ticket comes by its value."""
    reader, scope = open_reader(warehouse), scope_of(None, None, as_of, [], warehouse)
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
    print_lines([f"{name.replace('_', ' ')}: {_cell(value)}" for name, value in told.items()])
    print_frame(rows.rename({"because": "left out because"}) if ticket is None else rows, Format.TABLE)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    if every not in ("day", "week"):
        raise InvalidRequest(f"--every {every}: expected day or week.")
    told = series(open_reader(warehouse), every="day" if every == "day" else "week", scope=scope)
    print_frame(ages(open_reader(warehouse), scope=scope) if bands else told, form)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    if against not in get_args(Against):
        raise InvalidRequest(f"--against {against}: expected {' or '.join(get_args(Against))}.")
    reader, other = open_reader(warehouse), cast("Against", against)
    if not moved:
        print_frame(compare(reader, names, scope=scope, against=other), form)
        return
    for name in names:
        found = contributions(reader, name, scope=scope, against=other)
        if form == Format.TABLE:
            print_lines([f"{found.of}: {_cell(found.before)} before, {_cell(found.now)} now"])
        print_frame(found.parts, form)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    found = weekly_trend(open_reader(warehouse), metric, scope=scope)
    if form == Format.TABLE:
        limits = (found.chart.centre, found.chart.lower, found.chart.upper)
        centre, lower, upper = (_cell(limit) for limit in limits)
        since = f", {found.side} since the week of {found.since}" if found.since else ""
        print_lines([f"{found.verdict}{since}. Centre {centre}, limits {lower} to {upper}"])
    rules = pl.col("rules").list.join(", ")
    print_frame(found.weeks if form == Format.JSON else found.weeks.with_columns(rules), form)


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
    if not settings_of(warehouse).targets:
        raise InvalidRequest(
            "No service-level targets are set. `stepsight settings > stepsight.toml` writes a file to set "
            "them in; `stepsight refresh` applies them."
        )
    scope = scope_of(None, None, as_of, where or [], warehouse)
    print_frame(about_to_breach(open_reader(warehouse), scope, within=timedelta(minutes=within)), form)
