"""What a number means and how it came about: for the command line, the glossary and a ticket's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import sqlglot
from sqlglot import exp

from etl.errors import InvalidRequest
from etl.messages import Message
from metrics.catalog import metrics
from metrics.catalog.dimensions import TICKETS, TIMED, VISITS
from metrics.catalog.metric import Metric
from metrics.facts.relations import DIALECT
from metrics.query.measure import measured
from metrics.query.run import run_query
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions
from metrics.replay.event_effects import Event, Moment
from metrics.replay.rules import moments

_LEFT_OUT = (Message("explain.merged"), Message("explain.discarded"))


@dataclass(frozen=True)
class Exclusion:
    """Why some are not in a number, and how many."""

    because: Message
    n: int


@dataclass(frozen=True)
class Explanation:
    """A metric in words, its value over all data now, and what is left out of it.

    `n` is what the value is over; with the exclusions it makes up all tickets (for a metric of visits, all
    tickets only up to those that have one).
    """

    metric: str
    title: str
    question: str
    formula: str
    clock: Message
    date: Message
    value: float | None
    n: int
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True)
class Replay:
    """One ticket as a metric sees it: its events, what each does to the number, and what comes out.

    `value`: minutes; for a share 1 for a hit, else 0; for a count 1; null where the ticket is not in it, for
    the reason that `left_out` says.
    """

    metric: str
    ticket_id: str
    moments: tuple[Moment, ...]
    value: float | None
    left_out: Message | None


def explain(connection: duckdb.DuckDBPyConnection, name: str, *, scope: Scope | None = None) -> Explanation:
    """What the metric means, and how many are left out of it for which reason.

    Over all data that the scope's filters and its instant of looking leave: what is left out for lack of a
    date is in no period.

    Raises:
        InvalidRequest: there is no such metric.
    """
    metric = metrics.metric(name)
    scope = _of_all_periods(scope)
    value, n = measured(connection, [metric], [], scope).select("value", "n").row(0)
    return Explanation(
        metric=name,
        title=metric.title,
        question=metric.question,
        formula=metric.definition,
        clock=_clock(metric),
        date=metric.date.called,
        value=value,
        n=n,
        exclusions=_exclusions(connection, metric, scope),
    )


def not_known_because(
    connection: duckdb.DuckDBPyConnection, name: str, *, scope: Scope | None = None
) -> Message | None:
    """Why a metric has no value at all in the scope's filters; None where it has one in some period.

    Of what may have a value, the reason that most are left out for; else why there is nothing of that kind.
    """
    metric, scope = metrics.metric(name), _of_all_periods(scope)
    if measured(connection, [metric], [], scope)["value"].item() is not None:
        return None  # what is left out need not be counted, which takes longer
    exclusions = _exclusions(connection, metric, scope)
    own = [each for each in exclusions if each.because not in (*_LEFT_OUT, metric.absent)]
    most = max(own or exclusions, key=lambda each: each.n, default=None)
    return most.because if most else None


def _of_all_periods(scope: Scope | None) -> Scope:
    return (scope or Scope()).model_copy(update={"start": None, "end": None, "cohort": False})


def _clock(metric: Metric) -> Message:
    if metric.unit != "minutes":
        return Message("explain.no_clock")
    return Message("explain.opening_hours" if metric.fact == TIMED else "explain.elapsed_time")


def _exclusions(connection: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> tuple[Exclusion, ...]:
    """Every reason for which some are left out."""
    merged, discarded, counted = _counts(
        connection,
        "tickets",
        scope,
        ["excluded_because = 'merged'", "excluded_because = 'discarded'", "NOT is_excluded"],
    )
    first, reasons = _first_reason(metric)
    left_out = _counts(
        connection, metric.fact, scope, [f"{first} = {place}" for place in range(len(reasons))]
    )
    (in_fact,) = _counts(connection, metric.fact, scope, ["true"], distinct=True)
    counts = [
        *zip(_LEFT_OUT, (merged, discarded), strict=True),
        (metric.absent, counted - in_fact),
        *zip(reasons, left_out, strict=True),
    ]
    return tuple(Exclusion(because, n) for because, n in counts if n)


def _first_reason(metric: Metric) -> tuple[str, list[Message]]:
    """SQL for the place of the first reason for which a row of the fact is left out; null if it is in."""
    has_value = f"{metric.value} IS NOT NULL" if metric.kind in ("median", "mean") else "true"
    among = f"coalesce({metric.among.condition}, false)"
    is_in = f"({among} AND {has_value})"
    reasons = [
        (f"{metric.date.column} IS NULL", metric.date.undated),
        *((f"NOT {is_in} AND ({each.condition})", each.otherwise) for each in metric.apart),
        (f"NOT {among}", metric.among.otherwise),
        (f"NOT {has_value}", metric.without_value),
    ]
    cases = " ".join(f"WHEN {condition} THEN {place}" for place, (condition, _) in enumerate(reasons))
    return f"CASE {cases} END", [because for _, because in reasons]


def _counts(
    connection: duckdb.DuckDBPyConnection,
    fact: str,
    scope: Scope,
    met: list[str],
    *,
    distinct: bool = False,
) -> list[int]:
    """How many rows (or tickets) of a fact meet each condition."""
    counted = exp.Distinct(expressions=[exp.column("ticket_id")]) if distinct else exp.Star()
    columns = [
        exp.Filter(
            this=exp.Count(this=counted.copy()),
            expression=exp.Where(this=sqlglot.parse_one(condition, dialect=DIALECT)),
        ).as_(f"n{at}")
        for at, condition in enumerate(met)
    ]
    over = Over(TICKETS if fact == "tickets" else fact, "arrived_at")
    query = exp.select(*columns).from_(fact).where(exp.true(), *conditions(scope, over))
    return [int(n) for n in run_in_scope(connection, query, scope).row(0)]


def replay(
    connection: duckdb.DuckDBPyConnection, name: str, ticket_id: str, *, as_of: datetime | None = None
) -> Replay:
    """The ticket's events in order: which start and stop the metric's clock, or count, and why others don't.

    Raises:
        InvalidRequest: no such metric or ticket, or the metric is not about single tickets.
    """
    metric = metrics.metric(name)
    if metric.fact == VISITS:
        raise InvalidRequest("metric.not_of_tickets", title=metric.title)
    of_ticket = exp.column("ticket_id").eq(exp.Placeholder(this="ticket"))
    query = exp.select(
        "occurred_at",
        "kind",
        "actor",
        "agent_id",
        "channel",
        "reason",
        "run_id",
        "score",
        "scale_max",
        "place",
        "was_left_out",
        "merged_from",
    )
    rows = run_query(
        connection,
        query.from_("ordered_events").where(of_ticket),
        {"ticket": ticket_id},
        as_of=as_of,
    ).sort("place")
    if rows.is_empty():
        raise InvalidRequest("ticket.unknown", ticket=ticket_id)
    events = [Event(**row) for row in rows.iter_rows(named=True)]
    value = _value_of(connection, metric, ticket_id, as_of)
    left_out = None if value is not None else _left_out_because(connection, metric, ticket_id, as_of)
    return Replay(name, ticket_id, tuple(moments(metric.rule, events)), value, left_out)


def _left_out_because(
    connection: duckdb.DuckDBPyConnection, metric: Metric, ticket_id: str, as_of: datetime | None
) -> Message | None:
    """Why a ticket without a value is not in the number."""
    is_ticket = exp.column("ticket_id").eq(exp.Placeholder(this="ticket"))
    excluded = exp.select("excluded_because").from_("tickets").where(is_ticket, "is_excluded")
    for (because,) in run_query(connection, excluded, {"ticket": ticket_id}, as_of=as_of).rows():
        return Message(f"explain.{because}")
    first, reasons = _first_reason(metric)
    reason = exp.alias_(sqlglot.parse_one(first, dialect=DIALECT), "reason")
    query = exp.select(reason).from_(metric.fact).where(is_ticket.copy())
    places = run_query(connection, query, {"ticket": ticket_id}, as_of=as_of)["reason"].to_list()
    if not places:
        return metric.absent
    return None if places[0] is None else reasons[places[0]]


def _value_of(
    connection: duckdb.DuckDBPyConnection, metric: Metric, ticket_id: str, as_of: datetime | None
) -> float | None:
    """What the fact behind the metric says of the ticket."""
    expression = sqlglot.parse_one(metric.hits or metric.value or "true", dialect=DIALECT)
    query = exp.select(exp.alias_(exp.cast(expression, "double"), "value")).from_(metric.fact)
    query = query.where(
        exp.column("ticket_id").eq(exp.Placeholder(this="ticket")),
        exp.paren(sqlglot.parse_one(metric.among.condition, dialect=DIALECT)),
        exp.Not(this=exp.Is(this=exp.column(metric.date.column), expression=exp.null())),
    )
    values = run_query(connection, query, {"ticket": ticket_id}, as_of=as_of)["value"].to_list()
    return values[0] if values else None
