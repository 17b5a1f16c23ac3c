"""The tickets or visits behind a number, and the events of one ticket, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.steps.step_signs import sign_title
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, words
from metrics.catalog.metrics import Metric

HIT = {1.0: N_("yes"), 0.0: N_("no")}


def ticket_table(tickets: pl.DataFrame, *, metric: Metric, time_zone: str) -> Table:
    """One row per ticket behind a metric, in the order given."""
    title = _(metric.title)
    columns = {
        "ticket_id": _open(),
        "counted_at": Column(_("Counted on"), help=_(metric.date.help), width=150),
    }
    if metric.kind != "count":
        columns["label"] = Column(
            _("Counts towards it") if metric.unit == "share" else title, help=_(metric.question), width=150
        )
    own = {
        name: Column(title, width=120)
        for title, name in dimension_choices.of_settings().items()
        if name in tickets.columns
    }
    columns |= {
        "reason": Column(_("Reason"), width=190),
        "channel": Column(_("Channel"), width=90),
        "team": Column(_("Team"), width=130),
        "priority": Column(_("Priority"), width=80),
        **own,
        "state": Column(_("State"), width=80, help=_("At the newest event of the data.")),
    }
    return Table(
        title=_("Tickets behind {number}", number=title),
        frame=tickets.select(
            "ticket_id",
            *(_labelled(tickets[name]) for name in ("reason", "channel", "team", "priority", *own)),
            counted_at=_instants(tickets["counted_at"], time_zone),
            label=texts(
                _(HIT.get(value, words.UNKNOWN))
                if metric.unit == "share"
                else words.value(value, metric.unit)
                for value in tickets["value"]
            ),
            state=pl.when("is_open").then(pl.lit(_("open"))).otherwise(pl.lit(_("solved"))),
        ),
        columns=columns,
        alt=_("The tickets behind “{number}”, the newest first", number=title),
        definition=_(metric.definition),
    )


def visit_table(visits: pl.DataFrame, *, metric: Metric, time_zone: str) -> Table:
    """One row per visit to a step, in the order given."""
    return Table(
        title=_("Visits behind {number}", number=_(metric.title)),
        frame=visits.select(
            "run_id",
            _labelled(visits["ticket_id"]),
            _labelled(visits["team"]),
            entered_at=_instants(visits["entered_at"], time_zone),
            name=texts(words.label(title or step) for title, step in visits["title", "step"].rows()),
            where=texts(
                f"{words.label(workflow)} {words.label(version, 12)}"
                for workflow, version in visits["workflow", "version"].rows()
            ),
            stayed=texts(words.minutes(minutes) for minutes in visits["minutes"]),
            confused=pl.when("is_confused").then(pl.lit(_("yes"))).otherwise(pl.lit(_("no"))),
            sign_names=texts(sign_names(names) or words.UNKNOWN for names in visits["signs"].to_list()),
        ),
        columns={
            "run_id": Column(_("Run"), "open", _("Opens the run, which leads to its ticket."), width=130),
            "entered_at": Column(_("Entered"), width=150),
            "name": Column(_("Step"), width=200),
            "where": Column(_("Workflow, version"), width=180),
            "confused": Column(
                _("Confused"), width=85, help=_("One strong sign, or two different weak ones.")
            ),
            "sign_names": Column(_("Signs"), width=260),
            "stayed": Column(_("Stayed"), width=80, help=_("Without pauses.")),
            "team": Column(_("Team"), width=130),
            "ticket_id": Column(_("Ticket"), width=130),
        },
        alt=_("The visits to steps, the newest first, with the signs of confusion they show"),
        definition=_(metric.definition),
    )


def sign_names(names: Sequence[str] | None) -> str:
    """Signs as a reader says them."""
    return ", ".join(sign_title(name) for name in names or [])


def _open() -> Column:
    return Column(_("Ticket"), "open", _("Opens the ticket."), width=130)


def _labelled(names: pl.Series) -> pl.Series:
    return texts(words.label(name) for name in names).alias(names.name)


def _instants(instants: pl.Series, time_zone: str) -> pl.Series:
    values: list[datetime | None] = instants.to_list()
    return texts(words.instant(value, time_zone) for value in values)


def run_links(visits: pl.DataFrame, *, time_zone: str, guided: bool = True) -> Table:
    """One row per visit, in the order given, that opens its run; not `guided`: of states, without signs."""
    columns = {
        "run_id": Column(_("Run"), "open", _("Opens the run."), width=130),
        "entered": Column(_("Entered"), width=150),
        "sign_names": Column(_("Signs"), width=260),
        "stayed": Column(_("Stayed"), width=80, help=_("Without pauses.")),
        "ticket": Column(_("Ticket"), width=120),
        "team": Column(_("Team"), width=130),
    }
    return Table(
        title=_("Confused visits, the newest first") if guided else _("Visits, the newest first"),
        frame=visits.select(
            run_id="run_id",
            entered=texts(words.instant(at, time_zone) for at in visits["entered_at"].to_list()),
            sign_names=texts(sign_names(names) or words.UNKNOWN for names in visits["signs"].to_list()),
            stayed=texts(words.minutes(minutes) for minutes in visits["minutes"]),
            ticket=texts(words.label(ticket) for ticket in visits["ticket_id"]),
            team=texts(words.label(team) for team in visits["team"]),
        ),
        columns={name: column for name, column in columns.items() if guided or name != "sign_names"},
        alt=_("Confused visits to this step, the newest first, each leading to its run")
        if guided
        else _("Visits to this state, the newest first, each leading to its run"),
    )
