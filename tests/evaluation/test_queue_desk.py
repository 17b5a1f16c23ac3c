"""The second made-up desk: it borrows nothing, keeps the contract, and does what its settings say."""

import ast
import sys
from pathlib import Path

import polars as pl
import pytest

from etl.contract.events import STORED, Event
from tests.evaluation import queue_desk
from tests.evaluation.queue_desk import QueueDesk, simulate

SMALL = QueueDesk(weeks=3, tickets_a_day=12, agents=6, joiners=2)


def test_it_imports_nothing_but_the_standard_library():
    tree = ast.parse(Path(queue_desk.__file__).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names | {"__future__"}


def test_the_same_seed_gives_the_same_events_and_another_seed_others():
    assert simulate(SMALL, 1) == simulate(SMALL, 1)
    assert simulate(SMALL, 1) != simulate(SMALL, 2)


def test_every_row_keeps_the_contract():
    rows = simulate(SMALL, 1)
    assert {name for row in rows for name in row} <= set(STORED.names())
    for row in rows:
        Event.model_validate(row)


def share(desk: QueueDesk, kind: str, step: str, seed: int = 1) -> float:
    """Events of a kind at a step of the first workflow for each visit to it."""
    rows = pl.DataFrame(simulate(desk, seed), infer_schema_length=None).filter(workflow="w0", step=step)
    return rows.filter(kind=kind).height / rows.filter(kind="entered").height


def test_a_step_confuses_as_often_as_its_settings_say():
    desk = QueueDesk(
        weeks=6, steps=(2,), troubled={(0, 0): 0.3}, base=0.0, shows_as=("help",), noise=0.0, tickets_a_day=60
    )
    assert share(desk, "asked_help", "s0") == pytest.approx(0.3, abs=0.05)
    assert share(desk, "asked_help", "s1") == 0


@pytest.mark.parametrize("tail", ["weibull", "lognormal", "pareto"])
def test_half_of_the_times_of_any_law_are_below_one(tail):
    times = [queue_desk.draw_time(queue_desk.Random(seed), tail) for seed in range(4000)]
    assert sum(time < 1 for time in times) / len(times) == pytest.approx(0.5, abs=0.03)


def test_more_comes_in_where_the_last_weeks_differ():
    desk = QueueDesk(weeks=8, changes=(2.0, 1.0), tickets_a_day=20, demand_spread=0.0)
    opened = [row["occurred_at"] for row in simulate(desk, 1) if row["kind"] == "opened"]
    middle = queue_desk.START + queue_desk.timedelta(weeks=4)
    late = sum(at >= middle for at in opened)
    assert late / (len(opened) - late) == pytest.approx(2, abs=0.3)
