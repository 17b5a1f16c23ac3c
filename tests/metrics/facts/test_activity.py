"""Active time against a second calculation that walks minute by minute, and the wall time of the agents."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from tests.lengths import LONG
from tests.metrics.facts import twin
from tests.metrics.histories import START, add, empty_warehouse, events, refresh, rows

MINUTE = timedelta(minutes=1)
IDLE = 30
OFFICE = Settings(schedules=(Schedule(name="office", hours=("Mon-Fri 08:00-12:00", "Mon-Fri 13:00-17:00")),))
Visit = tuple[str, int]


def history(seed: int) -> list[str]:
    """Runs of three agents, and of unknown ones, over nine days, in whole minutes."""
    chance = random.Random(seed)  # noqa: S311
    lines = []
    for ticket in range(40):
        now = chance.randrange(9) * 1440 + chance.randrange(6 * 60, 18 * 60)
        who = chance.choice(["x", "x", "y", "z", None])
        agent = f" agent={who}" if who else ""
        lines.append(f"t{ticket} entered @{now}m step=ask{agent}")
        for _ in range(chance.randrange(8)):
            now += chance.choice([0, 1, 3, 10, 29, 30, 31, 50, 600])
            kind = chance.choice(["answered", "searched", "paused", "resumed", "entered step=pay"])
            lines.append(f"t{ticket} {kind} @{now}m{agent}")
        if chance.random() < 0.8:
            now += chance.choice([0, 2, 20, 45])
            lines.append(f"t{ticket} run_finished @{now}m{agent}")
        if chance.random() < 0.1:
            lines.append(f"t{ticket} discarded @{now}m")
    return lines


def at_work(part: list[dict[str, Any]], left_at: datetime, *, office: bool) -> set[datetime]:
    """The minutes of one visit in which somebody was at work, by their beginnings."""
    found, is_paused, last = set(), False, part[0]["occurred_at"]
    coming = list(part)
    minute = part[0]["occurred_at"]
    while minute < left_at:
        while coming and coming[0]["occurred_at"] <= minute:
            row = coming.pop(0)
            last = row["occurred_at"]
            is_paused = {"paused": True, "resumed": False}.get(row["kind"], is_paused)
        is_open = minute.weekday() < 5 and minute.hour in {8, 9, 10, 11, 13, 14, 15, 16}
        if not is_paused and minute - last < IDLE * MINUTE and (is_open or not office):
            found.add(minute)
        minute += MINUTE
    return found


def active_minutes(lines: list[str], *, office: bool) -> dict[Visit, float]:
    """Every visit of tickets that count: a minute of one agent is shared by the visits at work in it."""
    frame = events(*lines)
    discarded = set(frame.filter(kind="discarded")["ticket_id"])
    busy: dict[tuple[str, datetime], int] = defaultdict(int)
    minutes: dict[Visit, tuple[str | None, set[datetime]]] = {}
    for (ticket, _), story in twin.stories(frame, "ticket_id", "run_id").items():
        entered = [place for place, row in enumerate(story) if row["kind"] == "entered"]
        for number, begin in enumerate(entered):
            is_last = number == len(entered) - 1
            part = story[begin:] if is_last else story[begin : entered[number + 1]]
            left_at = story[-1 if is_last else entered[number + 1]]["occurred_at"]
            if ticket not in discarded:
                work = at_work(part, left_at, office=office)
                agent = part[0]["agent_id"]
                minutes[ticket, number + 1] = (agent, work)
                for minute in work if agent else ():
                    busy[agent, minute] += 1
    return {
        visit: sum(1 / busy[agent, minute] if agent else 1 for minute in work)
        for visit, (agent, work) in minutes.items()
    }


@pytest.mark.parametrize("office", [False, True])
@pytest.mark.parametrize("seed", range(30 if LONG else 2))
def test_active_time_is_that_of_a_second_calculation_and_never_exceeds_the_agents(seed: int, office: bool):
    lines = history(seed)
    connection = empty_warehouse()
    add(connection, events(*lines))
    refresh(connection, OFFICE if office else Settings())
    activity = rows(connection, "timed_visits").to_dicts()
    found = {(row["ticket_id"], row["visit_number"]): row["active_us"] / 6e7 for row in activity}
    expected = active_minutes(lines, office=office)
    running = {visit: minutes for visit, minutes in expected.items() if visit not in found}
    expected = {visit: pytest.approx(expected[visit], abs=1e-4) for visit in expected.keys() - running.keys()}
    assert found == expected
    assert len(running) < len(found) / 4
    assert 0 < sum(found.values()) < sum(row["active_us"] + row["waiting_us"] for row in activity) / 6e7

    spans: dict[str, set[datetime]] = defaultdict(set)
    totals: dict[str, int] = defaultdict(int)
    for visit in (visit for visit in activity if visit["agent_id"]):
        begin = (visit["entered_at"] - START) // MINUTE
        end = (visit["left_at"] - START) // MINUTE
        spans[visit["agent_id"]] |= {START + number * MINUTE for number in range(begin, end)}
        totals[visit["agent_id"]] += visit["active_us"]
    assert totals
    assert [agent for agent, total in totals.items() if total > len(spans[agent]) * 60_000_000] == []


@pytest.mark.parametrize("seed", range(20 if LONG else 1))
def test_it_is_the_same_brought_up_to_date_piece_by_piece(seed: int):
    """A new visit takes time from visits of other tickets, and one that goes gives it back."""
    rows_then = events(*history(seed)).sample(fraction=1, shuffle=True, seed=seed)
    third = rows_then.height // 3
    connection = empty_warehouse()
    for piece in (rows_then[:third], rows_then[third : 2 * third], rows_then[2 * third :]):
        add(connection, piece)
        refresh(connection, OFFICE)
    at_once = empty_warehouse()
    add(at_once, rows_then)
    refresh(at_once, OFFICE)
    for name in ("visit_work", "overlaps", "usual_times"):
        kept, anew = (rows(each, name).sort(pl.all()) for each in (connection, at_once))
        assert kept.rows() == anew.rows()
        assert kept.height > 0
    gone = rows_then["ticket_id"].unique().sort()[:13].to_list()
    connection.execute("DELETE FROM events WHERE list_contains($gone, ticket_id)", {"gone": gone})
    connection.execute("INSERT INTO stale_tickets SELECT unnest($gone)", {"gone": gone})
    refresh(connection, OFFICE)
    fresh = empty_warehouse()
    add(fresh, rows_then.filter(~pl.col("ticket_id").is_in(gone)))
    refresh(fresh, OFFICE)
    for name in ("visit_work", "overlaps", "usual_times"):
        assert rows(connection, name).sort(pl.all()).rows() == rows(fresh, name).sort(pl.all()).rows()
