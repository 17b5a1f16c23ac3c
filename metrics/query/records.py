"""The records behind a number: the very tickets or visits a metric counted, and one ticket event by event.

They are found as `metrics.query.measure` finds them, so that a list is as long as its number's n.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog import metrics
from metrics.catalog.dimensions import VISITS, VISITS_WITH_EXPERIENCE, custom_value
from metrics.catalog.metric import Among, Metric
from metrics.catalog.signs import SIGNS
from metrics.facts.relations import DIALECT
from metrics.query.ids import find_ticket
from metrics.query.linked_runs import homes, rows_of
from metrics.query.run import run_query
from metrics.query.run_in_scope import list_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column

Which = Literal["all", "hits", "misses"]
_TICKET = ("ticket_id", "opened_at", "channel", "reason", "priority", "team", "is_open")
_VISIT = ("ticket_id", "run_id", "visit_number", "workflow", "version", "step", "title", "entered_at", "team")


def count(
    connection: duckdb.DuckDBPyConnection, metric: str, *, scope: Scope | None = None, which: Which = "all"
) -> int:
    """How many records stand behind the metric in the scope: all of them are its n, the hits make a share.

    Raises:
        InvalidRequest: no such metric, or the scope filters by what its records do not have.
    """
    scope, definition = scope or Scope(), metrics.metric(metric)
    query = _behind(definition, scope, which).select(exp.Count(this=exp.Star()).as_("n"))
    return int(list_in_scope(connection, query, scope)["n"].item())


def tickets(
    connection: duckdb.DuckDBPyConnection,
    metric: str,
    *,
    scope: Scope | None = None,
    which: Which = "all",
    limit: int,
    offset: int = 0,
) -> pl.DataFrame:
    """One row per ticket behind the metric, the newest first: its date for the metric, value and attributes.

    `value`: minutes, or for a share 1 for a hit and 0 for none; null for a count. The dimensions of the
    settings come last.

    Raises:
        InvalidRequest: no such metric, one of visits, or the scope filters by what tickets do not have.
    """
    scope, definition = scope or Scope(), metrics.metric(metric)
    if definition.fact == VISITS:
        raise InvalidRequest("metric.of_visits", title=definition.title)
    value = exp.null() if definition.kind == "count" else _sql(definition.hits or definition.value)
    query = _behind(definition, scope, which).select(
        exp.column(date_column(scope, definition.date.column)).as_("counted_at"),
        exp.cast(value, "double").as_("value"),
        *_TICKET,
        *(exp.alias_(custom_value(attribute), name) for name, attribute in scope.dimensions),
    )
    query = query.order_by("counted_at DESC", "ticket_id").limit(limit).offset(offset)
    return list_in_scope(connection, query, scope)


def visits(
    connection: duckdb.DuckDBPyConnection,
    *,
    scope: Scope | None = None,
    which: Which = "all",
    practice: int | None = None,
    guided: bool = True,
    limit: int,
    offset: int = 0,
) -> pl.DataFrame:
    """One row per visit to a step in the scope, the newest first; the hits are the confused ones.

    `signs`: the names of those it shows. `minutes`: its length without pauses. With `practice`, only those of
    agents with so many earlier visits to the step (the lower end of a band). Not `guided`: those to states,
    which show no signs; how long one lasts that has no end is not known.

    Raises:
        InvalidRequest: the scope filters by what visits do not have.
    """
    scope = scope or Scope()
    metric = metrics.metric("confusion_rate")
    among = metric.among if guided else Among("NOT is_guided")
    stayed = "unpaused_us / 6e7" if guided else "CASE WHEN NOT is_unended THEN unpaused_us / 6e7 END"
    query = _behind(replace(metric, among=among), scope, which, practice).select(
        *_VISIT, f"{stayed} AS minutes", "is_confused", *(sign.name for sign in SIGNS)
    )
    order = ("entered_at DESC", "ticket_id", "run_id", "visit_number")
    query = query.order_by(*order).limit(limit).offset(offset)
    return _with_signs(list_in_scope(connection, query, scope))


def ticket(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> dict[str, object]:
    """What is known of one ticket, counted or not.

    Raises:
        InvalidRequest: there is none of that id, or several sources have one.
    """
    whole_id = find_ticket(connection, ticket_id, prefers_exact=True)
    rows = run_query(connection, _of_ticket(exp.select("*").from_("tickets")), {"ticket": whole_id})
    return rows.row(0, named=True)


def timeline(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> pl.DataFrame:
    """One row per event of the ticket, in event order. No agent and no customer is named.

    A visit stands with its `entered`: its length without pauses in `minutes`, `is_confused`, and its `signs`;
    null where it does not count (yet): it still goes on, or its ticket was merged or discarded.
    """
    columns = (
        *("place", "occurred_at", "kind", "actor", "team", "channel", "reason", "run_id", "workflow"),
        *("version", "step", "value", "hits", "score", "scale_max"),
    )
    values = {"ticket": ticket_id}
    events = run_query(connection, _of_ticket(exp.select(*columns).from_("ordered_events")), values).sort(
        "place"
    )
    stays = exp.select(
        "run_id", "visit_number", "title", "unpaused_us / 6e7 AS minutes", "is_confused",
        *(sign.name for sign in SIGNS),
    )  # fmt: skip
    by_run = homes(connection, ticket_id)
    judged = pl.concat(
        _with_signs(run_query(connection, _of_ticket(stays.from_(VISITS)), {"ticket": home})).with_columns(
            home=pl.lit(home)
        )
        for home in sorted({ticket_id, *by_run.values()})
    )
    numbered = _with_visit_numbers(connection, ticket_id, events, by_run)
    return numbered.join(
        judged, on=["home", "run_id", "visit_number"], how="left", maintain_order="left"
    ).drop("home")


def _with_visit_numbers(
    connection: duckdb.DuckDBPyConnection, ticket_id: str, events: pl.DataFrame, by_run: dict[str, str]
) -> pl.DataFrame:
    """The events of a ticket, each `entered` with the number of its visit, and the ticket of its run."""
    entered = pl.col("kind") == "entered"
    if not by_run:
        number = pl.when(entered).then(entered.cast(pl.Int64).cum_sum().over("run_id"))
        return events.with_columns(visit_number=number, home=pl.lit(ticket_id))
    query = exp.select("event_place AS place", "visit_number", "ticket_id AS home").from_("run_events")
    is_here = exp.column("event_ticket_id").eq(exp.Placeholder(this="ticket"))
    of_visits = run_query(
        connection,
        query.where(is_here, exp.column("kind").eq("entered")),
        {"ticket": ticket_id},
        tickets=rows_of(ticket_id, *by_run.values()),
    )
    return events.join(of_visits, on="place", how="left", maintain_order="left")


def _behind(metric: Metric, scope: Scope, which: Which, practice: int | None = None) -> exp.Select:
    """The rows a metric is over in the scope, without any column yet."""
    date = date_column(scope, metric.date.column)
    filters: list[exp.Expr] = [_is_known(exp.column(date)), exp.paren(_sql(metric.among.condition))]
    if metric.kind in {"median", "mean", "survival"}:
        filters.append(_is_known(exp.column(metric.value)))
    if metric.kind == "share" and which != "all":
        hit = exp.func("coalesce", _sql(metric.hits), exp.false())
        filters.append(hit if which == "hits" else exp.Not(this=hit))
    if practice is not None:
        filters.append(exp.column("practice").eq(exp.Literal.number(int(practice))))
    return (
        exp.Select()
        .from_(metric.fact if practice is None else VISITS_WITH_EXPERIENCE)
        .where(*filters, *conditions(scope, Over(metric.fact, date)))
    )


def _of_ticket(query: exp.Select) -> exp.Select:
    return query.where(exp.column("ticket_id").eq(exp.Placeholder(this="ticket")))


def _with_signs(rows: pl.DataFrame) -> pl.DataFrame:
    """The signs as one list of names, in the order of the catalog."""
    sign_names = [pl.when(sign.name).then(pl.lit(sign.name)) for sign in SIGNS]
    return rows.with_columns(signs=pl.concat_list(sign_names).list.drop_nulls()).drop(
        sign.name for sign in SIGNS
    )


def _sql(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect=DIALECT)


def _is_known(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value, expression=exp.null()))
