"""What the counts say about days: gaps, dates without times, events of the future, sources left behind."""

from __future__ import annotations

from collections.abc import Sequence

from etl.health.finding import Check, Judgement, Row, Severity
from etl.health.limits import Limits
from etl.health.wording import counted, day, instant, lasting, percent


def _empty_days(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        empty, usual, longest = row["empty_days"], row["usual_days"], row["longest_days"]
        if not empty:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        is_bad = longest >= limits.empty_stretch_days or (
            empty >= limits.empty_stretch_days and empty > limits.empty_days * usual
        )
        stretch = (
            f"the longest stretch, of {longest}, from {day(row['longest_from'])} to {day(row['longest_to'])}"
            if longest > 1
            else f"the first is {day(row['longest_from'])}"
        )
        seen = f"{counted(empty, 'day')} of {usual:,} on which it usually has events have none; {stretch}."
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _exact_midnight(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        events, exact = row["events"], row["exact_events"]
        if events < limits.fewest:
            continue
        if exact < limits.exact_hour * events:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        hour, before = row["hour"], (row["hour"] - 1) % 24
        seen = (
            f"{counted(exact, 'event')} of {events:,} ({percent(exact, events)}) lie exactly on "
            f"{before:02}:00 or {hour:02}:00 UTC, as dates without a time do."
        )
        is_bad = exact >= limits.date_only * events
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _freshness(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        source, newest = row["source"], instant(row["newest_at"])
        if row["days_ahead"] > 0:
            seen = f"The newest event, {newest}, is {lasting(row['days_ahead'] * 1440)} later than its load."
            severity = Severity.SUSPICIOUS if row["days_ahead"] > limits.days_ahead else Severity.LOOK
        elif row["usual_days"] is not None and row["days_behind_others"] > max(
            limits.days_behind, limits.times_behind * row["usual_days"]
        ):
            seen = (
                f"Its newest event, {newest}, is {lasting(row['days_behind_others'] * 1440)} older than the "
                "newest of the other sources."
            )
            severity = Severity.LOOK
        else:
            seen, severity = f"The newest event of {source} is of {newest}.", Severity.OK
        judgements.append(Judgement(severity, seen, source, row))
    return judgements


CHECKS = (
    Check(
        "empty_days",
        "Missing days make volumes too low and durations too long, and nothing else shows it.",
        "Holidays explain single days. Otherwise export those days again and load them; what is there "
        "already is not doubled.",
        "Every day that usually has events has some.",
        "Not known: there are too few weeks, or too few tickets, to say which days usually have events.",
        _empty_days,
    ),
    Check(
        "exact_midnight",
        "Dates without times make response times of hours into 0 or whole days.",
        "See whether the source has another column with the time, and name that in the mapping.",
        "No source lies on exact hours more than chance has it.",
        "Not known: no source has enough events.",
        _exact_midnight,
    ),
    Check(
        "freshness",
        "Events of the future are wrong dates; a source that has stopped makes everything after look quiet.",
        "For future events, look at dates, time zone and clock of the source; for a source left behind, load "
        "its newest export.",
        "All sources are up to date with one another.",
        "Not known: nothing is loaded.",
        _freshness,
    ),
)
