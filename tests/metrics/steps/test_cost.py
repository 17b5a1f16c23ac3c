"""What a step costs: the active time of its confused visits beyond that of the others, a week."""

from datetime import date

import pytest

from metrics.query.scope import Scope
from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule
from metrics.settings.thresholds import Thresholds
from metrics.steps.hotspots import hotspots
from metrics.training.learning import entries_by_band
from tests.metrics.histories import add, empty_warehouse, events, refresh, rows, warehouse

MINUTE = 60_000_000
OFFICE = Settings(schedules=(Schedule(name="office", hours=("Mon-Fri 09:00-17:00",)),))


def minutes(connection):
    """Active and waiting minutes of every visit, by ticket and step."""
    return {
        f"{row['ticket_id']} {row['step']}": (row["active_us"] / MINUTE, row["waiting_us"] / MINUTE)
        for row in rows(connection, "timed_visits").to_dicts()
    }


def in_office(*lines):
    connection = empty_warehouse()
    add(connection, events(*lines))
    refresh(connection, OFFICE)
    return connection


def visit(ticket, *, begin="0m", end, agent="x", confused=False, step="ask", version="1"):
    """One run of one visit, on its own ticket."""
    yield f"{ticket} entered @{begin} step={step} agent={agent} version={version}"
    if confused:
        yield f"{ticket} asked_help @{begin} version={version}"
    yield f"{ticket} run_finished @{end} version={version}"


def test_a_visit_is_active_from_its_beginning_to_its_end():
    assert minutes(warehouse(*visit("a", end="20m"))) == {"a ask": (20, 0)}


def test_training_counts_the_time_of_a_visit_as_its_cost_does():
    calm = [line for n in range(3) for line in visit(f"c{n}", end="2m", agent=f"x{n}")]
    slow = (
        "s entered @0m step=ask agent=y",
        "s asked_help @1m",
        "s paused @5m",
        "s resumed @3h",
        "s run_finished @3h5m",
    )
    connection = warehouse(*calm, *slow)
    (step,) = hotspots(connection).to_dicts()
    assert step["cost_hours_per_week"] * step["weeks_in_use"] == pytest.approx(8 / 60)
    assert sum(entries_by_band(connection, Scope())["excess_us"]) == 8 * MINUTE


def test_a_pause_is_waiting():
    lines = (
        "a entered @0m step=ask",
        "a paused @5m",
        "a answered @6m",
        "a resumed @15m",
        "a run_finished @20m",
    )
    assert minutes(warehouse(*lines)) == {"a ask": (10, 10)}


def test_what_is_longer_than_the_idle_limit_without_an_event_is_waiting():
    lines = ("a entered @0m step=ask", "a searched @10m", "a answered @2h", "a entered @2h5m step=pay")
    # 10 min, 30 of 110 min, 5 min; the next visit still runs.
    assert minutes(warehouse(*lines)) == {"a ask": (45, 80)}
    patient = warehouse(*lines, thresholds=Thresholds(idle_minutes=110))
    assert minutes(patient)["a ask"] == (125, 0)


def test_opening_hours_that_are_stated_count_and_those_by_default_do_not():
    # Friday 16:50 to Monday 9:05, with an event on Saturday.
    lines = (
        "a entered @4d16h50m step=ask",
        "a answered @5d12h",
        "a asked_help @7d8h55m",
        "a run_finished @7d9h5m",
    )
    dwell = 64 * 60 + 15
    assert minutes(in_office(*lines)) == {"a ask": (15, dwell - 15)}
    assert minutes(warehouse(*lines)) == {"a ask": (30 + 30 + 10, dwell - 70)}


def test_visits_of_one_agent_that_overlap_share_their_time():
    lines = (
        *visit("a", end="10m"),
        *visit("b", begin="4m", end="6m"),
        *visit("c", begin="5m", end="12m"),
        *visit("d", begin="5m", end="12m", agent="y"),
        "e entered @5m step=ask",  # nobody knows whose time it is
        "e run_finished @7m",
    )
    # 0-4 a; 4-5 a, b; 5-6 a, b, c; 6-10 a, c; 10-12 c.
    assert {name: round(active, 6) for name, (active, _) in minutes(warehouse(*lines)).items()} == {
        "a ask": pytest.approx(4 + 1 / 2 + 1 / 3 + 4 / 2, abs=1e-6),
        "b ask": pytest.approx(1 / 2 + 1 / 3, abs=1e-6),
        "c ask": pytest.approx(1 / 3 + 4 / 2 + 2, abs=1e-6),
        "d ask": 7,
        "e ask": 2,
    }


