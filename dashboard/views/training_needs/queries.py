"""What trainers ask for: what practice does, cached as in `dashboard.queries.warehouse`."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.kit.steps.step_evidence import logs_of_states
from dashboard.queries import warehouse
from metrics.query import records
from metrics.query.records import Which
from metrics.query.scope import Scope
from metrics.training import learning, learning_curve
from metrics.training.learning import TrainingNeeds
from metrics.training.learning_curve import By, Of


@st.cache_data(max_entries=100, show_spinner=False)
def training_needs(snapshot: str | None, scope: Scope) -> TrainingNeeds:
    """Every step version with what practice does for it, and its confusion by band of practice."""
    cursor = warehouse.cursor(snapshot)
    return learning.training_needs(cursor, warehouse.ranked_steps(snapshot, scope), scope=scope)


def states_note(snapshot: str | None, scope: Scope) -> str:
    """What is said of the workflows that are logs of states, which the page leaves out; nothing of none."""
    return " ".join(logs_of_states(warehouse.ranked_steps(snapshot, scope)))


@st.cache_data(max_entries=200, show_spinner=False)
def curve(snapshot: str | None, scope: Scope, by: By, of: Of) -> pl.DataFrame:
    """One row per band of experience at the step that the scope holds."""
    return learning_curve.learning_curve(warehouse.cursor(snapshot), by=by, of=of, scope=scope)


@st.cache_data(max_entries=100, show_spinner=False)
def visits_of_band(
    snapshot: str | None, scope: Scope, practice: int, which: Which, limit: int, offset: int
) -> pl.DataFrame:
    """One row per visit of agents with so much practice, the newest first.

    Only for bands that `training_needs` shows for the same scope: others are of too few agents.
    """
    cursor = warehouse.cursor(snapshot)
    return records.visits(cursor, scope=scope, which=which, practice=practice, limit=limit, offset=offset)
