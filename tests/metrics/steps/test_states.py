"""What a log of states tells, on few rows."""

import pytest

from metrics.query.scope import Scope
from metrics.releases.counts import version_days
from metrics.steps.outcomes import outcome_links
from metrics.steps.states import states
from metrics.warnings.counting import visits as warning_visits
from tests.metrics.histories import warehouse

TICKET = (
    "a entered @0h step=open agent=x",
    "a entered @2h step=waiting agent=x",
    "a entered @10h step=open agent=y",
    "a entered @14h step=closed agent=y",
    "a run_finished @14h",
)


def test_time_in_state_hand_overs_and_returns_of_a_log_of_states():
    rows = {row["step"]: row for row in states(warehouse(*TICKET)).to_dicts()}
    assert list(rows) == ["waiting", "open", "closed"]
    assert (rows["open"]["visits"], rows["open"]["median_hours"], rows["open"]["total_hours"]) == (2, 3, 6)
    assert rows["open"]["p90_hours"] == pytest.approx(3.8)
    assert [rows[name]["handed_over_share"] for name in rows] == [1, 0, None]
    assert [rows[name]["returns"] for name in rows] == [0, 1, 0]
    assert rows["open"]["return_share"] == 0.5


def test_a_log_of_states_has_no_outcomes_no_versions_and_no_warning_signs():
    for act, is_guided in (("a entered @14h step=closed", False), ("a asked_help @1h", True)):
        connection = warehouse(*TICKET, act)
        for rows in (
            outcome_links(connection),
            version_days(connection, Scope()),
            warning_visits(connection, Scope()),
        ):
            assert rows.is_empty() != is_guided


def test_a_guided_workflow_has_no_states():
    assert states(warehouse(*TICKET, "a asked_help @1h")).is_empty()
    assert states(warehouse()).schema == states(warehouse(*TICKET)).schema
