"""Service levels group by group, what lapses next, and every open ticket."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, words
from dashboard.views.service_level.open_ages import age_band
from metrics.catalog.metric import Metric

MEASURES = {"first_response": N_("First response"), "resolution": N_("Resolution")}


def level_table(rows: pl.DataFrame, *, metric: Metric, dimension: str) -> Table:
    """One row per group (group, attained, breached, pending, soon, value, low, high)."""
    columns = {
        "name": Column(_(dimension_choices.title(dimension)), pinned=True, width=180),
        "value": Column(_("Within target"), "share", _("Attained of attained and breached.")),
        "interval": Column(_("95% interval"), width=120),
        "attained": Column(_("Attained"), "count", _("Done within the target.")),
        "breached": Column(_("Breached"), "count", _("Done too late, or the time has run out.")),
        "pending": Column(_("Pending"), "count", _("Not done, and still time: in neither count.")),
        "paused": Column(_("Paused"), "count", _("Not done, and the time does not run: in neither count.")),
        "soon": Column(_("About to breach"), "count", _("Pending, and running out within the chosen time.")),
    }
    if not rows["paused"].sum():
        del columns["paused"]
    if rows["soon"].is_null().all():
        del columns["soon"]  # what lapses next is not told by every dimension
    return Table(
        title=_("Targets, group by group"),
        frame=rows.select(
            "attained",
            "breached",
            "pending",
            "paused",
            "soon",
            "value",
            name=texts(dimension_choices.value_title(group, dimension) for group in rows["group"]),
            interval=texts(
                words.interval(low, high, "share") or words.UNKNOWN
                for low, high in rows["low", "high"].rows()
            ),
        ),
        columns=columns,
        alt=_("How many targets each group attained, breached, and has pending"),
        definition=_(metric.definition),
    )


def breach_table(targets: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per target about to be breached, the next one first."""
    return Table(
        title=_("About to breach, the next one first"),
        frame=targets.select(
            "ticket_id",
            what=texts(_(MEASURES[measure]) for measure in targets["measure"]),
            due=texts(words.instant(at, time_zone) for at in targets["due_at"].to_list()),
            left=texts(words.minutes(minutes) for minutes in targets["remaining_minutes"]),
            on=texts(
                _("opening hours") if clock == "business" else _("every hour") for clock in targets["clock"]
            ),
            **{name: _labels(targets[name]) for name in ("channel", "priority", "team")},
        ),
        columns={
            "ticket_id": Column(_("Ticket"), "open", _("Opens the ticket."), width=130),
            "what": Column(_("Target"), width=120),
            "due": Column(_("Due at"), width=160),
            "left": Column(_("Left"), width=100, help=_("On the target's own clock.")),
            "on": Column(_("Counted in"), width=120),
            "channel": Column(_("Channel"), width=110),
            "priority": Column(_("Priority"), width=90),
            "team": Column(_("Team"), width=130),
        },
        alt=_("The targets that run out next, with the time left"),
        definition=_("Pending targets that run out within the chosen time after the newest event."),
    )


def open_table(tickets: pl.DataFrame, *, time_zone: str) -> Table:
    """One row per open ticket, the longest open first."""
    return Table(
        title=_("What is unresolved, the longest open first"),
        frame=tickets.select(
            "ticket_id",
            opened=texts(words.instant(at, time_zone) for at in tickets["opened_at"].to_list()),
            age=texts(words.minutes(minutes) for minutes in tickets["age_minutes"]),
            answered=texts(
                words.UNKNOWN if answered is None else _("yes") if answered else _("no")
                for answered in tickets["is_answered"]
            ),
            due=texts(
                words.instant(at, time_zone)
                if at
                else _("paused after {time}").format(time=words.minutes(used))
                if used is not None
                else words.UNKNOWN
                for at, used in tickets["due_at", "used_minutes"].rows()
            ),
            reopens=pl.col("reopens").cast(pl.Int64),
            **{name: _labels(tickets[name]) for name in ("channel", "reason", "priority", "team")},
        ),
        columns={
            "ticket_id": Column(_("Ticket"), "open", _("Opens the ticket."), width=130),
            "opened": Column(_("Opened"), width=150),
            "age": Column(_("Open for"), width=100),
            "answered": Column(_("Replied to"), width=95, help=_("Whether an agent has written.")),
            "due": Column(
                _("Next target"), width=150, help=_("When the next target that can still be met runs out.")
            ),
            "reason": Column(_("Reason"), width=180),
            "channel": Column(_("Channel"), width=100),
            "priority": Column(_("Priority"), width=85),
            "team": Column(_("Team"), width=120),
            "reopens": Column(_("Reopened"), "count"),
        },
        alt=_("Every open ticket with its age, the longest open first"),
        definition=_(
            "Tickets opened and not solved or closed, or reopened since, whenever they were opened."
        ),
    )


def age_table(ages: pl.DataFrame) -> Table:
    """One row per age band."""
    return Table(
        title=_("Open tickets by age"),
        frame=ages.select(
            "tickets",
            name=texts(age_band(low, high) for low, high in ages["from_days", "to_days"].rows()),
        ),
        columns={"name": Column(_("Age"), width=160), "tickets": Column(_("Open tickets"), "count")},
        alt=_("How many tickets are open for how long"),
    )


def _labels(values: pl.Series) -> pl.Series:
    return texts(words.label(value) for value in values)
