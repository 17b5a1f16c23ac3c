"""All runs at once, visit by visit."""

from __future__ import annotations

import numpy as np

from etl.contract.events import Kind
from etl.simulator.agents import Agents
from etl.simulator.confusion import Confusion, Mode
from etl.simulator.flow import NOWHERE, Flow
from etl.simulator.log import Log
from etl.simulator.step_exit import leave
from etl.simulator.step_stay import stay
from etl.simulator.visit import FINISHED, RunResults, Runs, State, Visit

_RUN_ORDER = 100
_ORDERS_PER_VISIT = 20
_MOST_VISITS = 400


def simulate_runs(
    rng: np.random.Generator, runs: Runs, *, flow: Flow, confusion: Confusion, agents: Agents, log: Log
) -> RunResults:
    """Runs all workflows to their ends and logs every step event."""
    none = np.zeros(len(runs.ticket), dtype=np.int64)
    state = State(
        at=runs.start.copy(),
        place=runs.first.copy(),
        agent=runs.agent.copy(),
        before=none + NOWHERE,
        choice=none.copy(),
        right=none.copy(),
        task=none.copy(),
    )
    results = RunResults(
        end=state.at, outcome=none + FINISHED, agent=state.agent, confused=none.copy(), troubled=none.copy()
    )
    log.add(
        Kind.RUN_STARTED,
        ticket=runs.ticket,
        at=runs.start,
        order=_RUN_ORDER,
        agent=runs.agent,
        run=runs.number,
        place=runs.first,
    )
    active = np.arange(len(runs.ticket))
    for turn in range(1, _MOST_VISITS):
        if not len(active):
            break
        order = _RUN_ORDER + _ORDERS_PER_VISIT * turn
        visit = Visit(rng, active, runs, state, flow, confusion, agents, log, order)
        mode, at = stay(visit)
        confused = mode > Mode.CLEAR
        results.confused[active] += confused
        results.troubled[active] += confused & (confusion.planted[visit.agent, visit.place] > 0)
        active = active[leave(visit, mode, at, results)]
    return results
