"""What pages ask for: the only functions that are cached, and the only place that knows the warehouse.

Keys are plain values (the snapshot, names, the scope): Streamlit hashes a frame by what it prints, so two
frames could share an entry. A new snapshot is a new key; the entries of an older one go with it.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import streamlit as st

from dashboard.queries.snapshots import SNAPSHOTS, damage_of
from dashboard.queries.weeks import full_weeks
from etl.errors import WarehouseDamaged
from etl.health import profile, run_checks
from etl.health.finding import Finding, Severity
from etl.messages import Message
from etl.settings.file import find_settings, read_settings
from metrics.catalog import metrics
from metrics.catalog.dimensions import CustomDimensions
from metrics.query import agents, ids, load_history, measure, records, run, small_groups
from metrics.query.measure import Cut
from metrics.query.records import Which
from metrics.query.scope import Scope
from metrics.refresh import facts
from metrics.settings.hotspot_rules import HotspotRules
from metrics.settings.model import Settings
from metrics.steps import hotspots

YEAR = 52 * 7
A_DAY = timedelta(days=1)


def folder() -> Path:
    """The warehouse that this server shows, which need not exist yet."""
    return Path(os.environ.get("STEPSIGHT_WAREHOUSE", "data/warehouse"))


def snapshot() -> str:
    """The key of the newest published snapshot, which is open from here on; there may be nothing in it."""
    return SNAPSHOTS.newest(folder())


def is_open(snapshot: str) -> bool:
    """Whether it is still the newest one; else its queries are stopped."""
    return SNAPSHOTS.is_open(snapshot)


def damage() -> WarehouseDamaged | None:
    """What is wrong with the newest snapshot, every value of which is read; None where nothing is."""
    return damage_of(folder())


def settings() -> Settings:
    """The settings as the file and the environment have them now."""
    path = os.environ.get("STEPSIGHT_SETTINGS")
    file = find_settings(Path(path) if path else None, [folder(), Path.cwd()])
    return _read(None if file is None else str(file), "" if file is None else str(file.stat().st_mtime_ns))


@st.cache_data(max_entries=2, show_spinner=False)
def _read(file: str | None, changed: str) -> Settings:  # noqa: ARG001 - another mtime is another file
    return read_settings(None if file is None else Path(file), Settings)


def is_lagging(snapshot: str | None) -> bool:
    """Whether the numbers were made with other settings than those of now, which a refresh applies."""
    # Whether opening hours are stated is part of them: what is not stated stays so.
    return _is_lagging(snapshot, settings().model_dump_json(exclude_unset=True))


@st.cache_data(max_entries=10, show_spinner=False)
def _is_lagging(snapshot: str | None, settings_now: str) -> bool:
    current = Settings.model_validate_json(settings_now)
    return facts.has_facts(cursor(snapshot)) and not facts.is_up_to_date(cursor(snapshot), current)


@st.cache_data(max_entries=10, show_spinner=False)
def is_of_this_version(snapshot: str | None) -> bool:
    """Whether the facts were made by this version of Stepsight, so that its queries fit them."""
    return facts.is_of_this_version(cursor(snapshot))


@st.cache_data(max_entries=200, show_spinner=False)
def small_group(snapshot: str | None, scope: Scope) -> small_groups.SmallGroup | None:
    """Why nothing is shown of a scope that is the work of too few agents; None where it is shown."""
    connection = cursor(snapshot)
    is_small = small_groups.is_small_group(connection, scope)
    return small_groups.small_group(connection) if is_small else None


@st.cache_data(max_entries=10, show_spinner=False)
def has_agents(snapshot: str | None) -> bool:
    """Whether any agent is recorded: without, small groups look like large ones."""
    return agents.desk_size(cursor(snapshot)) > 0


def cursor(snapshot: str | None) -> duckdb.DuckDBPyConnection:
    """A cursor of the open snapshot, for one call alone; a page whose snapshot was replaced runs anew."""
    connection = SNAPSHOTS.cursor(str(snapshot))
    if connection is None:
        st.rerun()
        raise LookupError(snapshot)  # nobody who asks is a page
    return connection


@st.cache_data(max_entries=1000, show_spinner=False)
def measured(snapshot: str | None, names: tuple[str, ...], by: tuple[str, ...], scope: Scope) -> pl.DataFrame:
    """One row per metric and group: metric, the dimensions of `by`, value, n, low, high."""
    return measure.measure(cursor(snapshot), names, by=by, scope=scope)


def ranked_steps(snapshot: str | None, scope: Scope) -> pl.DataFrame:
    """One row per step version, the most confusing first."""
    return _ranked_steps(snapshot, scope, settings().hotspots)


@st.cache_data(max_entries=200, show_spinner=False)
def _ranked_steps(snapshot: str | None, scope: Scope, rules: HotspotRules) -> pl.DataFrame:
    return hotspots.hotspots(cursor(snapshot), scope=scope, rules=rules)


def values_of(snapshot: str | None, dimensions: tuple[str, ...]) -> dict[str, list[str]]:
    """The values that filters by these dimensions may take."""
    return _values_of(snapshot, dimensions, settings().custom_dimensions)


@st.cache_data(max_entries=100, show_spinner=False)
def _values_of(
    snapshot: str | None, dimensions: tuple[str, ...], custom: CustomDimensions
) -> dict[str, list[str]]:
    return measure.dimension_values(cursor(snapshot), dimensions, custom)


def dimension_values(snapshot: str | None, dimension: str) -> list[str]:
    """The values a filter may take."""
    return values_of(snapshot, (dimension,))[dimension]


@st.cache_data(max_entries=20, show_spinner=False)
def data_range(snapshot: str | None, time_zone: str) -> tuple[date, date] | None:
    """The first and the last local day with events; None where there are none."""
    return measure.data_range(cursor(snapshot), time_zone=time_zone)


@st.cache_data(max_entries=20, show_spinner=False)
def weekly_volumes(snapshot: str | None) -> list[list[int]]:
    """Tickets with events, and openings, in each seven days, counted back from the newest day."""
    return profile.weekly_volumes(cursor(snapshot))


@st.cache_data(max_entries=20, show_spinner=False)
def newest_event(snapshot: str | None) -> datetime | None:
    """The instant up to which the data tells."""
    return run.warehouse_state(cursor(snapshot)).newest


@st.cache_data(max_entries=200, show_spinner=False)
def excluded_tickets(snapshot: str | None, scope: Scope) -> int:
    """How many merged, spam and deleted tickets the rates leave out."""
    return measure.excluded_tickets(cursor(snapshot), scope)


@st.cache_data(max_entries=200, show_spinner=False)
def records_behind(snapshot: str | None, metric: str, scope: Scope, which: Which) -> int:
    """How many tickets or visits stand behind a number."""
    return records.count(cursor(snapshot), metric, scope=scope, which=which)


@st.cache_data(max_entries=200, show_spinner=False)
def tickets(
    snapshot: str | None, metric: str, scope: Scope, which: Which, limit: int, offset: int
) -> pl.DataFrame:
    """One row per ticket behind a number, the newest first."""
    return records.tickets(cursor(snapshot), metric, scope=scope, which=which, limit=limit, offset=offset)


@st.cache_data(max_entries=200, show_spinner=False)
def visits(snapshot: str | None, scope: Scope, which: Which, limit: int, offset: int) -> pl.DataFrame:
    """One row per visit to a step, the newest first."""
    return records.visits(cursor(snapshot), scope=scope, which=which, limit=limit, offset=offset)


@st.cache_data(max_entries=50, show_spinner=False)
def ticket(snapshot: str | None, ticket_id: str) -> dict[str, Any]:
    """What is known of one ticket."""
    return records.ticket(cursor(snapshot), ticket_id)


@st.cache_data(max_entries=50, show_spinner=False)
def whole_ticket_id(snapshot: str | None, ticket: str) -> str:
    """The id of the ticket that is meant; as it stands where there is none."""
    if not ids.matching_tickets(cursor(snapshot), ticket):
        return ticket
    return ids.find_ticket(cursor(snapshot), ticket, prefers_exact=True)


@st.cache_data(max_entries=50, show_spinner=False)
def timeline(snapshot: str | None, ticket_id: str) -> pl.DataFrame:
    """One row per event of a ticket."""
    return records.timeline(cursor(snapshot), ticket_id)


@st.cache_data(max_entries=10, show_spinner=False)
def loads(snapshot: str | None) -> pl.DataFrame:
    """One row per load of a file, the newest first."""
    return load_history.loads(cursor(snapshot))


@st.cache_data(max_entries=10, show_spinner=False)
def rejected(snapshot: str | None) -> pl.DataFrame:
    """One row per rule and file whose rows broke it."""
    return load_history.rejected(cursor(snapshot))


@st.cache_data(max_entries=10, show_spinner=False)
def findings(snapshot: str | None) -> list[Finding]:
    """What the checks of the data found, the worst first."""
    return run_checks.findings(cursor(snapshot))


@st.cache_data(max_entries=50, show_spinner=False)
def suspicious_checks(snapshot: str | None, scope: Scope | None) -> list[Message]:
    """What the checks are called that found suspicious data among what the scope looks at, each once."""
    systems = dict(scope.where).get("source") if scope else None
    of_systems = tuple(f"{name}: " for name in systems or ())
    names = {
        finding.check: finding.title
        for finding in findings(snapshot)
        if finding.severity == Severity.SUSPICIOUS
        and (not systems or not finding.source or finding.source.startswith(of_systems))
    }
    return list(names.values())


def old_sources(snapshot: str | None, scope: Scope) -> list[tuple[str | None, datetime]]:
    """The sources of the scope whose newest event is more than a day ago, with its instant; oldest first."""
    systems = dict(scope.where).get("source", ())
    return [
        (source, newest)
        for source, newest in _source_clocks(snapshot)
        if datetime.now(UTC) - newest > A_DAY and (not systems or (source or "") in systems)
    ]


def source_clock(snapshot: str | None, source: str | None) -> datetime | None:
    """The instant at which the tickets of a source are looked at, that of its newest event."""
    return dict(_source_clocks(snapshot)).get(source) or newest_event(snapshot)


@st.cache_data(max_entries=20, show_spinner=False)
def _source_clocks(snapshot: str | None) -> list[tuple[str | None, datetime]]:
    return load_history.source_clocks(cursor(snapshot))


class MetricHistory(NamedTuple):
    """Some metrics over time: the row of each `now` and `before`, and its full `weeks`."""

    now: dict[str, dict[str, Any]]
    before: dict[str, dict[str, Any]]
    weeks: dict[str, pl.DataFrame]


@st.cache_data(max_entries=200, show_spinner=False)
def metric_history(snapshot: str | None, names: tuple[str, ...], scope: Scope) -> MetricHistory:
    """Each metric in the scope, in the period before where the data covers it, and by week of a year."""
    days, earlier = data_range(snapshot, scope.time_zone), scope_before(snapshot, scope)
    if days is None:
        return MetricHistory({}, {}, {name: pl.DataFrame() for name in names})
    last = min(scope.end or days[1], days[1])
    first = max(days[0], last - timedelta(days=YEAR))
    year = scope.model_copy(update={"start": first, "end": last})
    cuts = [Cut(("week",), year), Cut((), scope), *([Cut((), earlier)] if earlier else [])]
    weeks, *periods = measure.measured_in(cursor(snapshot), [metrics.metric(name) for name in names], cuts)
    now, before = ({row["metric"]: row for row in part.to_dicts()} for part in [*periods, pl.DataFrame()][:2])
    return MetricHistory(
        now,
        before,
        {name: full_weeks(weeks.filter(pl.col("metric") == name), first, last) for name in names},
    )


def by_metric(snapshot: str | None, names: tuple[str, ...], scope: Scope) -> dict[str, dict[str, Any]]:
    """Each metric's row over the whole scope."""
    return {row["metric"]: row for row in measured(snapshot, names, (), scope).iter_rows(named=True)}


def scope_before(snapshot: str | None, scope: Scope) -> Scope | None:
    """The period of equal length before; None where the data does not reach back over all of it."""
    days, before = data_range(snapshot, scope.time_zone), scope.previous()
    if days is None or before is None or before.start is None or before.start < days[0]:
        return None
    return None if small_group(snapshot, before) else before
