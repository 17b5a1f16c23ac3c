"""A small share of `make evaluate`, so that nobody makes the detection worse without noticing."""

import polars as pl
import pytest

from tests.evaluation import other_desks
from tests.evaluation.desks import measured
from tests.evaluation.scoring import RANKINGS, found_by_ranking, scores
from tests.lengths import LONG

SEEDS = (101, 102, 103) if LONG else (101,)


@pytest.mark.long
def test_planted_trouble_is_found_and_named():
    steps = pl.concat([measured(tickets=20_000, seed=seed) for seed in SEEDS])
    found = scores(steps)
    assert found["process precision"].value >= 0.95
    assert found["process recall"].value >= 0.95
    assert found["people precision"].value >= 0.9
    assert found["people recall"].value >= 0.8
    assert found["verdict right"].value >= 0.9
    assert found_by_ranking(steps, RANKINGS["mean dwell"]).value < 0.5


def test_no_hotspot_is_an_answer():
    steps = pl.concat([measured(tickets=8_000, seed=seed, trouble=False) for seed in SEEDS])
    assert steps.filter(pl.col("hotspot") | pl.col("hidden")).height <= 1


def test_it_holds_for_another_simulator():
    found = scores(other_desks.measured(other_desks.BUSY, range(100, 106 if LONG else 103)))
    assert found["process precision"].value >= 0.9
    assert found["process recall"].value >= 0.95
    assert found["people precision"].value >= 0.9
    assert found["people recall"].value >= 0.8
    assert found["verdict right"].value >= 0.9
    calm = scores(other_desks.measured(other_desks.CALM, range(100, 120)))
    assert calm["desks with a false hotspot"].hits <= 2
    assert calm["desks with false hidden trouble"].hits <= 2
