"""The two made-up desks side by side: the simulator and the desk of queues, loaded the same way.

Neither knows of the other, nor of what looks for confusion; this is the one place that knows both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from etl.contract.events import STORED
from etl.simulator import Conditions, simulate
from metrics.refresh.facts import refresh
from tests.evaluation import queue_desk
from tests.evaluation.desks import warehouse_of
from tests.evaluation.queue_desk import QueueDesk, Step
from tests.metrics.histories import Definitions, add, empty_warehouse

SIMULATOR, QUEUES = "simulator", "queues"
GENERATORS = (SIMULATOR, QUEUES)

CALM = Conditions(newness=0, growth=0, consequences=0, base_rate=0.1)
"""A simulated desk on which nothing differs by step, by practice, by time or by how tickets end."""


def simulated(
    seed: int, conditions: Conditions = CALM, *, tickets: int = 10_000
) -> duckdb.DuckDBPyConnection:
    """A warehouse of the simulator's events over twelve weeks, without planted trouble."""
    return warehouse_of(simulate(tickets=tickets, seed=seed, weeks=12, trouble=False, conditions=conditions))


def queues(
    seed: int, desk: QueueDesk | None = None, *, definitions: Definitions = ()
) -> duckdb.DuckDBPyConnection:
    """A warehouse of the events of the desk of queues, without definitions where none are passed."""
    return loaded(queue_desk.simulate(desk or QueueDesk(), seed), definitions)


def loaded(rows: Sequence[Mapping[str, Any]], definitions: Definitions = ()) -> duckdb.DuckDBPyConnection:
    """A warehouse of plain rows."""
    columns = {name: [row.get(name) for row in rows] for name in STORED}
    connection = empty_warehouse()
    add(connection, pl.DataFrame(columns, schema=STORED), definitions)
    refresh(connection)
    return connection


def step_key(step: Step) -> dict[str, str]:
    """What a step of the desk of queues is called."""
    return {"workflow": f"w{step[0]}", "version": "1", "step": f"s{step[1]}"}
