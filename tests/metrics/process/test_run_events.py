"""One run to the event; times and weeks of a step counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from etl.errors import InvalidRequest
from metrics.process.run_events import run, runs
from metrics.query.scope import Scope
from metrics.statistics.intervals import wilson
from metrics.steps.times import step_times
from metrics.steps.weeks import step_weeks
from tests.metrics.histories import definition, warehouse

DEFINED = definition("ask > find", "find > done", "done is end")
LINES = (
    "a opened @0s",
    "a run_started run=r step=ask @10s",
    "a entered run=r step=ask agent=x @10s",
    "a paused run=r @20s",
    "a resumed run=r @50s",
    "a replied by agent @55s",
    "a entered run=r step=done agent=x @70s",
    "a run_finished run=r @80s",
    "a solved @90s",
    "a entered run=q step=ask agent=y @3h",
)


def test_a_run_tells_what_each_event_does_to_which_clock():
    story = run(warehouse(*LINES, definitions=DEFINED), "a", "r")
    told = [
        (event["kind"], [(each["clock"], each["effect"], each["step"]) for each in event["effects"]])
        for event in story.events
    ]
    assert told[:4] == [
        ("run_started", []),
        ("entered", [("visit", "starts", "Ask")]),
        ("paused", [("visit", "pauses", "Ask")]),
        ("resumed", [("visit", "goes on", "Ask")]),
    ]
    assert told[4][0] == "replied"
    assert ("first_response_minutes", "stops", None) in told[4][1]
    assert told[5] == ("entered", [("visit", "stops", "Ask"), ("visit", "starts", "Done")])
    assert told[6] == ("run_finished", [("visit", "stops", "Done")])
    assert len(told) == 7


def test_its_visits_have_their_times_signs_and_breaches_and_no_agent():
    visits = run(warehouse(*LINES, definitions=DEFINED), "a", "r").visits
    assert [(visit["step"], visit["minutes"], visit["breach"]) for visit in visits] == [
        ("ask", 0.5, "unlisted next step"),
        ("done", pytest.approx(1 / 6), None),
    ]
    assert visits[0]["signs"] == ["off_path"]
    assert "agent_id" not in visits[0]


def test_a_visit_that_goes_on_is_not_judged_yet():
    visits = run(warehouse(*LINES), "a", "q").visits
    assert [(visit["is_confused"], visit["minutes"]) for visit in visits] == [(None, None)]


def test_the_runs_of_a_ticket_and_one_that_is_not_there():
    desk = warehouse(*LINES)
    assert runs(desk, "a")["run_id"].to_list() == ["r", "q"]
    assert runs(desk, "nobody").is_empty()
    with pytest.raises(InvalidRequest, match="no run 'z' of a ticket 'a'"):
        run(desk, "a", "z")


WEEKS = (
    "a entered step=ask @0s",
    "a asked_help @5s",
    "a run_finished @10s",
    "b entered step=ask @1d",
    "b run_finished @1d20s",
    "c entered step=ask @8d",
    "c run_finished @8d30s",
)


def test_the_times_of_a_step_are_medians_without_pauses():
    found = step_times(warehouse(*WEEKS)).row(0, named=True)
    assert (found["visits"], found["confused_visits"], found["median_seconds"]) == (3, 1, 20.0)
    assert (found["calm_seconds"], found["confused_seconds"], found["fluent_seconds"]) == (25.0, 10.0, 25.0)


def test_the_weeks_of_a_sign_have_its_share_n_and_interval():
    found = step_weeks(warehouse(*WEEKS), scope=Scope(where=(("step", ("ask",)),)))
    helped = found.filter(sign="asked_help")
    low, high = wilson([1, 0], [2, 1])
    assert helped["week"].to_list() == [date(2026, 3, 2), date(2026, 3, 9)]
    assert helped.select("n", "value").rows() == [(2, 0.5), (1, 0.0)]
    assert helped.select("low", "high").rows() == [*zip(low, high, strict=True)]
    assert found.filter(sign="off_path").is_empty()  # not known without a definition
    assert found.filter(sign="is_confused")["value"].to_list() == [0.5, 0.0]
