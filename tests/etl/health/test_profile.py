"""What is kept about events load by load is what one look at all gives, and what a slow loop counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from etl.health.profile import OBSERVATIONS, table_of, update_profile
from tests.etl.desk import CSV_HEADER, Desk
from tests.etl.health.histories import MONDAY, Rows, Ward, event, step, ward
from tests.lengths import examples


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Few tickets, instants and actors, over dates that can be exchanged and dates that cannot."""
    at = datetime(
        2026, draw(st.integers(1, 12)), draw(st.integers(1, 28)), draw(st.integers(0, 2)), tzinfo=UTC
    )
    make = draw(st.sampled_from([event, step]))
    kinds = ["opened", "solved", "closed"] if make is event else ["entered", "answered", "run_finished"]
    ticket = draw(st.sampled_from(["t1", "t2", "t3"]))
    return make(ticket, at, draw(st.sampled_from(kinds)), actor=draw(st.sampled_from(["agent", "bot"])))


histories = st.lists(st.lists(events(), min_size=1, max_size=10), min_size=1, max_size=4)


def profile(made: Ward | Desk) -> dict[str, pl.DataFrame]:
    update_profile(made.connection)
    frames = {name: made.connection.table(table_of(name)).pl() for name in OBSERVATIONS}
    return {name: frame.sort(frame.columns) for name, frame in frames.items()}


@examples(3, long=250)
@given(histories)
def test_a_profile_made_load_by_load_is_the_one_made_at_once(loads: list[Rows]) -> None:
    bit_by_bit = Ward()
    for number, rows in enumerate(loads):
        bit_by_bit.load(rows, f"{number}.csv")
        last = profile(bit_by_bit)
    at_once = profile(ward(*loads))
    for name, frame in last.items():
        assert frame.equals(at_once[name]), f"{name}\n{frame}\n{at_once[name]}"


@examples(6, long=400)
@given(histories)
def test_days_off_are_what_a_slow_loop_counts(loads: list[Rows]) -> None:
    rows = [(number, row) for number, rows in enumerate(loads, 1) for row in rows]
    expected = {
        (row["ticket_id"], number, row["actor"]): days_off(
            [r["occurred_at"] for n, r in rows if same_part(n, r, number, row)],
            [r["occurred_at"] for _, r in rows if r["ticket_id"] == row["ticket_id"]],
        )
        for number, row in rows
    }
    parts = profile(ward(*loads))["parts"].iter_rows(named=True)
    assert {
        (row["ticket_id"], row["load_id"], row["actor"]): (
            row["days_off_as_given"],
            row["days_off_if_swapped"],
        )
        for row in parts
    } == expected


def same_part(number: int, row: dict[str, Any], other_number: int, other: dict[str, Any]) -> bool:
    return (number, row["ticket_id"], row["actor"]) == (other_number, other["ticket_id"], other["actor"])


def days_off(part: Sequence[datetime], ticket: Sequence[datetime]) -> tuple[int | None, int | None]:
    certain = sorted(at.date() for at in ticket if at.day > 12)
    ambiguous = {at.date() for at in part if at.day <= 12 and at.day != at.month}
    if not certain or not ambiguous:
        return None, None
    exchanged = [day.replace(day=day.month, month=day.day) for day in ambiguous]
    return tuple(  # type: ignore[return-value]
        sum(max((certain[0] - day).days, (day - certain[-1]).days, 0) for day in days)
        for days in (ambiguous, exchanged)
    )


def test_a_contradiction_won_by_a_later_load_makes_the_profile_anew(desk: Desk) -> None:
    desk.load(desk.file(CSV_HEADER + "e,2026-03-02T09:00Z,b,opened\nf,2026-03-02T09:00Z,c,opened\n"))
    update_profile(desk.connection)
    desk.load(desk.file(CSV_HEADER + "e,2026-03-02T08:00Z,a,opened\n"))
    found = profile(desk)
    assert sorted(found["tickets"]["ticket_id"]) == ["a", "c"]
    assert found["hours"]["events"].to_list() == [1, 1]


def test_nothing_new_is_nothing_to_do() -> None:
    made = ward([event("a", MONDAY)])
    assert update_profile(made.connection)
    assert not update_profile(made.connection)
    made.load([event("a", MONDAY + timedelta(hours=1), "solved")], "b.csv")
    assert update_profile(made.connection)
