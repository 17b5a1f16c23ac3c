"""One troubled history, one without trouble, and the visits in them."""

import polars as pl
import pytest

from etl.simulator import Simulation, simulate

STEP = ["workflow", "version", "step"]


def share(is_so: pl.Series) -> float:
    return int(is_so.sum()) / len(is_so)


@pytest.fixture(scope="session")
def history() -> Simulation:
    return simulate(tickets=9_000, seed=3, weeks=10)


@pytest.fixture(scope="session")
def calm() -> Simulation:
    return simulate(tickets=9_000, seed=3, weeks=10, trouble=False)


def visits(history: Simulation) -> pl.DataFrame:
    """One row per visit, with `looks_lost`: a blunt sign of trouble that owes nothing to the metrics."""
    steps = history.events.filter(pl.col("run_id").is_not_null())
    steps = steps.with_columns(
        visit=(pl.col("kind") == "entered").cum_sum().over("run_id", order_by="event_id")
    )
    found = (
        steps.filter(pl.col("visit") > 0)
        .group_by("run_id", "visit", *STEP)
        .agg(
            pl.col("agent_id").first(),
            entered_at=pl.col("occurred_at").min(),
            helped=(pl.col("kind") == "asked_help").any(),
            refused=(pl.col("kind") == "input_rejected").sum(),
            searches=(pl.col("kind") == "searched").sum(),
            empty_searches=((pl.col("kind") == "searched") & (pl.col("hits") == 0)).sum(),
            went_back=(pl.col("kind") == "went_back").any(),
            back_to=pl.col("value").filter(pl.col("kind") == "went_back").first(),
            answer=pl.col("value").filter(pl.col("kind") == "answered").last(),
        )
    )
    later = found.sort("run_id", "visit").with_columns(
        returned_to=(pl.col("back_to").shift(-1) == pl.col("step")).over("run_id").fill_null(value=False),
        step_again=pl.col("step").shift(-2).over("run_id"),
        answer_again=pl.col("answer").shift(-2).over("run_id"),
    )
    lost = (
        pl.col("helped")
        | (pl.col("refused") > 1)
        | (pl.col("searches") > 1)
        | (pl.col("empty_searches") > 0)
        | (pl.col("returned_to") & (pl.col("answer") != pl.col("answer_again")).fill_null(value=False))
    )
    return later.with_columns(looks_lost=lost)


@pytest.fixture(scope="session")
def troubled_visits(history: Simulation) -> pl.DataFrame:
    return visits(history)


@pytest.fixture(scope="session")
def calm_visits(calm: Simulation) -> pl.DataFrame:
    return visits(calm)
