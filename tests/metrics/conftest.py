"""What several subjects of metrics look at."""

from __future__ import annotations

import duckdb
import pytest

from etl.simulator.sample import sample
from etl.simulator.simulation import Simulation
from tests.evaluation.desks import warehouse_of


@pytest.fixture(scope="session")
def sample_desk() -> tuple[Simulation, duckdb.DuckDBPyConnection]:
    """The sample, and a warehouse of it that is only read."""
    history = sample()
    return history, warehouse_of(history)
