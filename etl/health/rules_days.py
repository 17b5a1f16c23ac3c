"""What the counts say about days: gaps, dates without times, events of the future, sources left behind."""

from __future__ import annotations

from etl.health.finding import Check, Outcome, Row, Severity, fine, notable
from etl.health.limits import Limits
from etl.messages import Message


def _empty_days(row: Row, limits: Limits) -> Outcome:
    empty, normal, longest = row["empty_days"], row["usual_days"], row["longest_days"]
    if not empty:
        return fine(row)
    is_bad = longest >= limits.empty_stretch_days or (
        empty >= limits.empty_stretch_days and empty > limits.empty_days * normal
    )
    values = {"empty_days": empty, "usual_days": normal, "first": row["longest_from"]}
    if longest == 1:
        return notable(row, "health.empty_days.single", values, is_bad=is_bad)
    values |= {"longest_days": longest, "last": row["longest_to"]}
    return notable(row, "health.empty_days.stretch", values, is_bad=is_bad)


def _volume_drop(rows: list[Row], limits: Limits) -> Outcome:
    by_measure = {row["measure"]: row for row in rows}
    tickets, openings = by_measure["tickets"], by_measure.get("openings")
    if tickets["low_weeks"] and tickets["usual"] >= limits.fewest_in_week:
        # A history whose tickets come to an end fades; an export that was cut off breaks off.
        breaks_off = tickets["before"] >= tickets["usual"] / 2
        breaks_off &= tickets["last"] < limits.abrupt_drop * tickets["usual"]
        is_bad = breaks_off and tickets["low_weeks"] > 1
        return notable(tickets, "health.volume_drop.low", _drop(tickets), is_bad=is_bad)
    # Nothing is cut off where other events go on: the export has no tickets of these days, or none came.
    if openings and openings["low_weeks"] * (openings["usual"] or 0) >= limits.fewest_openings:
        return notable(openings, "health.volume_drop.few_openings", _drop(openings), is_bad=False)
    return fine(tickets)


def _drop(row: Row) -> Row:
    return {"weeks": row["low_weeks"], "first": row["first_day"], "share": row["last"] / row["usual"]}


def _exact_midnight(row: Row, limits: Limits) -> Outcome | None:
    events, exact, hour = row["events"], row["exact_events"], row["hour"]
    if events < limits.fewest:
        return None
    if exact < limits.exact_hour * events:
        return fine(row)
    values = {"exact": exact, "events": events, "share": exact / events}
    values |= {"earlier_hour": (hour - 1) % 24, "later_hour": hour}
    return notable(row, "health.exact_midnight.exact", values, is_bad=exact >= limits.date_only * events)


def _freshness(row: Row, limits: Limits) -> Outcome:
    newest, ahead, behind = row["newest_at"], row["days_ahead"], row["days_behind_others"]
    if ahead > 0:
        values = {"newest": newest, "ahead_minutes": ahead * 1440}
        return notable(row, "health.freshness.future", values, is_bad=ahead > limits.days_ahead)
    normal = row["usual_days"]
    if behind > max(limits.days_behind, limits.times_behind * (normal or 0)):
        values = {"newest": newest, "behind_minutes": behind * 1440}
        if normal is None:
            message = Message("health.freshness.no_rhythm", values | {"source": row["source"]})
            return Outcome(Severity.OK, message, row["source"], row, is_known=False)
        return notable(row, "health.freshness.behind", values, is_bad=False)
    return fine(row, Message("health.freshness.newest", {"source": row["source"], "newest": newest}))


CHECKS = (
    Check("empty_days", _empty_days),
    Check("volume_drop", _volume_drop, by_source=True),
    Check("exact_midnight", _exact_midnight),
    Check("freshness", _freshness),
)
