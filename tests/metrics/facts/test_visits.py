"""Runs and visits: one stay of a run at a step."""

from datetime import timedelta

import pytest

from metrics.settings.model import Settings
from metrics.settings.schedules import Schedule, read_hours
from metrics.steps.hotspots import hotspots
from metrics.steps.weeks import step_weeks
from tests.metrics.histories import at, rows, visits, warehouse

MINUTE = 60_000_000


def dwell(*lines):
    return [(visit.step, visit.dwell_us / MINUTE, visit.paused_us / MINUTE) for visit in visits(*lines)]


def test_a_visit_lasts_from_entered_to_the_next_entered_or_the_runs_end():
    lines = ("a entered @0m step=ask", "a entered @2m step=find", "a run_finished @5m")
    assert dwell(*lines) == [("ask", 2, 0), ("find", 3, 0)]


def test_paused_time_is_told_apart_and_ends_with_the_visit():
    lines = (
        "a entered @0m step=ask",
        "a paused @1m",
        "a resumed @2m",
        "a paused @4m",
        "a entered @9m step=find",
        "a paused @10m",
        "a paused @11m",
        "a resumed @12m",
        "a resumed @13m",
        "a run_finished @14m",
    )
    assert dwell(*lines) == [("ask", 9, 6), ("find", 5, 2)]


def test_a_run_goes_on_when_a_step_is_entered_after_its_end():
    lines = ("a entered @0m step=ask", "a run_abandoned @1m", "a entered @3m step=find", "a run_finished @4m")
    assert [(visit.dwell_us / MINUTE, visit.abandoned) for visit in visits(*lines)] == [
        (3, False),
        (1, False),
    ]


def test_what_comes_after_the_end_belongs_to_no_visit():
    lines = ("a entered @0m step=ask", "a run_finished @1m", "a asked_help @2m", "a run_abandoned @3m")
    (visit,) = visits(*lines)
    assert (visit.dwell_us / MINUTE, visit.asked_help, visit.abandoned) == (1, False, False)


def test_what_comes_before_the_first_step_belongs_to_no_visit():
    lines = ("a run_started @0m", "a searched @1m", "a entered @2m step=ask", "a run_finished @3m")
    assert [visit.searched for visit in visits(*lines)] == [False]


def test_a_silent_run_is_running_for_a_day_and_abandoned_after_it():
    lines = ("a entered @0m step=ask", "a entered @1m step=find", "a answered @3m value=x")
    assert [visit.step for visit in visits(*lines)] == ["ask"]
    assert [visit.step for visit in visits(*lines, as_of="1d2m59s")] == ["ask"]
    later = visits(*lines, as_of="1d3m")
    assert [(visit.step, visit.dwell_us / MINUTE, visit.abandoned) for visit in later] == [
        ("ask", 1, False),
        ("find", 2, True),
    ]


def test_silence_is_judged_at_the_newest_event_of_all():
    lines = ("a entered @0m step=ask", "b opened @1d")
    assert [visit.abandoned for visit in visits(*lines)] == [True]


def test_silence_is_judged_at_the_newest_event_of_its_own_source():
    lines = ("a entered @0m step=ask source=old", "a answered @1m source=old", "b opened @30d source=new")
    assert visits(*lines) == []
    assert [visit.abandoned for visit in visits(*lines, "c opened @1d1m source=old")] == [True]
    assert [visit.abandoned for visit in visits(*lines, as_of="31d")] == [True]


def hundred(ends: int, *, source: str = "north") -> list[str]:
    """A hundred runs of one step each, of which the first so many have an end."""
    lines = [f"{source}{n:02} entered @{n}m step=ask source={source}" for n in range(100)]
    lines += [f"{source}{n:02} run_finished @{n}m source={source}" for n in range(ends)]
    return [*lines, f"{source} opened @9d source={source}"]


