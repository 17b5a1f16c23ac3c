"""What the counts say about days: gaps, dates without times, events of the future, sources left behind."""

from __future__ import annotations

from collections.abc import Sequence

from etl.health.finding import Check, Judgement, Row, fine, notable
from etl.health.limits import Limits
from etl.messages import Message


def _empty_days(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_empty_days_of(row, limits) for row in rows]


def _empty_days_of(row: Row, limits: Limits) -> Judgement:
    empty, usual, longest = row["empty_days"], row["usual_days"], row["longest_days"]
    if not empty:
        return fine(row)
    is_bad = longest >= limits.empty_stretch_days or (
        empty >= limits.empty_stretch_days and empty > limits.empty_days * usual
    )
    values = {"empty": empty, "usual": usual, "first": row["longest_from"]}
    if longest == 1:
        return notable(row, Message("health.empty_days.single", values), is_bad=is_bad)
    values |= {"longest": longest, "last": row["longest_to"]}
    return notable(row, Message("health.empty_days.stretch", values), is_bad=is_bad)


def _exact_midnight(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_exact_midnight_of(row, limits) for row in rows if row["events"] >= limits.fewest]


def _exact_midnight_of(row: Row, limits: Limits) -> Judgement:
    events, exact, hour = row["events"], row["exact_events"], row["hour"]
    if exact < limits.exact_hour * events:
        return fine(row)
    values = {"exact": exact, "events": events, "share": exact / events}
    values |= {"before": (hour - 1) % 24, "hour": hour}
    message = Message("health.exact_midnight.exact", values)
    return notable(row, message, is_bad=exact >= limits.date_only * events)


def _freshness(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    return [_freshness_of(row, limits) for row in rows]


def _freshness_of(row: Row, limits: Limits) -> Judgement:
    newest, ahead, behind = row["newest_at"], row["days_ahead"], row["days_behind_others"]
    if ahead > 0:
        message = Message("health.freshness.future", {"newest": newest, "ahead": ahead * 1440})
        return notable(row, message, is_bad=ahead > limits.days_ahead)
    usual = row["usual_days"]
    if usual is not None and behind > max(limits.days_behind, limits.times_behind * usual):
        message = Message("health.freshness.behind", {"newest": newest, "behind": behind * 1440})
        return notable(row, message, is_bad=False)
    return fine(row, Message("health.freshness.newest", {"source": row["source"], "newest": newest}))


CHECKS = (
    Check("empty_days", _empty_days),
    Check("exact_midnight", _exact_midnight),
    Check("freshness", _freshness),
)
