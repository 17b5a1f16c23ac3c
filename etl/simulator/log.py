"""The growing log of events as columns of numbers; names come in at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from etl.contract.events import Actor, Kind
from etl.simulator.arrays import Bools, Floats, Ints

NONE = -1
KINDS = list(Kind)
ACTORS = list(Actor)
_COLUMNS = ("ticket", "at", "order", "kind", "actor", "agent", "run", "place", "value", "hits", "score")


@dataclass
class Log:
    """Events not yet sorted. `order` puts events of a ticket at the same instant in their order."""

    _parts: dict[str, list[Ints]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})

    def add(
        self,
        kind: Kind,
        where: Bools | None = None,
        *,
        ticket: Ints,
        at: Ints,
        order: int,
        **columns: Ints | int,
    ) -> None:
        """One event of this kind for each ticket, or for each of those `where` says."""
        keep = slice(None) if where is None else where
        tickets = ticket[keep]
        columns = {
            "ticket": ticket,
            "at": at,
            "order": order,
            "kind": KINDS.index(kind),
            "actor": NONE,
            **columns,
        }
        for name in _COLUMNS:
            value = columns.get(name, NONE)
            column = (
                value[keep] if isinstance(value, np.ndarray) else np.full(len(tickets), value, dtype=np.int64)
            )
            self._parts[name].append(column)

    def columns(self) -> dict[str, Ints]:
        """All events so far."""
        return {
            name: np.concatenate(parts) if parts else np.zeros(0, np.int64)
            for name, parts in self._parts.items()
        }


def uniform(rng: np.random.Generator, low: float, high: float, size: int) -> Floats:
    """Even chances between two limits."""
    return low + (high - low) * rng.random(size)
