"""Commands that print the numbers of tickets, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, cast, get_args

import duckdb
import polars as pl
import typer

from commands.options import AsOf, Form, Format, SmallGroups, Warehouse, Wheres
from commands.output import (
    ROWS_AT_A_GLANCE,
    cell,
    print_frame,
    print_json,
    print_left_out,
    print_lines,
    print_notice,
)
from commands.periods import MOST_PERIODS, PERIODS, MostPeriods, newest_periods
from commands.places import DEFAULT_WAREHOUSE
from commands.query_context import QueryContext, with_query_context
from commands.scopes import scope_of
from commands.small_groups_log import log_small_groups
from commands.warehouses import open_reader, settings_of
from dashboard.language import N_, _
from dashboard.language.messages import say
from etl.errors import InvalidRequest
from etl.messages import Message
from metrics.catalog.metrics import CATALOG
from metrics.explain.explain import Explanation, Replay, not_known_because, replay
from metrics.explain.explain import explain as explain_metric
from metrics.query.ids import find_ticket
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.query.small_groups import why_left_out
from metrics.replay.event_effects import Moment
from metrics.tickets.backlog import ages, series
from metrics.tickets.change import Against, Trend, compare
from metrics.tickets.change import trend as weekly_trend
from metrics.tickets.contributions import contributions
from metrics.tickets.service_levels import about_to_breach, paused_targets

app = typer.Typer()


@app.command()
@with_query_context
def metrics(
    on: QueryContext,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…")] = None,
    by: Annotated[str, typer.Option(help="Dimensions, separated by commas.")] = "",
    cohort: Annotated[bool, typer.Option("--cohort", help="Every metric by the day of opening.")] = False,
    every_metric: Annotated[
        bool, typer.Option("--list", help="List every metric with its unit and its question, instead.")
    ] = False,
    rows: MostPeriods = MOST_PERIODS,
) -> None:
    """Print any number the dashboard shows."""
    if every_metric:
        on.print(_metric_list())
        return
    dimensions = [name.strip() for name in by.split(",") if name.strip()]
    scope = on.scope.model_copy(update={"cohort": cohort})
    numbers = measure(on.reader, names or [], by=dimensions, scope=scope)
    on.print(newest_periods(numbers, rows, [name for name in PERIODS if name in dimensions]))
    if left_out := why_left_out(on.reader, dimensions, scope):
        print_notice(left_out)
    on.add(lambda: _not_known(on.reader, numbers, scope))


def _not_known(reader: duckdb.DuckDBPyConnection, numbers: pl.DataFrame, scope: Scope) -> list[str]:
    """Why metrics have no value in any group of the scope."""
    unknown = numbers.group_by("metric", maintain_order=True).agg(pl.col("value").is_null().all())
    reasons = {
        name: not_known_because(reader, name, scope=scope) for name in unknown.filter("value")["metric"]
    }
    return [
        _("{number}: not known. {reason}", number=_(CATALOG[name].title), reason=say(because))
        for name, because in reasons.items()
        if because is not None
    ]


def _metric_list() -> pl.DataFrame:
    """One row per metric, in the reader's language."""
    return pl.DataFrame(
        {
            "name": metric.name,
            "title": _(metric.title),
            "unit": _(metric.unit),
            "question": _(metric.question),
        }
        for metric in CATALOG.values()
    )


