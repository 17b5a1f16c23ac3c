"""What truth.json says can be seen in the events, and nothing else can."""

from statistics import median
from typing import Any

import polars as pl
import pytest

from etl.simulator import Simulation
from tests.simulator.conftest import STEP, share


def rate(visits: pl.DataFrame, entry: dict[str, Any] | None = None) -> float:
    """Share of visits that look lost, of one step version or of all."""
    if entry is not None:
        visits = visits.filter(pl.col(name) == entry[name] for name in STEP)
    return share(visits["looks_lost"])


@pytest.fixture(scope="module")
def planted(history: Simulation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = history.truth["trouble"]
    return found


def of_type(planted: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found = [entry for entry in planted if entry["type"] == name]
    assert found
    return found


def test_process_trouble_confuses_everyone(
    planted: list[dict[str, Any]], troubled_visits: pl.DataFrame, calm_visits: pl.DataFrame
) -> None:
    for entry in of_type(planted, "process"):
        assert rate(troubled_visits, entry) > 1.8 * rate(calm_visits, entry)


def test_training_trouble_confuses_newcomers_alone(
    history: Simulation, planted: list[dict[str, Any]], troubled_visits: pl.DataFrame
) -> None:
    is_new = pl.col("agent_id").is_in(history.truth["newcomers"])
    steps = pl.DataFrame([{name: e[name] for name in STEP} for e in of_type(planted, "training")])
    there = troubled_visits.join(steps, on=STEP, how="semi")
    assert rate(there.filter(is_new)) > 2.5 * rate(there.filter(~is_new))
    assert rate(there.filter(~is_new)) < 1.4 * rate(troubled_visits.filter(~is_new))


def test_coaching_trouble_confuses_a_few_agents(
    planted: list[dict[str, Any]], troubled_visits: pl.DataFrame
) -> None:
    for entry in of_type(planted, "coaching"):
        assert 1 <= len(entry["agents"]) <= 5
        few = pl.col("agent_id").is_in(entry["agents"])
        assert rate(troubled_visits.filter(few), entry) > 2.5 * rate(troubled_visits.filter(~few), entry)


def test_a_version_repaired_one_step_and_another_broke_one(
    history: Simulation, troubled_visits: pl.DataFrame
) -> None:
    effects = history.truth["version_effects"]
    assert sorted(e["effect"] for e in effects) == ["improved", "worse"]
    for effect in effects:
        before, after = (rate(troubled_visits, effect | {"version": effect[side]}) for side in ("from", "to"))
        assert (after > 1.5 * before) if effect["effect"] == "worse" else (before > 1.5 * after)


def test_traps_look_like_any_other_step(history: Simulation, troubled_visits: pl.DataFrame) -> None:
    traps = history.truth["traps"]
    assert {trap["type"] for trap in traps} == {"long by nature", "loop by design", "rare step"}
    steps = pl.DataFrame([{name: trap[name] for name in STEP} for trap in traps])
    assert rate(troubled_visits.join(steps, on=STEP, how="semi")) < 1.3 * rate(troubled_visits)


def test_the_rare_step_is_rare(history: Simulation, troubled_visits: pl.DataFrame) -> None:
    rare = next(trap for trap in history.truth["traps"] if trap["type"] == "rare step")
    runs = troubled_visits.filter(pl.col("workflow") == rare["workflow"])
    there = runs.filter(pl.col("step") == rare["step"])
    assert 0 < there["run_id"].n_unique() < 0.012 * runs["run_id"].n_unique()


def test_without_trouble_nothing_is_planted(calm: Simulation, calm_visits: pl.DataFrame) -> None:
    assert calm.truth["trouble"] == calm.truth["version_effects"] == []
    by_step = (
        calm_visits.group_by(STEP).agg(n=pl.len(), rate=pl.col("looks_lost").mean()).filter(pl.col("n") > 300)
    )
    assert max(by_step["rate"]) < 2 * median(by_step["rate"])
