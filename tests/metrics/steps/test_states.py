"""What a log of states tells, on few rows."""

import pytest

from etl.messages import Message
from metrics.explain.explain import not_known_because
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.releases.counts import version_days
from metrics.steps.hotspots import hotspots
from metrics.steps.outcomes import outcome_links
from metrics.steps.states import states
from metrics.steps.weeks import step_weeks
from metrics.warnings.counting import visits as warning_visits
from tests.metrics.histories import definition, rows, warehouse

TICKET = (
    "a entered @0h step=open agent=x",
    "a entered @2h step=waiting agent=x",
    "a entered @10h step=open agent=y",
    "a entered @14h step=closed agent=y",
    "a run_finished @14h",
)


def test_time_in_state_hand_overs_and_returns_of_a_log_of_states():
    found = {row["step"]: row for row in states(warehouse(*TICKET)).to_dicts()}
    assert list(found) == ["waiting", "open", "closed"]
    assert (found["open"]["visits"], found["open"]["median_hours"], found["open"]["total_hours"]) == (2, 3, 6)
    assert found["open"]["p90_hours"] == pytest.approx(3.8)
    assert [found[name]["handed_over_share"] for name in found] == [1, 0, None]
    assert [found[name]["handed_over_n"] for name in found] == [1, 2, 0]
    assert found["waiting"]["handed_over_low"] == pytest.approx(0.2065, abs=1e-4)  # one case says little
    assert found["closed"]["handed_over_low"] is None
    # The run ends on arrival: no time passes there.
    assert (found["closed"]["median_hours"], found["closed"]["p90_hours"]) == (None, None)
    assert [found[name]["returns"] for name in found] == [0, 1, 0]
    assert found["open"]["return_share"] == 0.5


def test_an_update_within_a_state_ends_no_stay():
    again = ("a entered @12h step=open agent=y", "a entered @13h step=waiting agent=y")
    found = {row["step"]: row for row in states(warehouse(*TICKET, *again)).to_dicts()}
    assert (found["open"]["visits"], found["open"]["returns"]) == (2, 1)
    assert (found["open"]["median_hours"], found["open"]["total_hours"]) == (2.5, 5)
    assert found["waiting"]["returns"] == 1


def test_who_takes_over_within_a_state_takes_over_in_that_stay():
    again = "a entered @1h30m step=open agent=z"
    found = {row["step"]: row for row in states(warehouse(*TICKET, again)).to_dicts()}
    assert (found["open"]["visits"], found["open"]["handed_over_share"]) == (2, 0.5)


def test_whether_a_state_confuses_is_not_known_and_a_mixed_scope_counts_guided_visits_alone():
    connection = warehouse(*TICKET)
    assert measure(connection, ["confusion_rate"]).select("value", "n").row(0) == (None, 0)
    because = not_known_because(connection, "confusion_rate")
    assert because == Message("explain.log_of_states")
    assert confusion(connection) == [None] * 4
    assert step_weeks(connection).is_empty()
    (state, *_rest) = hotspots(connection).to_dicts()
    assert [state[name] for name in ("confused", "confusion_rate", "low")] == [None] * 3
    assert not any(sign["n"] for sign in state["signs"].values())
    assert rows(connection, "ticket_confusion").is_empty()
    assert rows(connection, "ended_runs")["is_confused"].to_list() == [None]
    guide = (
        "b entered @0h step=ask workflow=guide",
        "b asked_help @1m workflow=guide",
        "b run_finished @2m workflow=guide",
    )
    mixed = warehouse(*TICKET, *guide)
    assert measure(mixed, ["confusion_rate"]).select("value", "n").row(0) == (1, 1)
    assert not_known_because(mixed, "confusion_rate") is None


def confusion(connection):
    return rows(connection, "classified_visits")["is_confused"].to_list()


def test_a_definition_holds_for_states_too():
    connection = warehouse(*TICKET, definitions=definition("open > waiting", "waiting > closed", "closed"))
    assert sorted(rows(connection, "off_path_visits")["step"]) == ["open", "waiting"]
    assert rows(connection, "visits_with_signs")["off_path"].null_count() == 4


def test_a_log_of_states_has_no_outcomes_no_versions_and_no_warning_signs():
    for act, is_guided in (("a entered @14h step=closed", False), ("a asked_help @1h", True)):
        connection = warehouse(*TICKET, act)
        for found in (
            outcome_links(connection),
            version_days(connection, Scope()),
            warning_visits(connection, Scope()),
        ):
            assert found.is_empty() != is_guided


def test_a_guided_workflow_has_no_states():
    assert states(warehouse(*TICKET, "a asked_help @1h")).is_empty()
    assert states(warehouse()).schema == states(warehouse(*TICKET)).schema