def test_a_log_of_states_takes_no_time_from_guided_steps_as_long_as_it_is_one():
    connection = empty_warehouse()
    log = ("b entered @0h step=open", "b entered @2h step=waiting", "b run_finished @4h")
    log = tuple(f"{line} workflow=s agent=x" for line in log)
    for lines, active in [
        ((*visit("a", end="20m"), *log), 20),
        (("b asked_help @3h workflow=s agent=x",), 10),
    ]:
        add(connection, events(*lines))
        refresh(connection)
        assert minutes(connection)["a ask"] == (active, 20 - active)


def test_a_visit_left_open_takes_no_time_from_another():
    lines = (*visit("a", end="10h"), *visit("b", begin="2h", end="2h20m"))
    assert minutes(warehouse(*lines)) == {"a ask": (30, 570), "b ask": (20, 0)}


def test_overlaps_count_within_opening_hours_alone():
    lines = (*visit("a", begin="8h50m", end="9h10m"), *visit("b", begin="8h30m", end="9h"))
    assert minutes(in_office(*lines)) == {"a ask": (10, 10), "b ask": (0, 30)}


def cost(connection, step="ask", **scope):
    return hotspots(connection, scope=Scope(**scope)).filter(step=step).row(0, named=True)


WEEK = ("z opened @0m", "z solved @6d23h")


def test_a_step_costs_what_its_confused_visits_take_beyond_the_others():
    lines = (
        *visit("a", end="4m", agent="a"),
        *visit("b", end="6m", agent="b"),
        *visit("c", end="29m", agent="c"),  # slow, and nobody was confused
        *visit("d", end="20m", agent="d", confused=True),  # 14 minutes beyond the median of 6
        *visit("e", end="1m", agent="e", confused=True),  # less than it: nothing is won
        *WEEK,
    )
    found = cost(warehouse(*lines))
    assert found["cost_hours_per_week"] == pytest.approx(14 / 60)
    assert (found["cost_limit_minutes"], found["weeks_in_use"]) == (60, 1)
    assert found["cost_hours_per_week_low"] is None  # of two confused visits


def test_one_visit_costs_no_more_than_the_limit():
    lines = (
        *visit("a", end="1m", agent="a"),
        *(line for n in range(9) for line in (f"b answered @{10 + 20 * n}m",)),
        *visit("c", end="10s", agent="c", step="pay"),
        *visit("d", end="3m", agent="d", step="pay", confused=True),
    )
    lines = ("b entered @0m step=ask agent=b", "b asked_help @1m", *lines, "b run_finished @3h", *WEEK)
    connection = warehouse(*lines)
    assert cost(connection)["cost_hours_per_week"] == pytest.approx(10 / 60)  # ten times one minute
    assert cost(connection, "pay")["cost_hours_per_week"] == pytest.approx(100 / 3600)  # ten times 10 seconds


def test_where_nobody_was_confused_nothing_is_lost_and_where_everybody_was_nobody_knows():
    assert cost(warehouse(*visit("a", end="5m"), *WEEK))["cost_hours_per_week"] == 0
    assert cost(warehouse(*visit("a", end="5m", confused=True), *WEEK))["cost_hours_per_week"] is None


def test_time_in_which_nobody_was_at_work_is_told_apart():
    lines = (*visit("a", end="5m", agent="a"), *visit("b", end="3h", agent="b", confused=True), *WEEK)
    found = cost(warehouse(*lines))
    assert found["cost_hours_per_week"] == pytest.approx(25 / 60)
    assert found["waiting_hours_per_week"] == pytest.approx(2.5)


def test_a_week_is_one_in_which_the_version_was_in_use():
    lines = [
        line
        for version, first, last in (("1", 0, 13), ("2", 14, 41))
        for day in (first, last)
        for line in (
            *visit(f"{version}a{day}", begin=f"{day}d1h", end=f"{day}d1h10m", agent="a", version=version),
            *visit(f"{version}b{day}", begin=f"{day}d1h", end=f"{day}d1h40m", agent="b", version=version,
                   confused=True),
        )
    ]  # fmt: skip
    found = hotspots(warehouse(*lines)).sort("version")
    assert found["weeks_in_use"].to_list() == [2, 4]
    lost = 2 * 20 / 60  # of 30 minutes, the idle limit
    assert found["cost_hours_per_week"].to_list() == pytest.approx([lost / 2, lost / 4])
    day = cost(warehouse(*lines), start=date(2026, 3, 2), end=date(2026, 3, 2))
    assert day["weeks_in_use"] == pytest.approx(1 / 7)


def test_the_limit_of_a_cost_is_that_of_the_sources_in_the_scope():
    lines = [
        f"{line} source={source}"
        for source, end in (("north", "20m"), ("south", "2m"))
        for ticket, confused in ((f"{source}1", False), (f"{source}2", True))
        for line in visit(ticket, end=end, confused=confused, agent=ticket)
    ]
    limits = [cost(warehouse(*lines), where=(("source", (name,)),)) for name in ("north", "south")]
    assert [row["cost_limit_minutes"] for row in limits] == [200, 20]
