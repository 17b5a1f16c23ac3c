"""The notebook beside the warehouse."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.notes import notebook
from dashboard.notes.notebook import Notebook
from dashboard.queries import warehouse


def read() -> Notebook:
    """The notebook beside the warehouse; not cached, for another reader may have written.

    Raises:
        WarehouseDamaged: it cannot be understood.
    """
    return notebook.read(warehouse.folder())


def write(changed: Callable[[Notebook], Notebook]) -> None:
    """Change the notebook.

    Raises:
        StepsightError: as `notebook.change`.
    """
    notebook.change(warehouse.folder(), changed)
