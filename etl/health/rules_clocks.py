"""What the counts say about clocks: day and month exchanged, a wrong time zone, hours that jump."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from etl.health.finding import Check, Judgement, Row, Severity
from etl.health.limits import Limits
from etl.health.wording import counted, day, is_surely_above

_SPAN_DAYS = 60


def _day_and_month(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [judgement for row in rows if (judgement := _day_and_month_of(row, limits))]


def _day_and_month_of(row: Row, limits: Limits) -> Judgement | None:
    given, swapped = row["nearer_as_given"], row["nearer_if_swapped"]
    tickets, days = given + swapped, row["fits_as_given"] + row["fits_if_swapped"]
    if row["low_days"] >= limits.fewest and not row["high_days"] and row["span_days"] >= _SPAN_DAYS:
        seen = (
            f"All dates of {counted(row['span_days'], 'day')} lie in the first twelve days of a month: "
            "dates with a later day were read month first, and refused."
        )
        return Judgement(Severity.SUSPICIOUS, seen, row["source"], row)
    if is_surely_above(swapped, tickets, 0.5, limits.chance):
        seen = (
            "With day and month exchanged, the dates that allow it (day at most 12) lie nearer to the other "
            f"dates of their ticket in {counted(swapped, 'ticket')} of {tickets:,}."
        )
        return Judgement(Severity.SUSPICIOUS, seen, row["source"], row)
    is_like_swapped = is_surely_above(row["fits_if_swapped"], days, 0.5, limits.chance)
    if is_like_swapped and not is_surely_above(given, tickets, 0.5, limits.chance):
        seen = (
            f"With day and month exchanged, {row['fits_if_swapped']:,} of {days:,} days have as many "
            "tickets as their weekday usually has; as given, they do not."
        )
        return Judgement(Severity.SUSPICIOUS, seen, row["source"], row)
    if is_surely_above(swapped, tickets, limits.some_swapped, limits.chance):
        seen = (
            f"Some dates read better with day and month exchanged: those of {counted(swapped, 'ticket')} of "
            f"{tickets:,} lie nearer to the other dates of the ticket then."
        )
        return Judgement(Severity.LOOK, seen, row["source"], row)
    return Judgement(Severity.OK, "", row["source"], row) if max(tickets, days) >= limits.fewest else None


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
        judgement
        for source, judged in by_source.items()
        if (judgement := _time_zone_of(source, judged, limits))
    ]


def _time_zone_of(source: str, rows: list[Row], limits: Limits) -> Judgement | None:
    by_move = {row["moved_hours"]: row for row in sorted(rows, key=lambda row: float(row["evidence"]))}
    middle = _clock(rows[0]["middle_hour"])
    if follows := by_move.get(1):
        rule = follows["rule"]
        seen = (
            f"In UTC the working day of {source} begins an hour earlier in summer time ({rule}), "
            "as true instants do."
        )
        return Judgement(Severity.OK, seen, source, follows)
    # Until both have changed their clocks, a desk in the one stands still at the change of the other.
    if set(by_move) == {0} and {row["rule"] for row in rows} >= {"Europe", "North America"}:
        is_office = limits.office_middle_from <= rows[0]["middle_hour"] <= limits.office_middle_to
        if is_office:
            seen = (
                f"The middle of the working day is {middle} UTC, and it does not move when clocks change: "
                "local times labelled as UTC look like this."
            )
            return Judgement(Severity.SUSPICIOUS, seen, source, by_move[0])
        seen = (
            f"The working day of {source} does not move when clocks change; its middle, {middle} UTC, fits "
            "a place that does not change them."
        )
        return Judgement(Severity.OK, seen, source, by_move[0])
    if doubled := by_move.get(2):
        seen = (
            "In UTC the working day begins two hours earlier in summer time, not one: instants that were UTC "
            "already and were read as local times look like this."
        )
        return Judgement(Severity.SUSPICIOUS, seen, source, doubled)
    return None


def _clock(hour: float) -> str:
    return f"{int(hour):02}:{int(hour % 1 * 60):02}"


def _hours_of_day(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    judgements = []
    for source, weeks in by_source.items():
        jumped = [
            row
            for row in weeks
            if abs(row["moved_hours"]) >= limits.fewest_hours_moved
            and row["evidence"] >= max(limits.evidence, limits.evidence_per_ticket_hour * row["ticket_hours"])
        ]
        if not jumped:
            judgements.append(Judgement(Severity.OK, "", source, {"weeks": len(weeks)}))
            continue
        moved = jumped[0]["moved_hours"]  # later weeks are compared with weeks that have moved themselves
        seen = (
            f"In {counted(len(jumped), 'week')} of {len(weeks)} the hours of the day lie {abs(moved)} hours "
            f"{'later' if moved > 0 else 'earlier'} than in the weeks before, first in the week of "
            f"{day(jumped[0]['week'])}."
        )
        row = {
            "weeks": len(weeks),
            "moved_hours": moved,
            "moved_weeks": [day(row["week"]) for row in jumped],
        }
        judgements.append(Judgement(Severity.SUSPICIOUS, seen, source, row))
    return judgements


CHECKS = (
    Check(
        "day_and_month",
        "Exchanged days and months move events by weeks, and every duration with them.",
        "Find out how the source writes dates, declare it in the mapping ([time] format), and load into a "
        "new warehouse.",
        "Dates read better as they are than with day and month exchanged.",
        "Not known: too few tickets have dates both before and after the 12th of a month.",
        _day_and_month,
    ),
    Check(
        "time_zone",
        "Hours and days of every number are off by the difference, and two sources no longer fit together.",
        "Ask where the source takes its times from. If they are local, declare their zone in a mapping "
        "([time] zone). If the desk is in a place that keeps UTC all year, nothing is wrong.",
        "Nothing speaks against the time zone of any source.",
        "Not known: no source has enough events on both sides of a clock change, and hours of work that "
        "tell.",
        _time_zone,
    ),
    Check(
        "hours_of_day",
        "A whole week of work does not move by hours; a changed time zone or an import does that.",
        "Compare the export of that week with the others: was its time zone set differently?",
        "The hours of the day are alike in all weeks.",
        "Not known: there are not two weeks with enough events to compare.",
        _hours_of_day,
    ),
)
