"""A believable contact centre with planted trouble, for the sample, for trying things out and for proof.

It shares no code and no number with the detection in `metrics`.
"""

from etl.simulator.conditions import Conditions
from etl.simulator.simulation import Simulation, simulate
from etl.simulator.write import write

__all__ = ["Conditions", "Simulation", "simulate", "write"]
