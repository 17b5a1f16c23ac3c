"""Local days of very many instants within known bounds: by the zone's few clock changes, row by row cheap."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlglot import exp

from etl.contract.time_zones import stretches, zone

_MICROSECOND = timedelta(microseconds=1)


def midnight(day: date, time_zone: str) -> exp.Expr:
    """The instant at which a local day begins."""
    begins = datetime.combine(day, time(), zone(time_zone))
    return exp.cast(exp.Literal.string(begins.isoformat()), "timestamptz")


def is_within(column: str, time_zone: str, first: date, last: date) -> exp.Expr:
    """Whether an instant falls on one of these local days."""
    return exp.and_(
        exp.GTE(this=exp.column(column), expression=midnight(first, time_zone)),
        exp.LT(this=exp.column(column), expression=midnight(last + timedelta(days=1), time_zone)),
    )


def day_within(column: str, time_zone: str, first: date, last: date) -> exp.Expr:
    """The local day of an instant that falls on one of these; of others it may be a day off."""
    rules = zone(time_zone)
    start, end = (datetime.combine(day, time(), rules) for day in (first, last + timedelta(days=1)))
    leads = [
        (since, exp.Literal.number(lead // _MICROSECOND))
        for since, _, lead in stretches(time_zone, start, end)
    ]
    offset: exp.Expr = leads[0][1]
    if len(leads) > 1:
        offset = exp.Case(default=offset)
        for since, lead in reversed(leads[1:]):
            changed = exp.cast(exp.Literal.string(since.isoformat()), "timestamptz")
            offset = offset.when(exp.GTE(this=exp.column(column), expression=changed), lead)
    local = exp.Add(this=exp.func("epoch_us", exp.column(column)), expression=offset)
    return exp.cast(exp.func("make_timestamp", local), "date")
