"""What the page of warning signs asks for, each period once, cached as in `dashboard.queries.warehouse`."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.queries import warehouse
from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings import signs as warning_signs
from metrics.warnings.signs import Counted


def limits() -> WarningLimits:
    """What is too much, as the settings have it now."""
    return warehouse.settings().warnings


def are_hours_set() -> bool:
    """Whether somebody has set opening hours: else nobody knows what is after hours."""
    return warehouse.settings().has_opening_hours


def counted(snapshot: str | None, scope: Scope) -> Counted:
    """What the signs of a period are read from."""
    return _counted(snapshot, scope, limits().model_dump_json(), hours=are_hours_set())


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(snapshot: str | None, scope: Scope, limits: str, *, hours: bool) -> Counted:
    warning_limits = WarningLimits.model_validate_json(limits)
    return warning_signs.counted(warehouse.cursor(snapshot), scope, warning_limits, are_hours_set=hours)


def signs(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per measure of a warning sign, now and in the period before."""
    before = warehouse.scope_before(snapshot, scope)
    earlier = None if before is None else counted(snapshot, before)
    return warning_signs.judged(counted(snapshot, scope), earlier, limits())


def is_anything_recorded(signs: pl.DataFrame) -> bool:
    """Whether any measure stands on anything that agents did."""
    return bool(signs["n"].sum())
