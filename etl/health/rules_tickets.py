"""What the counts say about tickets and runs: wrong order, skewed clocks, missing beginnings and ends."""

from __future__ import annotations

from etl.health.finding import Check, Outcome, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message

_MOST_STEPS = 3


def _wrong_order(row: Row, limits: Limits) -> Outcome:
    wrong, comparable = row["wrong"], row["both_known"]
    if not wrong:
        return fine(row)
    values = {"wrong": wrong, "known": comparable, "share": wrong / comparable}
    values |= {"pair": Message(f"health.wrong_order.{row['pair']}"), "time_minutes": row["median_minutes"]}
    is_bad = wrong >= limits.fewest and wrong > limits.wrong_order * comparable
    return notable(row, "health.wrong_order.pair", values, is_bad=is_bad)


def _clock_skew(row: Row, limits: Limits) -> Outcome | None:
    tickets, before = row["tickets"], row["before_opening"]
    if tickets < limits.fewest:
        return None
    if before <= limits.some_before_opening * tickets:
        return fine(row)
    values = {"before": before, "tickets": tickets, "share": before / tickets}
    values |= {"actor": _actor(row["actor"]), "opener": _actor(row["opening_actor"])}
    values |= {"time_minutes": row["median_minutes"]}
    is_bad = before > limits.most_before_opening * tickets
    if row["source"] == row["opening_source"]:
        return notable(row, "health.clock_skew.same_source", values, is_bad=is_bad)
    values |= {"opened_in": row["opening_source"]}
    return notable(row, "health.clock_skew.other_source", values, is_bad=is_bad)


def _actor(actor: str) -> Message:
    return Message(f"health.clock_skew.{actor}")


def _missing_openings(row: Row, limits: Limits) -> Outcome:
    tickets, unopened = row["tickets"], row["unopened"]
    if not unopened:
        return fine(row)
    if unopened == tickets:  # the source does not have them, which is no error
        return notable(row, "health.missing_openings.all", {"tickets": tickets}, is_bad=False)
    values = {"unopened": unopened, "tickets": tickets, "share": unopened / tickets}
    is_bad = tickets >= limits.fewest and unopened > limits.unopened * tickets
    return notable(row, "health.missing_openings.some", values, is_bad=is_bad)


def _broken_merges(row: Row, limits: Limits) -> Outcome:
    broken = row["missing"] + row["circular"] + row["unnamed"]
    if not broken:
        return fine(row)
    values = {name: row[name] for name in ("merges", "missing", "circular", "unnamed", "examples")}
    is_bad = broken >= limits.fewest and broken > limits.broken_merges * row["merges"]
    return notable(row, "health.broken_merges.some", values | {"broken": broken}, is_bad=is_bad)


def _endless_runs(row: Row, limits: Limits) -> Outcome | None:
    runs, endless = row["runs"], row["endless"]
    if not runs:
        return None
    if endless <= limits.some_endless * runs:
        return fine(row)
    values = {"endless": endless, "runs": runs, "share": endless / runs}
    is_bad = runs >= limits.fewest and endless > limits.most_endless * runs
    return notable(row, "health.endless_runs.some", values, is_bad=is_bad)


def _rushed_runs(row: Row, limits: Limits) -> Outcome:
    runs, rushed = row["runs"], row["rushed"]
    if (
        row["median_minutes"] is None
    ):  # each is of a few seconds a step, so nobody knows what an honest one takes
        return notable(row, "health.rushed_runs.all", {"runs": runs}, is_bad=False)
    if rushed <= limits.some_rushed * runs:
        return fine(row)
    values = {name: row[name] for name in ("rushed", "runs")}
    values |= {"share": rushed / runs, "time_minutes": row["median_minutes"]}
    is_bad = runs >= limits.fewest and rushed > limits.most_rushed * runs
    return notable(row, "health.rushed_runs.some", values, is_bad=is_bad)


def _unknown_steps(row: Row, limits: Limits) -> Outcome:
    values = {"workflow": row["workflow"], "version": row["version"]}
    if not row["is_defined"]:
        return notable(row, "health.unknown_steps.undefined", values, is_bad=False)
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
    code = "health.unknown_steps.many" if len(steps) > _MOST_STEPS else "health.unknown_steps.some"
    return notable(row, code, values, is_bad=is_bad)


def _shared_tickets(row: Row, limits: Limits) -> Outcome | None:
    other, unknown = row["other_source"], row["tickets_of_unknown"]
    if not row["tickets"]:
        # One file may correct when another one opened a ticket; many tickets opened twice are two.
        if other == row["source"] or unknown < limits.fewest:
            return None
        values = {"tickets": unknown, "other": other, "days": row["median_days"]}
        return notable(row, "health.shared_tickets.unknown_customers", values, is_bad=False)
    if other == row["source"]:
        other = Message("health.shared_tickets.itself")
    values = {"tickets": row["tickets"], "other": other, "days": row["median_days"]}
    return notable(row, "health.shared_tickets.some", values, is_bad=row["tickets"] >= limits.fewest)


def _shared_runs(row: Row, _limits: Limits) -> Outcome:
    if not row["apart"]:
        return fine(row)
    values = {name: row[name] for name in ("apart", "runs", "in_many", "of_several", "overlapping")}
    return notable(row, "health.shared_runs.apart", values, is_bad=False)


def _repeated_reopenings(row: Row, limits: Limits) -> Outcome:
    reopenings, repeats = row["reopenings"], row["repeats"]
    if repeats < limits.fewest or repeats <= limits.some_repeats * reopenings:
        return fine(row)
    values = {"repeats": repeats, "reopenings": reopenings, "share": repeats / reopenings}
    is_bad = repeats > limits.most_repeats * reopenings
    return notable(row, "health.repeated_reopenings.some", values, is_bad=is_bad)


def _unused_dimensions(row: Row, _limits: Limits) -> Outcome:
    if row["events"]:
        return fine(row)
    values = {"name": row["name"], "attribute": row["attribute"]}
    return notable(row, "health.unused_dimensions.never", values, is_bad=False)


_RUNS = "SELECT 1 FROM health_runs LIMIT 1"
_SEVERAL_OPENED = "SELECT 1 FROM health_hours WHERE opened > 0 HAVING count(DISTINCT load_id) > 1"

CHECKS = (
    Check("wrong_order", _wrong_order),
    Check("clock_skew", _clock_skew),
    Check("missing_openings", _missing_openings),
    Check("repeated_reopenings", _repeated_reopenings),
    Check("broken_merges", _broken_merges),
    Check("endless_runs", _endless_runs),
    Check("rushed_runs", _rushed_runs),
    Check("unknown_steps", _unknown_steps),
    Check("shared_tickets", _shared_tickets, subject=_SEVERAL_OPENED),
    Check("shared_runs", _shared_runs, subject=_RUNS),
    Check("unused_dimensions", _unused_dimensions),
)
