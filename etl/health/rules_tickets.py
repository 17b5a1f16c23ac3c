"""What the counts say about tickets and runs: wrong order, skewed clocks, missing beginnings and ends."""

from __future__ import annotations

from collections.abc import Sequence

from etl.contract.kinds import Actor
from etl.health.finding import Check, Judgement, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message

_MOST_STEPS = 3
_PAIRS = {
    "solved_before_opened": Message("health.wrong_order.solved"),
    "closed_before_opened": Message("health.wrong_order.closed"),
    "rated_before_opened": Message("health.wrong_order.rated"),
    "reopened_before_solved": Message("health.wrong_order.reopened"),
    "acted_before_entered": Message("health.wrong_order.acted"),
    "entered_after_end": Message("health.wrong_order.entered"),
    "resumed_before_paused": Message("health.wrong_order.resumed"),
}
_ACTORS = {
    Actor.AGENT: Message("health.clock_skew.agent"),
    Actor.CUSTOMER: Message("health.clock_skew.customer"),
    Actor.BOT: Message("health.clock_skew.bot"),
    Actor.SYSTEM: Message("health.clock_skew.system"),
}


def _wrong_order(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_wrong_order_of(row, limits) for row in rows]


def _wrong_order_of(row: Row, limits: Limits) -> Judgement:
    wrong, known = row["wrong"], row["both_known"]
    if not wrong:
        return fine(row)
    values = {"wrong": wrong, "known": known, "share": wrong / known}
    values |= {"pair": _PAIRS[row["pair"]], "time": row["median_minutes"]}
    is_bad = wrong >= limits.fewest and wrong > limits.wrong_order * known
    return notable(row, Message("health.wrong_order.pair", values), is_bad=is_bad)


def _clock_skew(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_clock_skew_of(row, limits) for row in rows if row["tickets"] >= limits.fewest]


def _clock_skew_of(row: Row, limits: Limits) -> Judgement:
    tickets, before = row["tickets"], row["before_opening"]
    if before <= limits.some_before_opening * tickets:
        return fine(row)
    values = {"before": before, "tickets": tickets, "share": before / tickets}
    values |= {"actor": _ACTORS[row["actor"]], "opener": _ACTORS[row["opening_actor"]]}
    values |= {"time": row["median_minutes"]}
    is_bad = before > limits.most_before_opening * tickets
    if row["source"] == row["opening_source"]:
        return notable(row, Message("health.clock_skew.same_source", values), is_bad=is_bad)
    values |= {"opened_in": row["opening_source"]}
    return notable(row, Message("health.clock_skew.other_source", values), is_bad=is_bad)


def _missing_openings(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_missing_openings_of(row, limits) for row in rows]


def _missing_openings_of(row: Row, limits: Limits) -> Judgement:
    tickets, unopened = row["tickets"], row["unopened"]
    if not unopened:
        return fine(row)
    if unopened == tickets:  # the source does not have them, which is no error
        return notable(row, Message("health.missing_openings.all", {"tickets": tickets}), is_bad=False)
    values = {"unopened": unopened, "tickets": tickets, "share": unopened / tickets}
    is_bad = tickets >= limits.fewest and unopened > limits.unopened * tickets
    return notable(row, Message("health.missing_openings.some", values), is_bad=is_bad)


def _endless_runs(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_endless_runs_of(row, limits) for row in rows if row["runs"]]


def _endless_runs_of(row: Row, limits: Limits) -> Judgement:
    runs, endless = row["runs"], row["endless"]
    if endless <= limits.some_endless * runs:
        return fine(row)
    values = {"endless": endless, "runs": runs, "share": endless / runs}
    is_bad = runs >= limits.fewest and endless > limits.most_endless * runs
    return notable(row, Message("health.endless_runs.some", values), is_bad=is_bad)


def _unknown_steps(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_unknown_steps_of(row, limits) for row in rows]


def _unknown_steps_of(row: Row, limits: Limits) -> Judgement:
    values = {"workflow": row["workflow"], "version": row["version"]}
    if not row["is_defined"]:
        return notable(row, Message("health.unknown_steps.undefined", values), is_bad=False)
    elsewhere, events, steps = row["events_elsewhere"], row["events"], row["steps"]
    if not elsewhere:
        return fine(row)
    values |= {
        "elsewhere": elsewhere,
        "events": events,
        "share": elsewhere / events,
        "steps": steps[:_MOST_STEPS],
    }
    is_bad = elsewhere > limits.unknown_steps * events
    if len(steps) > _MOST_STEPS:
        return notable(row, Message("health.unknown_steps.many", values), is_bad=is_bad)
    return notable(row, Message("health.unknown_steps.some", values), is_bad=is_bad)


def _shared_tickets(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [fine({}), *(_shared_tickets_of(row, limits) for row in rows)]


def _shared_tickets_of(row: Row, limits: Limits) -> Judgement:
    other = row["other_source"]
    if other == row["source"]:
        other = Message("health.shared_tickets.itself")
    values = {"tickets": row["tickets"], "other": other, "days": row["median_days"]}
    message = Message("health.shared_tickets.some", values)
    return notable(row, message, is_bad=row["tickets"] >= limits.fewest)


CHECKS = (
    Check("wrong_order", _wrong_order),
    Check("clock_skew", _clock_skew),
    Check("missing_openings", _missing_openings),
    Check("endless_runs", _endless_runs),
    Check("unknown_steps", _unknown_steps),
    Check("shared_tickets", _shared_tickets),
)
