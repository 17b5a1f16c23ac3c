"""One run of a workflow to the event: its visits with their signs, and what events do to which clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import VISITS, VISITS_WITH_EXPERIENCE
from metrics.catalog.metrics import CATALOG, page_list
from metrics.catalog.signs import SIGNS
from metrics.query import records
from metrics.query.linked_runs import homes, rows_of, tickets_of
from metrics.query.run import run_query
from metrics.replay.event_effects import Event
from metrics.replay.rules import moments

CLOCKS = page_list("run_clocks")
"""The clocks of the ticket that are told beside those of the visits."""
VISIT = "visit"
_RUN = ("run_id", "workflow", "version", "started_at", "last_event_at", "ended_at", "ended_by", "visits")
_EVENT = tuple(Event.__dataclass_fields__)
_EFFECTS = pl.List(pl.Struct(dict.fromkeys(("clock", "effect", "step"), pl.String())))


@dataclass(frozen=True)
class RunStory:
    """`facts`: the run's row; `visits`: one row per visit, judged or not yet; `events`: with their `effects`.

    An effect is the clock (`visit`, or a metric's name), what is done to it (starts, stops, pauses, goes on,
    restarts, counts), and of a visit the step's title. What else happened on the ticket between the run's
    first and last event is told too; it has no `run_id`. No agent is named: of each visit there are the team,
    and the agent's earlier visits to the step as the lower end of a band (`practice`, null where not known).
    """

    facts: dict[str, Any]
    visits: list[dict[str, Any]]
    events: list[dict[str, Any]]


def runs(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> pl.DataFrame:
    """One row per run of the ticket, the first first; also of those that belong to another ticket."""
    elsewhere = [
        _of_ticket(connection, "runs", _RUN, home).filter(run_id=run_id)
        for run_id, home in homes(connection, ticket_id).items()
        if home != ticket_id
    ]
    own = _of_ticket(connection, "runs", _RUN, ticket_id).filter(
        ~pl.col("run_id").is_in([run_id for rows in elsewhere for run_id in rows["run_id"]])
    )
    return pl.concat([own, *elsewhere]).sort("started_at", "run_id")


def run(connection: duckdb.DuckDBPyConnection, ticket_id: str, run_id: str) -> RunStory:
    """The run in its ticket, or in all tickets that it goes over, whichever of them is named.

    Raises:
        InvalidRequest: there is none of that id.
    """
    own_runs = runs(connection, ticket_id).filter(run_id=run_id)
    if own_runs.is_empty():
        raise InvalidRequest("run.unknown", run=run_id, ticket=ticket_id)
    home = homes(connection, ticket_id).get(run_id, ticket_id)
    meanwhile = pl.concat(
        _meanwhile(connection, each, run_id).with_columns(rank=pl.lit(rank))
        for rank, each in enumerate(tickets_of(connection, run_id, home))
    )
    events = meanwhile.sort("occurred_at", "rank", "place").drop("rank").to_dicts()
    visits = _visits(connection, home, run_id)
    clocks = _visit_clocks(events, {visit["visit_number"]: visit for visit in visits})
    return RunStory(
        facts=own_runs.row(0, named=True),
        visits=visits,
        events=[
            event | {"effects": [*clocks[place], *event["effects"]]} for place, event in enumerate(events)
        ],
    )


def _meanwhile(connection: duckdb.DuckDBPyConnection, ticket_id: str, run_id: str) -> pl.DataFrame:
    """What happened on a ticket from the run's first event there to its last, with its effects."""
    timeline = records.timeline(connection, ticket_id)
    own = timeline.filter(run_id=run_id)["place"]
    is_of_run = pl.col("run_id").is_null() | (pl.col("run_id") == run_id)
    here = timeline.filter(pl.col("place").is_between(own.min(), own.max()), is_of_run)
    effects = _ticket_clocks(connection, ticket_id)
    of_rows = [effects.get(place, []) for place in here["place"]]
    return here.with_columns(effects=pl.Series(of_rows, dtype=_EFFECTS))


def _visits(connection: duckdb.DuckDBPyConnection, ticket_id: str, run_id: str) -> list[dict[str, Any]]:
    """One row per visit; what is judged is null while it goes on, or where its ticket does not count."""
    key = ("run_id", "visit_number")
    stays = ("step", "next_step", "team", "entered_at", "left_at", "is_left_by_going_back", "is_unended")
    judged = (
        *("title", "is_guided", "is_confused"),
        *("fluent_us / 6e7 AS fluent_minutes", "unpaused_us / 6e7 AS minutes"),
    )
    rows = _of_ticket(connection, "visits", (*key, *stays, "paused_us / 6e7 AS paused_minutes"), ticket_id)
    for relation, columns in (
        (VISITS, (*judged, *(sign.name for sign in SIGNS))),
        (VISITS_WITH_EXPERIENCE, ("practice",)),
        ("off_path_visits", ("breach",)),
    ):
        more = _of_ticket(connection, relation, (*key, *columns), ticket_id)
        rows = rows.join(more, on=key, how="left")
    sign_names = [pl.when(sign.name).then(pl.lit(sign.name)) for sign in SIGNS]
    own_visits = rows.filter(run_id=run_id).with_columns(signs=pl.concat_list(sign_names).list.drop_nulls())
    return own_visits.drop(sign.name for sign in SIGNS).sort("visit_number").to_dicts()


def _ticket_clocks(
    connection: duckdb.DuckDBPyConnection, ticket_id: str
) -> dict[int, list[dict[str, str | None]]]:
    """By place in the ticket: what an event does to the clocks of the ticket."""
    rows = _of_ticket(connection, "ordered_events", _EVENT, ticket_id).sort("place")
    events = [Event(**row) for row in rows.iter_rows(named=True)]
    effects: dict[int, list[dict[str, str | None]]] = {}
    for name in CLOCKS:
        for event, moment in zip(events, moments(CATALOG[name].rule, events), strict=True):
            if moment.effect != "none":
                effect = {"clock": name, "effect": moment.effect, "step": None}
                effects.setdefault(event.place, []).append(effect)
    return effects


def _visit_clocks(
    events: Sequence[dict[str, Any]], visits: dict[int, dict[str, Any]]
) -> list[list[dict[str, str | None]]]:
    """By event: which visit's clock it starts, stops, pauses or lets go on."""
    effects: list[list[dict[str, str | None]]] = []
    number, is_over = 0, False
    for event in events:
        here = visits.get(number)
        kind = event["kind"] if event["run_id"] is not None else None
        did: list[tuple[str, dict[str, Any] | None]] = []
        if kind == "entered":
            number += 1
            is_over = False
            did = [("stops", here), ("starts", visits.get(number))]
        elif kind in ("run_finished", "run_abandoned") and not is_over:
            did, is_over = [("stops", here)], True
        elif kind in ("paused", "resumed") and not is_over:
            did = [("pauses" if kind == "paused" else "goes on", here)]
        effects.append(
            [
                {"clock": VISIT, "effect": effect, "step": visit["title"] or visit["step"]}
                for effect, visit in did
                if visit is not None
            ]
        )
    return effects


def _of_ticket(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], ticket_id: str
) -> pl.DataFrame:
    of_ticket = exp.column("ticket_id").eq(exp.Placeholder(this="ticket"))
    query = exp.select(*columns).from_(relation).where(of_ticket)
    return run_query(connection, query, {"ticket": ticket_id}, tickets=rows_of(ticket_id))
