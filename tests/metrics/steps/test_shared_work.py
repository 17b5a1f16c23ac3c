"""Runs of one agent that overlap, and runs that pass from one agent to another."""

from metrics.query.scope import Scope
from metrics.steps.counts import step_counts
from tests.metrics.histories import rows, visits, warehouse

MINUTE = 60_000_000

# Two tickets in the hands of one agent at once, the steps of one between those of the other.
OVERLAPPING = (
    "a entered @0m step=ask agent=x run=ra",
    "b entered @1m step=ask agent=x run=rb",
    "a asked_help @2m agent=x run=ra",
    "b entered @3m step=find agent=x run=rb",
    "a entered @4m step=find agent=x run=ra",
    "b run_finished @7m agent=x run=rb",
    "a run_finished @9m agent=x run=ra",
)

HANDED_ON = (
    "a entered @0m step=ask agent=x",
    "a answered @1m step=ask value=yes agent=x",
    "a entered @2m step=find agent=y",
    "a asked_help @3m agent=y",
    "a went_back @4m step=ask agent=y",
    "a entered @4m step=ask agent=y",
    "a answered @5m step=ask value=no agent=y",
    "a run_finished @6m agent=y",
)


def test_overlapping_runs_of_one_agent_each_keep_their_own_visits_and_signs():
    found = [(v.run_id, v.step, v.dwell_us / MINUTE, v.asked_help) for v in visits(*OVERLAPPING)]
    assert found == [
        ("ra", "ask", 4, True),
        ("ra", "find", 5, False),
        ("rb", "ask", 2, False),
        ("rb", "find", 4, False),
    ]


def test_overlapping_runs_on_one_ticket_are_two_runs():
    lines = [line.replace("b ", "a ", 1) if line.startswith("b ") else line for line in OVERLAPPING]
    found = [(v.run_id, v.step, v.dwell_us / MINUTE) for v in visits(*lines)]
    assert found == [("ra", "ask", 4), ("ra", "find", 5), ("rb", "ask", 2), ("rb", "find", 4)]
    assert rows(warehouse(*lines), "runs").sort("run_id")["agents"].to_list() == [1, 1]


def test_a_run_handed_on_is_one_run_and_each_visit_belongs_to_who_made_it():
    found = [(v.step, v.agent_id) for v in visits(*HANDED_ON)]
    assert found == [("ask", "x"), ("find", "y"), ("ask", "y")]
    (run,) = rows(warehouse(*HANDED_ON), "runs").to_dicts()
    assert (run["agents"], run["visits"]) == (2, 3)
    (ended,) = rows(warehouse(*HANDED_ON), "ended_runs").to_dicts()
    assert ended["agent_id"] == "x"


def test_a_wrong_answer_counts_on_the_visit_and_the_agent_who_gave_it():
    first, find, second = visits(*HANDED_ON)
    assert (first.changed_answer, second.changed_answer) == (True, False)
    assert find.asked_help
    counts = step_counts(warehouse(*HANDED_ON), Scope()).counts
    by_agent: dict[int, list[tuple[int, float]]] = {}
    for step, agent, hits in zip(
        counts.step.tolist(), counts.agent.tolist(), counts.hits.tolist(), strict=True
    ):
        by_agent.setdefault(agent, []).append((step, hits))
    ask, look_up = 0, 1
    assert sorted(map(sorted, by_agent.values())) == [[(ask, 0.0), (look_up, 1.0)], [(ask, 1.0)]]