@app.command()
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    ticket: Annotated[str | None, typer.Option(help="Replay this ticket, event by event.")] = None,
    as_of: AsOf = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Explain what a metric means and leaves out, or how one ticket gets its value."""
    reader, scope = open_reader(warehouse), scope_of(None, None, as_of, [], warehouse)
    if ticket is None:
        explained: Explanation | Replay = explain_metric(reader, metric, scope=scope)
    else:
        explained = replay(reader, metric, find_ticket(reader, ticket), as_of=scope.as_of)
    if as_json:
        print_json(explained)
    else:
        _print_explained(explained)


def _print_explained(explained: Explanation | Replay) -> None:
    for name, title in _EXPLAINED.items():
        value = getattr(explained, name, "")
        if value != "" and (value is not None or name != "left_out"):
            text = say(value) if isinstance(value, Message) else _(value) if name in _TEXTS else cell(value)
            print_lines([_("{name}: {value}", name=_(title), value=text)])
    if isinstance(explained, Explanation):
        rows = [{_("left out because"): say(each.because), "n": each.n} for each in explained.exclusions]
    else:
        at_a_glance = moments_at_a_glance(explained.moments)
        rows = [vars(moment) | {"because": say(moment.because)} for moment in at_a_glance]
    if rows:
        print_frame(pl.DataFrame(rows), Format.TABLE)
    if isinstance(explained, Replay):
        print_left_out(len(explained.moments), "--json")


def moments_at_a_glance(moments: Sequence[Moment]) -> list[Moment]:
    """In event order, no more than people read: those that do something to the number before the others."""
    by_weight = sorted(range(len(moments)), key=lambda place: (moments[place].effect == "none", place))
    return [moments[place] for place in sorted(by_weight[:ROWS_AT_A_GLANCE])]


_EXPLAINED = {
    "metric": N_("metric"),
    "ticket_id": N_("ticket"),
    "title": N_("title"),
    "question": N_("question"),
    "formula": N_("formula"),
    "clock": N_("clock"),
    "date": N_("date"),
    "value": N_("value"),
    "n": N_("n"),
    "left_out": N_("left out because"),
}
_TEXTS = ("title", "question", "formula")
"""Those of them that are texts of the catalog, which every language has."""


@app.command()
@with_query_context
def backlog(
    on: QueryContext,
    every: Annotated[str, typer.Option(help="day or week")] = "day",
    bands: Annotated[bool, typer.Option("--ages", help="By age at one instant, instead.")] = False,
    rows: MostPeriods = MOST_PERIODS,
) -> None:
    """Show how many tickets were open at the end of each day or week, or how old they are."""
    if every not in ("day", "week"):
        raise InvalidRequest("option.choice", option="--every", text=every, known=["day", "week"])
    if bands:
        on.print(ages(on.reader, scope=on.scope))
    else:
        history = series(on.reader, every="day" if every == "day" else "week", scope=on.scope)
        on.print(newest_periods(history, rows))
    on.add(lambda: _not_known(on.reader, measure(on.reader, ["backlog"], scope=on.scope), on.scope))


@app.command()
@with_query_context
def change(
    on: QueryContext,
    names: Annotated[list[str], typer.Argument(metavar="NAME…")],
    against: Annotated[str, typer.Option(help="previous or last_year")] = "previous",
    moved: Annotated[bool, typer.Option("--moved", help="Which groups moved it, by mix and rate.")] = False,
) -> None:
    """Compare a period with the one before or a year ago, and show what moved it."""
    if against not in get_args(Against):
        raise InvalidRequest("option.choice", option="--against", text=against, known=list(get_args(Against)))
    other = cast("Against", against)
    if not moved:
        on.print(compare(on.reader, names, scope=on.scope, against=other))
        return
    for name in names:
        change = contributions(on.reader, name, scope=on.scope, against=other)
        if on.form is Format.TABLE:
            sides = {"before": cell(change.before), "now": cell(change.now)}
            print_lines([_("{number}: {before} before, {now} now", number=say(change.of), **sides)])
        on.print(change.parts)


@app.command()
@with_query_context
def trend(
    on: QueryContext,
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    rows: MostPeriods = MOST_PERIODS,
) -> None:
    """Show the weeks of a metric on a control chart, and whether it changed."""
    course = weekly_trend(on.reader, metric, scope=on.scope)
    if on.form is Format.TABLE:
        print_lines([_course(course)])
    rules = pl.col("rules").list.join(", ")
    weeks = newest_periods(course.weeks, rows)
    on.print(weeks if on.form is Format.JSON else weeks.with_columns(rules))


def _course(trend: Trend) -> str:
    """Whether it changed, since when, and between which limits."""
    limits = {
        "centre": cell(trend.chart.centre),
        "lower": cell(trend.chart.lower),
        "upper": cell(trend.chart.upper),
    }
    verdict = _(_VERDICTS[trend.verdict])
    if trend.since is None:
        return _("{verdict}. Centre {centre}, limits {lower} to {upper}.", verdict=verdict, **limits)
    return _(
        "{verdict}, {side} since the week of {week}. Centre {centre}, limits {lower} to {upper}.",
        verdict=verdict,
        side=_(_SIDES[trend.side or "higher"]),
        week=trend.since,
        **limits,
    )


_VERDICTS = {
    "signal": N_("changed"),
    "noise": N_("usual range"),
    "unknown": N_("not enough data yet"),
}
_SIDES = {"higher": N_("higher"), "lower": N_("lower")}


@app.command()
def breaches(
    within: Annotated[float, typer.Option(min=0, help="Minutes of the wall clock until the breach.")] = 60,
    as_of: AsOf = None,
    where: Wheres = None,
    small_groups: SmallGroups = False,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    form: Form = Format.TABLE,
) -> None:
    """List the tickets that will miss their target unless someone acts, the next one first."""
    if not settings_of(warehouse).targets:
        raise InvalidRequest("targets.none")
    scope = scope_of(None, None, as_of, where or [], warehouse, small_groups=small_groups)
    log_small_groups(warehouse, "breaches", scope)
    connection = open_reader(warehouse)
    print_frame(about_to_breach(connection, scope, within=timedelta(minutes=within)), form)
    if paused := paused_targets(connection, scope):
        print_notice(Message("targets.paused", {"paused": paused}))
