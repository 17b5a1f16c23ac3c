"""What the pages of verdicts ask for: causes of confusion, versions, conformance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard.queries import step_numbers, warehouse
from dashboard.queries.weeks import full_weeks
from metrics.process import conformance
from metrics.query.scope import Scope
from metrics.releases import definition_changes, versions
from metrics.releases.release_days import release_days
from metrics.releases.summary import summary
from metrics.settings.version_rules import VersionRules
from metrics.steps import counts

HOLDERS = ("reason", "channel")


def causes_of(snapshot: str | None, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """The first three rows of each kind of cause; the scope holds one step version."""
    causes = step_numbers.causes_of(snapshot, scope) | {
        by: step_numbers.holders(snapshot, by, scope) for by in HOLDERS
    }
    return {kind: rows.head(3).to_dicts() for kind, rows in causes.items()}


def version_verdicts(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per new version, step in both versions and measure."""
    return _version_verdicts(snapshot, scope, warehouse.settings().versions.model_dump_json())


def verdicts_of(snapshot: str | None, scope: Scope, workflow: str, version: str) -> pl.DataFrame:
    """The same of one new version."""
    return version_verdicts(snapshot, scope).filter(workflow=workflow, version=version)


@st.cache_data(max_entries=20, show_spinner=False)
def _version_verdicts(snapshot: str | None, scope: Scope, rules: str) -> pl.DataFrame:
    version_rules = VersionRules.model_validate_json(rules)
    return versions.verdicts(warehouse.cursor(snapshot), scope=scope, rules=version_rules)


def version_summary(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per new version with its verdict in one word, the newest first."""
    rows = summary(version_verdicts(snapshot, scope))
    return rows.sort("released_on", "workflow", "version", descending=[True, False, True])


@st.cache_data(max_entries=20, show_spinner=False)
def visited(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per step version: its title, and how many visits it had."""
    return counts.visited(warehouse.cursor(snapshot), scope)


@st.cache_data(max_entries=50, show_spinner=False)
def definition_changed(snapshot: str | None, workflow: str, before: str, after: str) -> pl.DataFrame | None:
    """One row per change of a step's definition; None where either version has none."""
    cursor = warehouse.cursor(snapshot)
    if not all(definition_changes.is_defined(cursor, workflow, version) for version in (before, after)):
        return None
    return definition_changes.definition_changes(cursor, workflow, before, after)


def compliance(snapshot: str | None, scope: Scope) -> dict[str, pl.DataFrame]:
    """What runs kept to: by `versions`, `breaches` by step, `runs` with a breach, the newest first, `weeks`.

    `weeks`: one row per full week up to the scope's end, a year at most: the share of runs without a breach.
    """
    days = warehouse.data_range(snapshot, scope.time_zone)
    assert days is not None  # noqa: S101 - a page ends where nothing has been loaded
    last = min(scope.end or days[1], days[1])
    first = max(days[0], last - timedelta(days=warehouse.YEAR))
    began = min(scope.start or days[0], first)
    # The weeks are asked for and the scope's days are among them: both are told from one answer.
    outcomes = _conformance(snapshot, scope.model_copy(update={"start": began, "end": last}))
    now = outcomes.between(scope.start or days[0], last)
    order = ("occurred_at", "ticket_id", "run_id", "step")
    return {
        "versions": conformance.by_version(now),
        "breaches": conformance.by_step(now),
        "runs": conformance.one_by_one(now).sort(order, descending=[True, False, False, False]),
        "weeks": full_weeks(conformance.by_week(outcomes.between(first, last)), first, last),
    }


@st.cache_data(max_entries=20, show_spinner=False)
def _conformance(snapshot: str | None, scope: Scope) -> conformance.CheckedRuns:
    return conformance.check_runs(warehouse.cursor(snapshot), scope=scope)


def over_all_data(scope: Scope) -> Scope:
    """The scope's filters over all of the data: a release is compared with the weeks around it."""
    return scope.model_copy(update={"start": None, "end": None})


@st.cache_data(max_entries=20, show_spinner=False)
def version_starts(snapshot: str | None, time_zone: str) -> pl.DataFrame:
    """One row per workflow version that followed another: workflow, version, day."""
    return release_days(warehouse.cursor(snapshot), time_zone=time_zone)
