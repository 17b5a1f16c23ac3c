"""What the counts say about clocks: day and month exchanged, a wrong time zone, hours that jump."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from etl.health.binomial import is_surely_above
from etl.health.finding import Check, Judgement, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message

_SPAN_DAYS = 60
_PLACES = {
    "Europe": Message("health.time_zone.europe"),
    "North America": Message("health.time_zone.north_america"),
    "Australia": Message("health.time_zone.australia"),
}


def _day_and_month(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [judgement for row in rows if (judgement := _day_and_month_of(row, limits))]


def _day_and_month_of(row: Row, limits: Limits) -> Judgement | None:
    given, swapped = row["nearer_as_given"], row["nearer_if_swapped"]
    tickets, days = given + swapped, row["fits_as_given"] + row["fits_if_swapped"]
    if row["low_days"] >= limits.fewest and not row["high_days"] and row["span_days"] >= _SPAN_DAYS:
        message = Message("health.day_and_month.first_days_only", {"span": row["span_days"]})
        return notable(row, message, is_bad=True)
    if is_surely_above(swapped, tickets, 0.5, limits.chance):
        message = Message("health.day_and_month.nearer", {"swapped": swapped, "tickets": tickets})
        return notable(row, message, is_bad=True)
    is_like_swapped = is_surely_above(row["fits_if_swapped"], days, 0.5, limits.chance)
    if is_like_swapped and not is_surely_above(given, tickets, 0.5, limits.chance):
        message = Message("health.day_and_month.weekdays", {"swapped": row["fits_if_swapped"], "days": days})
        return notable(row, message, is_bad=True)
    if is_surely_above(swapped, tickets, limits.some_swapped, limits.chance):
        message = Message("health.day_and_month.some_nearer", {"swapped": swapped, "tickets": tickets})
        return notable(row, message, is_bad=False)
    return fine(row) if max(tickets, days) >= limits.fewest else None


def _time_zone(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        is_enough = min(row["summer_ticket_hours"], row["winter_ticket_hours"]) >= limits.fewest_ticket_hours
        if (
            is_enough
            and row["concentration"] >= limits.concentration
            and row["evidence"] >= limits.evidence / 2
        ):
            by_source[row["source"]].append(row)
    return [
        judgement for source, rows in by_source.items() if (judgement := _time_zone_of(source, rows, limits))
    ]


def _time_zone_of(source: str, rows: list[Row], limits: Limits) -> Judgement | None:
    by_move = {row["moved_hours"]: row for row in sorted(rows, key=lambda row: float(row["evidence"]))}
    middle = rows[0]["middle_hour"]
    if follows := by_move.get(1):
        place = _PLACES[follows["rule"]]
        return fine(follows, Message("health.time_zone.follows_clocks", {"source": source, "place": place}))
    # Until both have changed their clocks, a desk in the one stands still at the change of the other.
    if set(by_move) == {0} and {row["rule"] for row in rows} >= {"Europe", "North America"}:
        if limits.office_middle_from <= middle <= limits.office_middle_to:
            message = Message("health.time_zone.local_as_utc", {"middle": middle})
            return notable(by_move[0], message, is_bad=True)
        message = Message("health.time_zone.no_clock_change", {"source": source, "middle": middle})
        return fine(by_move[0], message)
    if doubled := by_move.get(2):
        return notable(doubled, Message("health.time_zone.utc_as_local"), is_bad=True)
    return None


def _hours_of_day(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    return [_hours_of_day_of(source, weeks, limits) for source, weeks in by_source.items()]


def _hours_of_day_of(source: str, weeks: list[Row], limits: Limits) -> Judgement:
    jumped = [
        row
        for row in weeks
        if abs(row["moved_hours"]) >= limits.fewest_hours_moved
        and row["evidence"] >= max(limits.evidence, limits.evidence_per_ticket_hour * row["ticket_hours"])
    ]
    row: Row = {"source": source, "weeks": len(weeks)}
    if not jumped:
        return fine(row)
    moved = jumped[0]["moved_hours"]  # later weeks are compared with weeks that have moved themselves
    row |= {"moved_hours": moved, "moved_weeks": [week["week"] for week in jumped]}
    values = {"moved": len(jumped), "weeks": len(weeks), "hours": abs(moved), "first": jumped[0]["week"]}
    if moved > 0:
        return notable(row, Message("health.hours_of_day.later", values), is_bad=True)
    return notable(row, Message("health.hours_of_day.earlier", values), is_bad=True)


CHECKS = (
    Check("day_and_month", _day_and_month),
    Check("time_zone", _time_zone),
    Check("hours_of_day", _hours_of_day),
)
