"""Runs keep to their definitions, but for the few who leave the path."""

import polars as pl
import pytest

from etl.simulator import Simulation
from tests.simulator.conftest import STEP, share


@pytest.fixture(scope="module")
def moves(history: Simulation, troubled_visits: pl.DataFrame) -> pl.DataFrame:
    """One row per move onward from a step to the next, and whether the definition allows it."""
    allowed = pl.DataFrame(
        [
            (definition["workflow"], definition["version"], step["id"], following)
            for definition in history.definitions
            for step in definition["steps"]
            for following in step["next"]
        ],
        schema=[*STEP, "to"],
        orient="row",
    ).with_columns(is_allowed=True)
    went = troubled_visits.sort("run_id", "visit").with_columns(to=pl.col("step").shift(-1).over("run_id"))
    went = went.filter(pl.col("to").is_not_null())
    return went.join(allowed, on=[*STEP, "to"], how="left").with_columns(
        pl.col("is_allowed").fill_null(value=False)
    )


def test_almost_every_move_onward_is_allowed(moves: pl.DataFrame) -> None:
    onward = moves.filter(~pl.col("went_back"))
    assert 0.995 < share(onward["is_allowed"]) < 1


def test_going_back_enters_the_step_gone_back_to(moves: pl.DataFrame) -> None:
    assert moves.filter(pl.col("went_back"), pl.col("to") != pl.col("back_to")).is_empty()


def test_a_run_starts_at_the_first_step(history: Simulation, troubled_visits: pl.DataFrame) -> None:
    first = {(d["workflow"], d["version"], d["steps"][0]["id"]) for d in history.definitions}
    assert set(troubled_visits.filter(pl.col("visit") == 1).select(STEP).rows()) <= first


def test_every_step_is_visited_sooner_or_later(history: Simulation, troubled_visits: pl.DataFrame) -> None:
    steps = {(d["workflow"], d["version"], s["id"]) for d in history.definitions for s in d["steps"]}
    assert set(troubled_visits.select(STEP).rows()) == steps


def test_some_who_went_back_gave_another_answer(troubled_visits: pl.DataFrame) -> None:
    returned = troubled_visits.filter(
        pl.col("returned_to"), pl.col("step") == pl.col("step_again"), pl.col("answer").is_not_null()
    )
    changed = returned.filter(pl.col("answer") != pl.col("answer_again"))
    assert 0.2 < changed.height / returned.height < 0.95


def test_the_new_version_takes_over_on_its_day(history: Simulation) -> None:
    for change in history.truth["version_effects"]:
        runs = history.events.filter(
            pl.col("kind") == "run_started", pl.col("workflow") == change["workflow"]
        )
        days = runs.group_by("version").agg(
            first=pl.col("occurred_at").min(), last=pl.col("occurred_at").max()
        )
        old, new = (
            days.row(by_predicate=pl.col("version") == change[side], named=True) for side in ("from", "to")
        )
        assert str(old["last"]) < change["released_at"] <= str(new["first"])
