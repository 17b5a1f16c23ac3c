"""Commands that print the numbers of tickets, and what they mean."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, cast, get_args

import polars as pl
import typer

from commands.asked import Asked, asked
from commands.options import AsOf, Form, Format, Warehouse, Wheres
from commands.places import DEFAULT_WAREHOUSE
from commands.printing import cell, print_frame, print_lines
from commands.scopes import scope_of
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
@asked
def metrics(
    on: Asked,
    names: Annotated[list[str], typer.Argument(metavar="NAME…")],
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas.")] = "",
    cohort: Annotated[bool, typer.Option("--cohort", help="Every metric by the day of opening.")] = False,
) -> None:
    """Print any number the dashboard shows."""
    dimensions = [name.strip() for name in by.split(",") if name.strip()]
    scope = on.scope.model_copy(update={"cohort": cohort})
    on.print(measure(on.reader, names, by=dimensions, scope=scope))


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
    print_lines([f"{name.replace('_', ' ')}: {cell(value)}" for name, value in told.items()])
    print_frame(rows.rename({"because": "left out because"}) if ticket is None else rows, Format.TABLE)


@app.command()
@asked
def backlog(
    on: Asked,
    every: Annotated[str, typer.Option(help="day or week")] = "day",
    bands: Annotated[bool, typer.Option("--ages", help="By age at one instant, instead.")] = False,
) -> None:
    """Tell how many tickets were waiting at the end of each day or week, or how old they are."""
    if every not in ("day", "week"):
        raise InvalidRequest(f"--every {every}: expected day or week.")
    if bands:
        on.print(ages(on.reader, scope=on.scope))
    else:
        on.print(series(on.reader, every="day" if every == "day" else "week", scope=on.scope))


@app.command()
@asked
def change(
    on: Asked,
    names: Annotated[list[str], typer.Argument(metavar="NAME…")],
    against: Annotated[str, typer.Option(help="previous or last_year")] = "previous",
    moved: Annotated[bool, typer.Option("--moved", help="Which groups moved it, by mix and rate.")] = False,
) -> None:
    """Compare a period with the one before or a year ago, and tell what moved it."""
    if against not in get_args(Against):
        raise InvalidRequest(f"--against {against}: expected {' or '.join(get_args(Against))}.")
    other = cast("Against", against)
    if not moved:
        on.print(compare(on.reader, names, scope=on.scope, against=other))
        return
    for name in names:
        found = contributions(on.reader, name, scope=on.scope, against=other)
        if on.form is Format.TABLE:
            print_lines([f"{found.of}: {cell(found.before)} before, {cell(found.now)} now"])
        on.print(found.parts)


@app.command()
@asked
def trend(on: Asked, metric: Annotated[str, typer.Argument(metavar="METRIC")]) -> None:
    """Tell signal from noise: the weekly values on their control chart."""
    found = weekly_trend(on.reader, metric, scope=on.scope)
    if on.form is Format.TABLE:
        limits = (found.chart.centre, found.chart.lower, found.chart.upper)
        centre, lower, upper = (cell(limit) for limit in limits)
        since = f", {found.side} since the week of {found.since}" if found.since else ""
        print_lines([f"{found.verdict}{since}. Centre {centre}, limits {lower} to {upper}"])
    rules = pl.col("rules").list.join(", ")
    on.print(found.weeks if on.form is Format.JSON else found.weeks.with_columns(rules))


@app.command()
def breaches(
    within: Annotated[float, typer.Option(min=0, help="Minutes until the target is breached.")] = 60,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Form = Format.TABLE,
) -> None:
    """List the tickets whose service level will be breached unless someone acts, the next one first."""
    if not settings_of(warehouse).targets:
        raise InvalidRequest(
            "No service-level targets are set. `stepsight settings > stepsight.toml` writes a file to set "
            "them in; `stepsight refresh` applies them."
        )
    scope = scope_of(None, None, as_of, where or [], warehouse)
    print_frame(about_to_breach(open_reader(warehouse), scope, within=timedelta(minutes=within)), form)
