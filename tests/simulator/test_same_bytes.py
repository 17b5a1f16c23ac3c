"""The same seed gives the same bytes."""

import json
from pathlib import Path

import pytest

from etl.contract.workflows import read_definitions
from etl.simulator import Simulation, simulate, write
from etl.simulator.desks import definitions
from etl.simulator.sample import SAMPLE, WORKFLOWS, sample

FILES = ("events.parquet", "workflows.json", "truth.json")


def contents(simulation: Simulation, folder: Path) -> list[bytes]:
    write(simulation, folder)
    return [(folder / name).read_bytes() for name in FILES]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (simulate(tickets=300, seed=5, weeks=3) for _ in range(2))
    assert contents(one, tmp_path / "one") == contents(other, tmp_path / "other")


def test_another_seed_gives_other_events(tmp_path: Path) -> None:
    one, other = (simulate(tickets=300, seed=seed, weeks=3) for seed in (5, 6))
    assert contents(one, tmp_path / "one")[0] != contents(other, tmp_path / "other")[0]


def test_the_committed_sample_comes_from_its_seed(tmp_path: Path) -> None:
    assert contents(sample(), tmp_path) == [(SAMPLE / name).read_bytes() for name in FILES]


def test_the_sample_is_small() -> None:
    assert sum((SAMPLE / name).stat().st_size for name in FILES) < 2 * 1024 * 1024


def test_the_committed_definitions_are_the_ones_simulated() -> None:
    assert json.loads(WORKFLOWS.read_text(encoding="utf-8")) == definitions()


def test_the_definitions_do_not_contradict_themselves() -> None:
    assert len(read_definitions(WORKFLOWS)) == len(definitions())


@pytest.mark.parametrize(("tickets", "weeks"), [(1, 1), (20, 1), (50, 30)])
def test_a_tiny_desk_works_too(tickets: int, weeks: int) -> None:
    assert simulate(tickets=tickets, seed=1, weeks=weeks).events["ticket_id"].n_unique() <= tickets
