"""What pages ask about a number: what it means, why it is not known, and how a ticket comes to its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from dashboard.queries import warehouse
from etl.messages import Message
from metrics.explain import explain
from metrics.query.scope import Scope


@st.cache_data(max_entries=100, show_spinner=False)
def replayed(snapshot: str | None, metric: str, ticket_id: str) -> dict[str, Any]:
    """What each event of a ticket does to a number: `moments`, in the order of the timeline, and `value`.

    `left_out`: why there is no value.
    """
    replay = explain.replay(warehouse.cursor(snapshot), metric, ticket_id)
    return asdict(replay) | {"left_out": replay.left_out}


@st.cache_data(max_entries=200, show_spinner=False)
def explained(snapshot: str | None, metric: str, scope: Scope) -> dict[str, Any]:
    """What a number means, and what is left out of it."""
    return asdict(explain.explain(warehouse.cursor(snapshot), metric, scope=scope))


def reasons_not_known(
    snapshot: str | None, rows: Mapping[str, Mapping[str, Any]], scope: Scope
) -> dict[str, Message]:
    """By metric, why it has no value; only those of the rows that have none in any period."""
    reasons = {
        name: not_known_because(snapshot, name, scope) for name, row in rows.items() if row["value"] is None
    }
    return {name: because for name, because in reasons.items() if because is not None}


@st.cache_data(max_entries=200, show_spinner=False)
def not_known_because(snapshot: str | None, metric: str, scope: Scope) -> Message | None:
    """Why a metric has no value in the scope's filters, whatever the period; None where it has one."""
    return explain.not_known_because(warehouse.cursor(snapshot), metric, scope=scope)