@pytest.mark.parametrize(("ends", "abandoned"), [(0, None), (1, None), (4, None), (5, True), (50, True)])
def test_where_hardly_any_run_has_an_end_nobody_knows_which_were_abandoned(ends, abandoned):
    seen = visits(*hundred(ends))
    assert [visit.abandoned for visit in seen] == [*[False] * ends, *[abandoned] * (100 - ends)]
    assert sum(visit.is_confused for visit in seen) == (100 - ends if abandoned else 0)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("end", ["run_finished", "run_abandoned"])
@pytest.mark.parametrize(("ends", "n"), [(4, 0), (5, 100)])
def test_of_few_runs_with_an_end_nobody_tells_how_many_were_given_up(end, ends, n):
    connection = warehouse(*(line.replace("run_finished", end) for line in hundred(ends)))
    given_up = rows(connection, "ended_runs")["abandoned"]
    assert len(given_up.drop_nulls()) == n
    assert hotspots(connection)["signs"][0]["abandoned"]["n"] == n
    assert "abandoned" not in step_weeks(connection)["sign"].to_list() or n
    # Who says that a run was given up is believed.
    assert rows(connection, "classified_visits")["is_confused"].sum() >= ends * (end == "run_abandoned")


def test_whether_ends_are_recorded_is_each_sources_own():
    seen = visits(*hundred(0), *hundred(50, source="south"))
    assert {visit.source for visit in seen if visit.abandoned} == {"south"}


def test_of_few_runs_those_without_an_end_were_abandoned():
    lines = [f"{n} entered @{n}m step=ask" for n in range(19)]
    assert {visit.abandoned for visit in visits(*lines, "later opened @9d")} == {True}
    assert {visit.abandoned for visit in visits(*lines, "19 entered @0m step=ask", "later opened @9d")} == {
        None
    }


DESK = Settings(schedules=(Schedule(name="desk", hours=(read_hours("Mon-Fri 09:00-17:00"),)),))


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("now", "is_silent"),
    [("5d12h", False), ("7d16h50m", False), ("9d16h49m", False), ("9d16h50m", True), ("10d", True)],
)
def test_silence_counts_the_hours_of_the_desk_where_they_are_set(now, is_silent):
    """From Friday, 16:50, three days of eight hours end on Wednesday, 16:50; the clock's day on Saturday."""
    connection = warehouse("a entered @4d16h50m step=ask", f"b opened @{now}", settings=DESK)
    assert rows(connection, "classified_visits").height == int(is_silent)
    by_clock = warehouse("a entered @4d16h50m step=ask", f"b opened @{now}")
    assert rows(by_clock, "classified_visits").height == int(now != "5d12h")


def test_a_day_of_silence_that_ends_as_the_desk_closes_is_over_then():
    connection = warehouse("a entered @0d9h step=ask", "b opened @2d17h", settings=DESK)
    assert rows(connection, "classified_visits").height == 1


def test_runs_of_two_tickets_may_share_a_name():
    lines = ("a entered @0m step=ask", "b entered @1m step=ask run=r", "a run_finished @2m")
    assert dwell(*lines, "b run_finished @4m run=r") == [("ask", 2, 0), ("ask", 3, 0)]


def test_a_run_tells_when_it_started_and_how_it_ended():
    found = rows(warehouse("a run_started @0m", "a entered @1m step=ask", "a run_finished @2m"), "runs")
    run = found.row(0, named=True)
    assert (run["workflow"], run["version"], run["visits"], run["ended_by"]) == ("w", "1", 1, "run_finished")
    assert run["ended_at"] - run["started_at"] == timedelta(minutes=2)
    assert run["started_at"] == at("0s")


def test_the_agent_of_a_visit_is_the_one_who_entered_or_the_next_known():
    lines = (
        "a entered @0m step=ask agent=x",
        "a answered @1m agent=y",
        "a entered @2m step=find",
        "a answered @3m agent=y",
        "a run_finished @4m",
    )
    assert [visit.agent_id for visit in visits(*lines)] == ["x", "y"]


def test_visits_of_tickets_left_out_are_left_out():
    assert visits("a entered @0m step=ask", "a run_finished @1m", "a discarded @2m") == []
