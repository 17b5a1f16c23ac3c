"""What may be taken away from a simulated desk, so that nothing is left to be found."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from etl.simulator import Conditions, simulate
from etl.simulator.agents import hire
from etl.simulator.calendar import Calendar
from etl.simulator.confusion import Confusion, untroubled
from etl.simulator.desks import WORKFLOWS
from etl.simulator.flow import lay_out
from tests.simulator.conftest import share

CALENDAR = Calendar.of(date(2026, 1, 5), 4)


def confusion(conditions: Conditions) -> Confusion:
    rng = np.random.default_rng(1)
    return untroubled(rng, hire(rng, CALENDAR, 20, 0.2), lay_out(WORKFLOWS, CALENDAR), 100, conditions)


def chance_and_pace(conditions: Conditions, practice: float) -> tuple[float, float]:
    desk, nobody, often = confusion(conditions), np.zeros(1, dtype=np.int64), np.array([practice])
    return float(desk.chance(nobody, nobody, often)[0]), float(desk.pace(nobody, often)[0])


def test_somebody_new_is_confused_more_and_slower_unless_newness_is_none():
    new, practised = (chance_and_pace(Conditions(), practice) for practice in (0, 1000))
    assert new == pytest.approx((1.5 * practised[0], 1.6 * practised[1]))
    even = Conditions(newness=0)
    assert chance_and_pace(even, 0) == chance_and_pace(even, 1000)


def test_all_visits_confuse_at_the_base_rate_on_average():
    assert confusion(Conditions(base_rate=0.2)).rates.mean() == pytest.approx(0.2)


def opened_by_week(growth: float) -> np.ndarray:
    history = simulate(tickets=3000, seed=1, weeks=10, trouble=False, conditions=Conditions(growth=growth))
    opened = history.events.filter(kind="opened")["occurred_at"]
    return np.bincount((opened - opened.min()).dt.total_days().to_numpy() // 7)


def test_more_comes_in_every_week_by_the_growth():
    weeks = opened_by_week(0.2)
    assert weeks[-3:].sum() / weeks[:3].sum() == pytest.approx(2.6 / 1.2, rel=0.15)
    weeks = opened_by_week(0.0)
    assert weeks[-3:].sum() / weeks[:3].sum() == pytest.approx(1, rel=0.15)


def reopened(conditions: Conditions) -> int:
    history = simulate(tickets=1500, seed=1, weeks=4, conditions=conditions)
    return history.events.filter(kind="reopened").height


def test_confusion_has_no_consequences_where_it_is_told_to_have_none():
    often = Conditions(base_rate=0.5)
    assert reopened(often) > 1.15 * reopened(replace(often, consequences=0))


def test_those_who_click_through_take_seconds_and_show_nothing():
    conditions = Conditions(agents=12, click_share=0.5, base_rate=0.5)
    events = simulate(tickets=300, seed=1, weeks=2, conditions=conditions).events
    steps = events.filter(pl.col("run_id").is_not_null()).with_columns(
        is_clicked=(pl.col("agent_id") <= "agent-006").all().over("run_id"),
        is_honest=(pl.col("agent_id") > "agent-006").all().over("run_id"),
    )
    for kind, low, high in (("is_clicked", 1, 4), ("is_honest", 20, 120)):
        runs = steps.filter(kind).group_by("run_id")
        pace = runs.agg(
            seconds=(pl.col("occurred_at").max() - pl.col("occurred_at").min()).dt.total_milliseconds()
            / 1000,
            visits=(pl.col("kind") == "entered").sum(),
        )
        assert low < (pace["seconds"] / pace["visits"]).median() < high
    helped = steps.filter(kind="asked_help")
    assert share(helped["is_clicked"]) < 0.05 < share(helped["is_honest"])
