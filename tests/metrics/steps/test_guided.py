"""Whether a workflow guides agents is told from its rows, unless the mapping says it."""

from datetime import timedelta

import pytest

from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.warehouse import open_writer
from metrics.refresh.facts import refresh
from metrics.settings.thresholds import Thresholds
from tests.etl.desk import Desk
from tests.metrics.histories import START, rows, warehouse

HEADER = "occurred_at,ticket_id,kind,run_id,workflow,version,step\n"


def visits(minutes, number, *more):
    """So many visits to two steps, each for so long, and what happens in the first of them."""
    lines = [f"a entered @{place * minutes}m step={'ab'[place % 2]}" for place in range(number)]
    return (*lines, *more, f"a run_finished @{number * minutes}m")


def is_guided(*lines):
    return rows(warehouse(*lines), "guided_workflows")["is_guided"].to_list()


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "act",
    ["asked_help", "searched", "went_back value=b", "input_rejected", "paused", "answered value=x"],
)
def test_one_percent_of_visits_with_an_act_of_a_guided_agent_is_enough(act):
    kind, *more = act.split()
    happens = " ".join([f"a {kind} @10m", *more])
    assert is_guided(*visits(90, 100, happens)) == [True]
    assert is_guided(*visits(90, 101, happens)) == [False]


def test_the_dwell_is_that_of_visits_that_led_on():
    # The last state is left as it is entered.
    assert is_guided("a entered @0m step=open", "a entered @90m step=closed", "a run_finished @90m") == [
        False
    ]
    assert is_guided(*visits(60, 4)) == [True]
    assert is_guided("a entered @0m step=open", "a run_finished @9h") == [True]


def test_the_limits_come_from_the_settings():
    logs = (Thresholds(state_minutes=91), Thresholds(guided_share_needed=0))
    for limits in logs:
        assert rows(warehouse(*visits(90, 4), thresholds=limits), "guided_workflows")["is_guided"].item()


@pytest.mark.sweep(9)
@pytest.mark.parametrize(("minutes", "guided"), [(90, True), (2, False)])
def test_a_mapping_says_it_whatever_the_rows_look_like(tmp_path, minutes, guided):
    home = tmp_path / "warehouse"
    with open_writer(home) as connection:
        desk = Desk(tmp_path, connection, Archive(home / "archive"))
        times = [(START + timedelta(minutes=minutes * n)).isoformat() for n in range(4)]
        content = "".join(f"{at},a,entered,r,w,1,{step}\n" for at, step in zip(times, "abab", strict=True))
        found = []
        for mapping in (Mapping(), Mapping(guided=guided), Mapping()):
            desk.load(desk.file(HEADER + content), mapping)
            refresh(connection)
            found += rows(connection, "guided_workflows")["is_guided"].to_list()
    assert found == [not guided, guided, not guided]
