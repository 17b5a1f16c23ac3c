"""What is too long for people is cut, and says so; scripts get it all."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from commands.numbers import moments_at_a_glance
from commands.output import print_first
from etl.messages import Message
from metrics.catalog.metrics import CATALOG
from metrics.replay.event_effects import Event, Moment
from metrics.replay.rules import moments

START = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = ("replied", "solved", "reopened", "closed", "handed_off", "rated", "held", "released")


def test_a_table_that_is_cut_says_how_many_rows_there_are_and_what_shows_them(capsys) -> None:
    print_first(pl.DataFrame({"n": range(51)}), everything="--format csv")
    out, err = capsys.readouterr()
    assert "│ 49 │" in out
    assert "│ 50 │" not in out
    assert err == "50 of 51 rows are shown; --format csv shows all.\n"


def test_a_table_that_is_not_cut_says_nothing(capsys) -> None:
    print_first(pl.DataFrame({"n": range(50)}), everything="--format csv")
    assert capsys.readouterr().err == ""


def moment(place: int, effect: str) -> Moment:
    return Moment(START + timedelta(seconds=place), "replied", "agent", effect, Message("explain.no_matter"))


def test_of_a_long_ticket_the_events_that_do_something_are_shown_in_their_order() -> None:
    long = [moment(place, "stops" if place in {70, 900} else "none") for place in range(1000)]
    short = moments_at_a_glance(long)
    assert short == [*long[:48], long[70], long[900]]
    assert moments_at_a_glance(long[:7]) == long[:7]


@pytest.mark.sweep(12)
@pytest.mark.parametrize("name", CATALOG)
def test_a_ticket_of_many_events_is_replayed_at_once(name: str) -> None:
    """In time that grows with the events, not with their square: 100,000 take a second or two."""
    events = [
        Event(
            occurred_at=START + timedelta(seconds=place),
            kind=KINDS[place % len(KINDS)],
            actor=("customer", "agent", "bot")[place % 3],
            agent_id=None,
            channel=None,
            reason=None,
            run_id=None,
            score=None,
            scale_max=None,
            place=place,
            was_left_out=False,
            merged_from=None,
        )
        for place in range(1, 20_001)
    ]
    began = time.process_time()
    assert len(moments(CATALOG[name].rule, events)) == 20_000
    assert time.process_time() - began < 2
