"""What the counts say about clocks: day and month exchanged, a wrong time zone, hours that jump."""

from __future__ import annotations

from etl.health.binomial import is_surely_above
from etl.health.finding import Check, Outcome, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message

_SPAN_DAYS = 60


def _day_and_month(row: Row, limits: Limits) -> Outcome | None:
    as_stated, swapped = row["nearer_as_given"], row["nearer_if_swapped"]
    tickets, days = as_stated + swapped, row["fits_as_given"] + row["fits_if_swapped"]
    by_ticket = {"swapped": swapped, "tickets": tickets}
    if row["low_days"] >= limits.fewest and not row["high_days"] and row["span_days"] >= _SPAN_DAYS:
        values = {"span_days": row["span_days"]}
        return notable(row, "health.day_and_month.first_days_only", values, is_bad=True)
    if is_surely_above(swapped, tickets, 0.5, limits.chance):
        return notable(row, "health.day_and_month.nearer", by_ticket, is_bad=True)
    is_like_swapped = is_surely_above(row["fits_if_swapped"], days, 0.5, limits.chance)
    if is_like_swapped and not is_surely_above(as_stated, tickets, 0.5, limits.chance):
        values = {"swapped": row["fits_if_swapped"], "days": days}
        return notable(row, "health.day_and_month.weekdays", values, is_bad=True)
    if is_surely_above(swapped, tickets, limits.some_swapped, limits.chance):
        return notable(row, "health.day_and_month.some_nearer", by_ticket, is_bad=False)
    return fine(row) if max(tickets, days) >= limits.fewest else None


def _time_zone(rows: list[Row], limits: Limits) -> Outcome | None:
    source, declared = rows[0]["source"], rows[0]["declared_zone"]
    if declared and not rows[0]["declared_changes"]:
        values = {"source": source, "zone": declared}
        return fine(rows[0], Message("health.time_zone.believed", values))
    rows = [row for row in rows if _is_telling(row, limits)]
    if not rows:
        return None
    by_move = {row["moved_hours"]: row for row in sorted(rows, key=lambda row: float(row["evidence"]))}
    middle = rows[0]["middle_hour"]
    if follows := by_move.get(1):
        place = declared or Message(f"health.time_zone.{follows['rule']}")
        return fine(follows, Message("health.time_zone.follows_clocks", {"source": source, "place": place}))
    # Until both have changed their clocks, a desk in the one stands still at the change of the other.
    is_at_rest = declared or {row["rule"] for row in rows} >= {"europe", "north_america"}
    if set(by_move) == {0} and is_at_rest:
        if limits.office_middle_from <= middle <= limits.office_middle_to:
            values = {"middle_hour": middle}
            return notable(by_move[0], "health.time_zone.local_as_utc", values, is_bad=True)
        message = Message("health.time_zone.no_clock_change", {"source": source, "middle_hour": middle})
        return fine(by_move[0], message)
    if doubled := by_move.get(2):
        return notable(doubled, "health.time_zone.utc_as_local", {}, is_bad=True)
    return None


def _is_telling(row: Row, limits: Limits) -> bool:
    return bool(
        min(row["summer_ticket_hours"], row["winter_ticket_hours"]) >= limits.fewest_ticket_hours
        and row["concentration"] >= limits.concentration
        and row["evidence"] >= limits.evidence / 2
    )


def _hours_of_day(weeks: list[Row], limits: Limits) -> Outcome:
    jumped = [
        row
        for row in weeks
        if abs(row["moved_hours"]) >= limits.fewest_hours_moved
        and row["evidence"] >= max(limits.evidence, limits.evidence_per_ticket_hour * row["ticket_hours"])
    ]
    row: Row = {"source": weeks[0]["source"], "weeks": len(weeks)}
    if not jumped:
        return fine(row)
    moved = jumped[0]["moved_hours"]  # later weeks are compared with weeks that have moved themselves
    row |= {"moved_hours": moved, "moved_weeks": [week["week"] for week in jumped]}
    values = {"moved": len(jumped), "weeks": len(weeks), "hours": abs(moved), "first": jumped[0]["week"]}
    code = "health.hours_of_day.later" if moved > 0 else "health.hours_of_day.earlier"
    return notable(row, code, values, is_bad=True)


CHECKS = (
    Check("day_and_month", _day_and_month),
    Check("time_zone", _time_zone, by_source=True),
    Check("hours_of_day", _hours_of_day, by_source=True),
)
