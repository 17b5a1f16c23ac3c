"""The desk behaves as desks do."""

from datetime import date
from statistics import median

import polars as pl
import pytest

from etl.simulator import Simulation
from tests.simulator.conftest import share


@pytest.fixture(scope="module")
def tickets(calm: Simulation) -> pl.DataFrame:
    """One row per ticket with what a service manager would look at first."""
    by_agent = (pl.col("kind") == "replied") & (pl.col("actor") == "agent")
    at = pl.col("occurred_at")
    return calm.events.group_by("ticket_id").agg(
        pl.col("channel", "customer_id", "reason").drop_nulls().first(),
        opened=at.filter(pl.col("kind") == "opened").first(),
        needed=at.filter(pl.col("kind").is_in(["opened", "handed_off"])).max(),
        replied=at.filter(by_agent).min(),
        solved=at.filter(pl.col("kind") == "solved").min(),
        reopened=(pl.col("kind") == "reopened").any(),
        score=pl.col("score").drop_nulls().last(),
    )


def test_live_channels_answer_in_minutes_and_mail_in_hours(tickets: pl.DataFrame) -> None:
    waited = tickets.with_columns(minutes=(pl.col("replied") - pl.col("needed")).dt.total_seconds() / 60)
    typical = dict(waited.group_by("channel").agg(pl.col("minutes").median()).rows())
    assert typical["phone"] < 3
    assert typical["chat"] < 6
    assert 8 < typical["whatsapp"] < 60
    assert 60 < typical["email"] < 24 * 60


def test_a_few_in_a_hundred_are_reopened(tickets: pl.DataFrame) -> None:
    assert 0.03 < share(tickets.filter(pl.col("solved").is_not_null())["reopened"]) < 0.1


def test_most_customers_are_pleased(tickets: pl.DataFrame) -> None:
    assert 0.75 < share(tickets["score"].drop_nulls() >= 4) < 0.92


def test_almost_all_tickets_are_solved_and_some_stay_open(tickets: pl.DataFrame) -> None:
    assert 0.9 < share(tickets["solved"].is_not_null()) < 0.99


def test_nights_and_sundays_are_thin(tickets: pl.DataFrame) -> None:
    local = tickets.with_columns(pl.col("opened").dt.convert_time_zone("Europe/Berlin"))
    night = local.filter(pl.col("opened").dt.hour().is_between(0, 5)).height
    sunday = local.filter(pl.col("opened").dt.weekday() == 7).height
    assert night / local.height < 0.05
    assert sunday / local.height < 0.1


def test_agents_rarely_work_at_night(calm: Simulation) -> None:
    local = calm.events.filter(pl.col("kind") == "run_started")["occurred_at"].dt.convert_time_zone(
        "Europe/Berlin"
    )
    assert share(local.dt.hour().is_between(0, 6)) < 0.01


def test_some_customers_come_back_about_the_same_within_a_week(tickets: pl.DataFrame) -> None:
    again = tickets.join(tickets, on=["customer_id", "reason"], suffix="_again")
    days = (pl.col("opened_again") - pl.col("solved")).dt.total_days()
    back = again.filter(pl.col("opened_again") > pl.col("solved"), days < 7)
    assert 0.03 < back["ticket_id"].n_unique() / tickets.height < 0.12


def test_newcomers_start_during_the_period_and_learn(calm: Simulation, calm_visits: pl.DataFrame) -> None:
    timed = calm_visits.sort("run_id", "visit").with_columns(
        stayed=(pl.col("entered_at").shift(-1) - pl.col("entered_at")).over("run_id").dt.total_milliseconds()
    )
    paced = timed.with_columns(pace=pl.col("stayed") / pl.col("stayed").median().over("workflow", "step"))
    newcomers = paced.filter(pl.col("agent_id").is_in(calm.truth["newcomers"])).sort("entered_at", "run_id")
    before = pl.int_range(pl.len()).over("agent_id", "workflow", "step")
    nth = newcomers.with_columns(visits_before=before)
    began = newcomers.group_by("agent_id").agg(pl.col("entered_at").min())
    assert (began["entered_at"].dt.date() > date(2026, 1, 11)).all()
    early = nth.filter(pl.col("visits_before") < 3)["pace"].drop_nulls()
    late = nth.filter(pl.col("visits_before") >= 12)["pace"].drop_nulls()
    assert median(early) > 1.12 * median(late)
