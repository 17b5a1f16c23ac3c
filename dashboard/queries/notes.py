"""What pages ask for of the notebook: saved views, and what happened on the days of a chart."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard.kit.chart import Chart
from dashboard.kit.marks import Mark, mark
from dashboard.kit.palette import Palette
from dashboard.language import _, words
from dashboard.notes import notebook
from dashboard.notes.notebook import Notebook
from dashboard.queries import warehouse
from etl.errors import StepsightError
from metrics.query.scope import Scope
from metrics.releases.release_days import release_days


@st.cache_data(max_entries=20, show_spinner=False)
def released(snapshot: str | None, time_zone: str) -> pl.DataFrame:
    """One row per workflow version that followed another: workflow, version, day."""
    return release_days(warehouse._opened(snapshot).cursor(), time_zone=time_zone)


def read() -> Notebook:
    """The notebook beside the warehouse; not cached, for another reader may have written.

    Raises:
        WarehouseDamaged: it cannot be understood.
    """
    return notebook.read(warehouse._folder())


def write(changed: Callable[[Notebook], Notebook]) -> None:
    """Change the notebook.

    Raises:
        StepsightError: as `notebook.change`.
    """
    notebook.change(warehouse._folder(), changed)


def marks(snapshot: str | None, scope: Scope) -> list[Mark]:
    """What happened, by day: annotations, and the first day of each new version of the scope's workflows.

    A notebook that cannot be read takes no chart away; the sidebar says what is wrong with it.
    """
    try:
        notes = read().annotations
    except StepsightError:
        notes = ()
    only = dict(scope.where).get("workflow")
    versions = [
        Mark(day, "version", _("{workflow} {version}", workflow=words.label(workflow), version=version))
        for workflow, version, day in released(snapshot, scope.time_zone).iter_rows()
        if not only or workflow in only
    ]
    written = [Mark(note.day, note.occasion, note.text) for note in notes]
    return sorted([*versions, *written], key=lambda each: (each.day, each.kind, each.text))


def annotated(chart: Chart, palette: Palette, *, workflow: str | None = None) -> Chart:
    """The chart, with what happened in its time if it has a time axis; versions of one workflow alone."""
    snapshot, scope = st.session_state.get("asked", (None, None))
    if scope is None or chart.days is None:
        return chart
    if workflow is not None:
        where = dict(scope.where) | {"workflow": (workflow,)}
        scope = scope.model_copy(update={"where": tuple(where.items())})
    return mark(chart, marks(snapshot, scope), palette=palette)
