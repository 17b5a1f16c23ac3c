"""The committed sample: one simulated desk, small enough for the repository. Same seed, same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from etl.simulator.desks import definitions
from etl.simulator.simulation import Simulation, simulate
from etl.simulator.write import write, write_json

TICKETS, SEED, WEEKS, START = 14_000, 2026, 14, date(2026, 7, 27)
DATA = Path(__file__).parents[2] / "data"
SAMPLE = DATA / "sample"
WORKFLOWS = DATA / "workflows" / "contact-centre.json"


def sample() -> Simulation:
    """The history that the sample holds."""
    return simulate(tickets=TICKETS, seed=SEED, weeks=WEEKS, start=START)


if __name__ == "__main__":
    write(sample(), SAMPLE)
    write_json(definitions(), WORKFLOWS)
