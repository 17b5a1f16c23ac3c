"""Overload: tickets in hand at once, and work after hours, by hand and by counting minute by minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings.overload import work
from metrics.warnings.overload import workload as workload_of
from tests.lengths import examples
from tests.metrics.histories import own_warehouse, warehouse

AGENTS = [f"a{n}" for n in range(5)]
LIMITS = WarningLimits()


def workload(connection, scope, **chosen):
    return workload_of(work(connection, scope, WarningLimits(**chosen)))


def touched(ticket, agent, *minutes):
    return [f"{ticket} replied by agent @{minute}m agent={agent}" for minute in minutes]


def everybody(*touches):
    """The same day for five agents: fewer are not told of."""
    return [
        line
        for agent in AGENTS
        for ticket, minutes in touches
        for line in touched(f"{ticket}-{agent}", agent, *minutes)
    ]


def at_once(*touches):
    return workload(warehouse(*everybody(*touches)), Scope())["tickets at once"].value


def test_calls_one_after_the_other_are_one_at_a_time():
    assert at_once(("x", (0, 10)), ("y", (10, 20))) == 1


def test_two_chats_side_by_side_are_two():
    assert at_once(("x", (0, 10, 20)), ("y", (0, 10, 20))) == 2
    # Ten minutes one, ten both, ten the other.
    assert at_once(("x", (0, 20)), ("y", (10, 30))) == pytest.approx(40 / 30)


def test_a_ticket_left_alone_for_over_an_hour_is_laid_down():
    assert at_once(("x", (0, 10, 90, 100)), ("y", (20, 80))) == 1


def test_time_is_crowded_with_more_than_three():
    four = [(name, (0, 10)) for name in "abcd"]
    found = workload(warehouse(*everybody(*four, ("e", (10, 20)))), Scope())
    assert found["time crowded"].value == 0.5
    assert found["time crowded"].n == 25
    assert found["time crowded"].low <= 0.5 <= found["time crowded"].high


def test_what_is_many_and_when_a_ticket_is_laid_down_is_for_a_team_to_say():
    two = warehouse(*everybody(("x", (0, 10)), ("y", (0, 5))))
    assert workload(two, Scope(), many_tickets=1)["time crowded"].value == 0.5
    left = warehouse(*everybody(("x", (0, 10, 30, 40)), ("y", (15, 25))))
    assert workload(left, Scope())["tickets at once"].value == 50 / 40
    assert workload(left, Scope(), laid_down_minutes=19.5)["tickets at once"].value == 1


def test_fewer_than_five_agents_are_not_told():
    lines = [line for line in everybody(("x", (0, 10))) if "a4" not in line]
    assert all(reading.value is None for reading in workload(warehouse(*lines), Scope()).values())


def test_an_empty_warehouse_says_nothing():
    assert all(reading.value is None for reading in workload(warehouse(), Scope()).values())


def test_after_hours_is_what_falls_outside_the_opening_hours():
    # The history begins on a Monday at midnight.
    connection = own_warehouse(*everybody(("x", (60, 9 * 60, 16 * 60 + 59, 17 * 60))))
    desk = Schedule.model_validate({"name": "desk", "hours": ["Mon-Fri 09:00-17:00"]})
    refresh(connection, Settings(schedules=(desk,)))
    found = workload(connection, Scope())["after hours"]
    assert (found.value, found.n) == (0.5, 20)


def test_each_ticket_has_the_hours_of_its_desk_also_past_midnight():
    day = everybody(("x", (23 * 60 + 59, 24 * 60, 25 * 60 + 59, 26 * 60)))
    phone = [f"x-{agent} opened @0m channel=phone" for agent in AGENTS[:3]]
    connection = own_warehouse(*phone, *day)
    rules = (
        {"name": "desk", "hours": ["Mon-Fri 09:00-17:00"]},
        {"name": "night", "hours": ["Mon-Sun 22:00-02:00"], "channels": ["phone"]},
    )
    refresh(connection, Settings(schedules=tuple(Schedule.model_validate(rule) for rule in rules)))
    found = workload(connection, Scope())["after hours"]
    # Two of twenty: all of the desk's, and the last of the night's.
    assert (found.value, found.n) == ((2 * 4 + 3) / 20, 20)


def test_merged_tickets_and_what_bots_do_are_no_work():
    lines = everybody(("x", (0, 10)))
    more = [*lines, *touched("m", "a0", 0, 10), "m merged @11m agent=a0", "x-a0 replied by bot @30m agent=a0"]
    assert workload(warehouse(*more), Scope())["tickets at once"].n == 5


def counted(touches: dict[str, list[int]]) -> tuple[int, int, int]:
    """Minutes with a ticket in hand, ticket minutes, crowded minutes: looked at minute by minute."""
    spells = []
    for minutes in touches.values():
        spell = [min(minutes)] * 2
        for minute in sorted(minutes):
            if minute - spell[1] > LIMITS.laid_down_minutes:
                spells.append(tuple(spell))
                spell = [minute, minute]
            spell[1] = minute
        spells.append(tuple(spell))
    held = [sum(start <= minute < end for start, end in spells) for minute in range(1000)]
    return sum(h > 0 for h in held), sum(held), sum(h > LIMITS.many_tickets for h in held)


@examples(6, long=250)
@given(
    st.dictionaries(
        st.sampled_from("abcdefg"), st.lists(st.integers(0, 300), min_size=1, max_size=8), min_size=1
    )
)
def test_it_agrees_with_counting_every_minute(touches) -> None:
    lines = everybody(*((ticket, tuple(minutes)) for ticket, minutes in touches.items()))
    found = workload(warehouse(*lines), Scope())
    busy, held, crowded = counted(touches)
    if not busy:
        assert found["tickets at once"].value is None
    else:
        assert found["tickets at once"].value == pytest.approx(held / busy)
        assert found["time crowded"].value == pytest.approx(crowded / busy)


def test_the_work_of_a_scope_is_that_of_its_period_and_channel():
    lines = [*everybody(("x", (0, 10))), "x-a0 opened @0m channel=chat"]
    connection = warehouse(*lines)
    only_chat = Scope(where=(("channel", ("chat",)),))
    assert workload(connection, only_chat)["tickets at once"].value is None
