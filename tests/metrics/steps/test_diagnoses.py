"""What `verdicts` says of the sample, and how."""

import polars as pl
import pytest

from commands.lines import step_lines
from dashboard.kit.steps.step_evidence import evidence
from metrics.steps.counts import KEY
from metrics.steps.diagnoses import verdicts
from metrics.steps.hotspots import hotspots
from tests.metrics.histories import warehouse


@pytest.fixture(scope="module")
def history(sample_desk):
    return sample_desk[0]


@pytest.fixture(scope="module")
def connection(sample_desk):
    return sample_desk[1]


@pytest.fixture(scope="module")
def found(connection) -> pl.DataFrame:
    return verdicts(connection, hourly_cost=30)


def test_the_trouble_of_the_sample_is_found_and_rightly_judged(history, found):
    planted = {tuple(entry[name] for name in KEY): entry["type"] for entry in history.truth["trouble"]}
    assert {row[:3]: row[3] for row in found.select(*KEY, "verdict").rows()} == planted


def test_it_says_what_to_do_and_why(found):
    lines = step_lines(found.filter(pl.col("verdict") == "training").head(1), 30, "EUR")
    assert lines[0].startswith("Look first at how newcomers learn it: ")
    assert "Newcomers with fewer than" in lines[1]
    assert "times as often as others" in lines[1]


def test_hotspots_come_first_and_each_kind_by_its_cost(found):
    assert found["found"].unique(maintain_order=True).to_list() == ["hotspot", "hidden trouble"]
    for kind in found.partition_by("found", maintain_order=True):
        assert kind["cost_hours_per_week"].is_sorted(descending=True)


def test_cost_has_its_interval_and_its_price(found):
    assert (found["cost_hours_per_week_low"] < found["cost_hours_per_week"]).all()
    assert (found["cost_hours_per_week"] < found["cost_hours_per_week_high"]).all()
    assert (found["cost_per_week"] / found["cost_hours_per_week"]).round(9).unique().to_list() == [30]


def test_no_agent_is_shown(history, found):
    agents = history.events["agent_id"].drop_nulls().unique()
    assert not any(agent in str(found.to_dicts()) for agent in agents)


def test_the_lines_name_step_cost_and_reason(found):
    lines = step_lines(found, 30, "EUR")
    assert len(lines) == 2 * found.height
    assert lines[0].startswith("Look at the step first: ")
    assert " EUR. " in lines[1]


def test_a_step_that_has_no_title_beside_its_id_is_named_once(found):
    row = found.head(1).with_columns(title=None, step=pl.lit("Select offer"))
    assert step_lines(row, None, "EUR")[0].count("Select offer") == 1
    named = found.head(1).with_columns(title=pl.lit("Select offer"), step=pl.lit("offer-1"))
    assert "offer-1)" in step_lines(named, None, "EUR")[0]


def test_no_finding_is_an_answer():
    nothing = verdicts(warehouse())
    assert nothing.height == 0
    assert step_lines(nothing, 30, "EUR") == [
        "No step confuses agents more than the rest. None is hard for newcomers or a few agents."
    ]


def test_what_is_not_known_is_not_said(connection):
    row = hotspots(connection).unnest("evidence").row(0, named=True)
    for name in ("agents_above_share", "newcomer_chance", "top_fifth_share", "icc"):
        row[name] = None
    (sentence,) = evidence(row | {"evidence": row})
    assert "are confused" in sentence


def test_the_same_data_gives_the_same_numbers(connection):
    one, two = (hotspots(connection) for _ in range(2))
    assert one.equals(two)
