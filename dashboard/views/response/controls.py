"""What the page on response and resolution lets its reader choose: which time, on which clock, of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard.filters import dimension_choices, links, record_filters, widgets
from dashboard.filters.clicks import Thing
from dashboard.language import _, time_words
from dashboard.queries import manager_numbers, warehouse
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from metrics.tickets.response_times import Time, time

Row = Mapping[str, Any]
CALENDAR = ("hour", "weekday")


@dataclass(frozen=True)
class Selection:
    """What the reader looks at: a time, told by a dimension, of one `group` of it or of all (then empty)."""

    choice: Time
    by: str
    groups: pl.DataFrame
    scope: Scope
    group: str


def selection(snapshot: str | None, everything: Scope) -> Selection:
    """What the reader chose, in one row of boxes; in two on a phone."""
    with st.grid(4, min_column_width=150, gap="small"):
        choice = time_choice()
        by, rows = split(snapshot, everything, choice)
        scope, group = of_one(everything, by, rows)
    return Selection(choice, by, rows, scope, group)


def time_choice() -> Time:
    """First response or resolution, on every hour of the clock or in opening hours."""
    measures = {_("First response"): "first_response", _("Resolution"): "resolution"}
    measure = widgets.choice(_("Which time"), measures, key="time", width="stretch")
    clocks = {_("Every hour"): "calendar", _("Opening hours"): "business"}
    clock = widgets.choice(_("Counted in"), clocks, key="clock", width="stretch")
    return time("resolution" if measure == "resolution" else "first_response", _clock(clock))


def _clock(name: str) -> Any:
    return "business" if name == "business" else "calendar"


def split(snapshot: str | None, scope: Scope, choice: Time) -> tuple[str, pl.DataFrame]:
    """The dimension to tell the time by, and one row per group that may be shown.

    The rows: group, value, n, low, high of the median; `most` at nine of ten; `level` within target; the
    Kaplan-Meier median `km` with those `waiting`.
    """
    answered = choice.measure == "first_response"
    titles = {
        _("Channel"): "channel",
        _("Team"): "team",
        _("Hour it came in") if answered else _("Hour it was solved"): "hour",
        _("Day of the week it came in") if answered else _("Day of the week it was solved"): "weekday",
        _("Contact reason"): "reason",
        _("Priority"): "priority",
        **dimension_choices.further(snapshot),
    }
    offered = dimension_choices.with_values(snapshot, titles)
    by = widgets.choice(_("Split by"), offered, key="by", width="stretch")
    return by, groups(snapshot, scope, choice, by)


def groups(snapshot: str | None, scope: Scope, choice: Time, by: str) -> pl.DataFrame:
    """One row per group, as `split` says."""
    names = (choice.metric, f"{choice.metric}_p90", choice.level)
    measured = warehouse.measured(snapshot, names, (by,), scope).rename({by: "group"})
    rows = measured.filter(pl.col("metric") == names[0]).drop("metric")
    for column, name in (("most", names[1]), ("level", names[2])):
        other = measured.filter(pl.col("metric") == name).select("group", pl.col("value").alias(column))
        rows = rows.join(other, on="group", how="left", nulls_equal=True)
    if by in CALENDAR and choice.measure == "resolution":
        # These go by the solve, waits by the opening: one row must not speak of two different sets.
        rows = rows.with_columns(km=pl.lit(None, pl.Float64), waiting=pl.lit(None, pl.Int64))
    else:
        waits = manager_numbers.waiting_medians(snapshot, choice.metric, by, scope)
        waits = waits.select(group=by, km="value", waiting="waiting")
        rows = rows.join(waits, on="group", how="left", nulls_equal=True)
    in_order = "group" if by in CALENDAR else pl.col("value")
    return rows.filter(pl.col("n") > 0).sort(
        in_order, "group", descending=[by not in CALENDAR, False], nulls_last=True
    )


def of_one(scope: Scope, by: str, rows: pl.DataFrame) -> tuple[Scope, str]:
    """The scope held to the group that the reader chose, and what it is called; empty for all of them."""
    titles: dict[str, str | None] = {_("All together"): None}
    titles |= {
        dimension_choices.value_title(group, by): str(group) for group in rows["group"] if group is not None
    }
    group = widgets.choice(_("Group"), titles, key="of", width="stretch")
    if group is None:
        return scope, ""
    return record_filters.only(scope, {by: group}), dimension_choices.value_title(group, by)


def bands(snapshot: str | None, scope: Scope, choice: Time) -> pl.DataFrame:
    """One row per band of time: band, its lower end in minutes, and n."""
    measured = warehouse.measured(snapshot, (choice.metric,), (choice.band,), scope)
    return measured.select(band=choice.band, n="n")


def at_percentiles(snapshot: str | None, scope: Scope, choice: Time) -> tuple[Row, Row]:
    """The metric's row at half, and at nine of ten."""
    rows = warehouse.by_metric(snapshot, (choice.metric, f"{choice.metric}_p90"), scope)
    return rows[choice.metric], rows[f"{choice.metric}_p90"]


def to_band(banded: pl.DataFrame, choice: Time, clicked: Thing | None, by: str, group: str) -> None:
    """From a band of the histogram to its tickets, by a click on its bar or by choosing it."""
    rows = banded.filter(pl.col("n") > 0, pl.col("band").is_not_null()).sort("band")
    titles = {time_words.band(low): (low, n) for low, n in rows.select("band", "n").rows()}
    if not titles:
        return
    ends = {(f"{low}",): title for title, (low, _n) in titles.items()}
    if clicked in ends:
        st.query_params["took"] = ends[clicked]
    low, n = widgets.choice(_("The tickets that took"), titles, key="took")
    narrowed = {f"only_{choice.band}": time_words.band(low)} | _held(by, group)
    links.to_records(choice.metric, n, name=time_words.band(low), **narrowed)


def to_group(rows: pl.DataFrame, choice: Time, by: str, group: str) -> None:
    """To the tickets with this time, and to those that wait on, of what the reader looks at."""
    selected = rows
    if group:
        names = [dimension_choices.value_title(each, by) for each in rows["group"]]
        selected = rows.filter(pl.Series([name == group for name in names], dtype=pl.Boolean))
    with st.container(horizontal=True):
        n = int(selected["n"].sum())
        links.to_records(choice.metric, n, name=_(CATALOG[choice.metric].title), **_held(by, group))
        if choice.measure == "first_response":
            links.to_records(
                "unanswered", int(selected["waiting"].sum()), name=_("Waiting"), **_held(by, group)
            )
        else:
            links.to_records("backlog", int(selected["waiting"].sum()), name=_("Open"), **_held(by, group))


def _held(by: str, group: str) -> dict[str, str]:
    """What a link says of the group that is looked at."""
    if not group:
        return {}
    return {by if by == "reason" else f"{dimension_choices.FILTER_PREFIX}{by}": group}
