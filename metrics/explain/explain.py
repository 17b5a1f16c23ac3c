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
from metrics.catalog.dimensions import (
    ANSWER_LEVELS,
    AWAITED,
    CONTACTS,
    MATTERS,
    RATED,
    SOLVE_LEVELS,
    TICKETS,
    VISITS,
)
from metrics.catalog.metric import Metric
from metrics.explain.event_effects import Event, Moment
from metrics.explain.rules import story_of
from metrics.facts.relations import DIALECT
from metrics.query.measure import measured
from metrics.query.run import ask
from metrics.query.scope import Over, Scope, conditions, parameters

_DATES = {
    "opened_at": Message("explain.day_opened"),
    "arrived_at": Message("explain.day_arrived"),
    "first_solved_at": Message("explain.day_first_solved"),
    "last_solved_at": Message("explain.day_last_solved"),
    "survey_offered_at": Message("explain.day_survey_offered"),
    "rated_at": Message("explain.day_rated"),
    "entered_at": Message("explain.day_entered"),
    "judged_at": Message("explain.day_judged"),
}
_UNDATED = {
    "opened_at": Message("explain.opening_unknown"),
    "arrived_at": Message("explain.arrival_unknown"),
    "first_solved_at": Message("explain.never_solved"),
    "last_solved_at": Message("explain.not_solved_now"),
    "survey_offered_at": Message("explain.no_survey"),
    "rated_at": Message("explain.not_rated"),
}
_NOT_IN_FACT = {
    CONTACTS: Message("explain.no_contact"),
    MATTERS: Message("explain.no_matter_known"),
    AWAITED: Message("explain.heard_late"),
    RATED: Message("explain.not_rated"),
    ANSWER_LEVELS: Message("explain.no_answer_target"),
    SOLVE_LEVELS: Message("explain.no_target"),
    VISITS: Message("explain.no_visit"),
}
_NOT_AMONG = {
    "is_solved AND is_reply_recorded": Message("explain.no_replies_recorded"),
    "is_solved AND is_reply_recorded AND agent_replies = 0": Message("explain.agent_wrote"),
    "is_solved AND is_follow_up_recorded": Message("explain.no_check_backs_recorded"),
    "is_solved AND holds > 0": Message("explain.never_held"),
    "NOT is_satisfied": Message("explain.satisfied"),
    "is_judged": Message("explain.not_judged"),
    "is_hand_off_recorded": Message("explain.no_hand_offs_recorded"),
    "is_escalation_recorded": Message("explain.no_escalations_recorded"),
    "opened_at IS NOT NULL AND is_open": Message("explain.at_rest"),
    "is_open AND first_contact_at IS NOT NULL AND first_response_at IS NULL": (
        Message("explain.not_unanswered")
    ),
}
_WITHOUT_VALUE = {
    "first_response_minutes": Message("explain.unanswered"),
    "felt_first_response_minutes": Message("explain.unanswered"),
    "first_response_business_minutes": Message("explain.unanswered"),
}
_HEARD_LATE = Message("explain.heard_late")


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

    `value`: minutes; for a share 1 for a hit, else 0; for a count 1; null where the ticket is not in it.
    """

    metric: str
    ticket_id: str
    moments: tuple[Moment, ...]
    value: float | None


def explain(connection: duckdb.DuckDBPyConnection, name: str, *, scope: Scope | None = None) -> Explanation:
    """What the metric means, and how many are left out of it for which reason.

    Over all data that the scope's filters and its instant of looking leave: what is left out for lack of a
    date is in no period.

    Raises:
        InvalidRequest: there is no such metric.
    """
    metric = metrics.metric(name)
    scope = (scope or Scope()).model_copy(update={"start": None, "end": None, "cohort": False})
    value, n = measured(connection, [metric], [], scope).select("value", "n").row(0)
    return Explanation(
        metric=name,
        title=metric.title,
        question=metric.question,
        formula=metric.definition,
        clock=_clock(metric),
        date=_DATES[metric.date],
        value=value,
        n=n,
        exclusions=tuple(found for found in _exclusions(connection, metric, scope) if found.n),
    )


def _clock(metric: Metric) -> Message:
    if metric.unit != "minutes":
        return Message("explain.no_clock")
    is_business = "_business_" in metric.name
    return Message("explain.opening_hours") if is_business else Message("explain.elapsed_time")


def _exclusions(connection: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope) -> list[Exclusion]:
    merged, discarded, counted = _counts(
        connection,
        "tickets",
        scope,
        ["excluded_because = 'merged'", "excluded_because = 'discarded'", "NOT is_excluded"],
    )
    dated = f"{metric.date} IS NOT NULL"
    among = f"({metric.among})"
    has_value = f"{metric.value} IS NOT NULL" if metric.kind == "median" else "true"
    undated, not_among, without = _counts(
        connection,
        metric.fact,
        scope,
        [f"NOT {dated}", f"{dated} AND NOT {among}", f"{dated} AND {among} AND NOT {has_value}"],
    )
    (in_fact,) = _counts(connection, metric.fact, scope, ["true"], distinct=True)
    return [
        Exclusion(Message("explain.merged"), merged),
        Exclusion(Message("explain.discarded"), discarded),
        Exclusion(_NOT_IN_FACT.get(metric.fact, Message("explain.not_about")), counted - in_fact),
        Exclusion(_UNDATED.get(metric.date, Message("explain.undated")), undated),
        Exclusion(_NOT_AMONG.get(metric.among, Message("explain.not_about")), not_among),
        Exclusion(_WITHOUT_VALUE.get(metric.value, _HEARD_LATE), without),
    ]


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
    return [int(n) for n in ask(connection, query, parameters(scope, query), as_of=scope.as_of).row(0)]


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
    )
    rows = ask(
        connection,
        query.from_("ordered_events").where(of_ticket),
        {"ticket": ticket_id},
        as_of=as_of,
    ).sort("place")
    if rows.is_empty():
        raise InvalidRequest("ticket.unknown", ticket=ticket_id)
    events = [Event(**row) for row in rows.iter_rows(named=True)]
    return Replay(
        name, ticket_id, tuple(story_of(metric, events)), _value_of(connection, metric, ticket_id, as_of)
    )


def _value_of(
    connection: duckdb.DuckDBPyConnection, metric: Metric, ticket_id: str, as_of: datetime | None
) -> float | None:
    """What the fact behind the metric says of the ticket."""
    value = metric.value if metric.kind != "count" else "true"
    found = sqlglot.parse_one(value, dialect=DIALECT)
    query = exp.select(exp.alias_(exp.cast(found, "double"), "value")).from_(metric.fact)
    query = query.where(
        exp.column("ticket_id").eq(exp.Placeholder(this="ticket")),
        exp.paren(sqlglot.parse_one(metric.among, dialect=DIALECT)),
        exp.Not(this=exp.Is(this=exp.column(metric.date), expression=exp.null())),
    )
    values = ask(connection, query, {"ticket": ticket_id}, as_of=as_of)["value"].to_list()
    return values[0] if values else None
