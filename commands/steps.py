"""Commands that print what the steps of workflows show."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from commands.options import (
    DEFAULT_WAREHOUSE,
    AsOf,
    Format,
    From,
    HourlyCost,
    To,
    Warehouse,
    Wheres,
    one_of,
    scope_of,
)
from commands.printing import ROWS_AT_A_GLANCE, print_frame, print_lines
from commands.warehouses import hourly_cost_of, open_reader, settings_of
from metrics.causes import HOLDERS, before_help, changed_answers, holders, returns, searches
from metrics.conformance import breaches as conformance_breaches
from metrics.conformance import conformance as measure_conformance
from metrics.conformance import runs_in_breach
from metrics.flow import edges, ping_pong, steps, variants
from metrics.hotspots import hotspots as measure_hotspots
from metrics.learning import training_needs
from metrics.outcomes import outcome_links
from metrics.verdicts import in_words as verdicts_in_words
from metrics.verdicts import verdicts as measure_verdicts
from metrics.version_words import in_words as versions_in_words
from metrics.versions import verdicts as version_verdicts

app = typer.Typer()


_HOTSPOTS_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "confused"),
    *("confusion_rate", "low", "high", "hotspot", "hidden", "verdict", "cost_hours_per_week"),
)


_TRAINING_AT_A_GLANCE = (
    *("workflow", "version", "step", "visits", "learning", "newcomer_ratio", "newcomer_ratio_low"),
    *("newcomer_ratio_high", "newcomers_below", "saves_hours_per_week", "saves_low", "saves_high"),
)


_OUTCOMES_AT_A_GLANCE = (
    *("workflow", "version", "step", "outcome", "association", "n_confused", "n_others"),
    *("confused", "others", "difference", "ratio", "ratio_low", "ratio_high"),
)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    cost = hourly_cost_of(hourly_cost, warehouse)
    frame = measure_hotspots(open_reader(warehouse), scope=scope, hourly_cost=cost)
    if form in {Format.TABLE, Format.CSV}:
        frame = frame.with_columns(_sign_rates(frame.schema)).drop("signs").unnest("evidence")
    if form == Format.TABLE:
        frame = frame.select(_HOTSPOTS_AT_A_GLANCE)
    print_frame(frame, form)


@app.command()
def training(
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    where: Wheres = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Say which steps are learnt with practice, which stay hard, and what training would save."""
    scope = scope_of(start, end, as_of, where or [], warehouse)
    reader = open_reader(warehouse)
    found = training_needs(reader, measure_hotspots(reader, scope=scope), scope=scope).steps
    print_frame(found.select(_TRAINING_AT_A_GLANCE) if form == Format.TABLE else found, form)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    cost = hourly_cost_of(hourly_cost, warehouse)
    found = measure_verdicts(open_reader(warehouse), scope=scope, hourly_cost=cost)
    if form == Format.TABLE:
        print_lines(verdicts_in_words(found, settings_of(warehouse).currency))
    else:
        print_frame(found, form)


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
    found = version_verdicts(
        open_reader(warehouse),
        scope=scope_of(start, end, as_of, where or [], warehouse),
        rules=settings_of(warehouse).versions,
    )
    if form == Format.TABLE:
        print_lines(versions_in_words(found))
    else:
        print_frame(found, form)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    found = told[one_of(told, what)](open_reader(warehouse), scope=scope)
    if what == "variants" and form in {Format.TABLE, Format.CSV}:
        found = found.with_columns(pl.col("path").list.join(" > "))
    print_frame(found.head(ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


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
    reader, scope = open_reader(warehouse), scope_of(start, end, as_of, where or [], warehouse)
    one_of([*told, *HOLDERS], what)
    found = told[what](reader, scope=scope) if what in told else holders(reader, what, scope=scope)
    print_frame(found.head(ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


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
    scope = scope_of(start, end, as_of, where or [], warehouse)
    found = told[one_of(told, what)](open_reader(warehouse), scope=scope)
    print_frame(found.head(ROWS_AT_A_GLANCE) if form == Format.TABLE else found, form)


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
    found = outcome_links(open_reader(warehouse), scope=scope_of(start, end, as_of, where or [], warehouse))
    if form == Format.TABLE:
        found = found.select(_OUTCOMES_AT_A_GLANCE)
    print_frame(found, form)


def _sign_rates(schema: pl.Schema) -> list[pl.Expr]:
    signs = schema["signs"]
    assert isinstance(signs, pl.Struct)  # noqa: S101 - what hotspots promises
    return [
        pl.col("signs").struct.field(sign.name).struct.field("rate").alias(f"{sign.name}_rate")
        for sign in signs.fields
    ]
