"""The tickets or visits behind a number, and the events of one ticket, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from dashboard import words
from dashboard.tables.table import Column, Table
from metrics.catalog import Metric
from metrics.signs import SIGNS

OPEN = Column("Ticket", "open", "Opens the ticket.", width=130)
HIT = {1.0: "yes", 0.0: "no"}
_MEANING = {sign.name: sign.sentence for sign in SIGNS}


def ticket_table(tickets: pl.DataFrame, *, metric: Metric, time_zone: str) -> Table:
    """One row per ticket behind a metric, in the order given."""
    columns = {"ticket_id": OPEN, "counted_at": Column("Counted at", help=_dated(metric), width=150)}
    if metric.kind != "count":
        columns["said"] = Column(
            "Counts towards it" if metric.unit == "share" else metric.title, help=metric.question, width=150
        )
    columns |= {
        "reason": Column("Reason", width=190),
        "channel": Column("Channel", width=90),
        "team": Column("Team", width=130),
        "priority": Column("Priority", width=80),
        "state": Column("Now", width=80),
    }
    return Table(
        title=f"Tickets behind {metric.title}",
        frame=tickets.select(
            "ticket_id",
            *(_labelled(name) for name in ("reason", "channel", "team", "priority")),
            counted_at=_instants(tickets["counted_at"], time_zone),
            said=_texts(
                HIT.get(value, words.UNKNOWN) if metric.unit == "share" else words.value(value, metric.unit)
                for value in tickets["value"]
            ),
            state=pl.when("is_open").then(pl.lit("open")).otherwise(pl.lit("solved")),
        ),
        columns=columns,
        alt=f"The tickets behind {metric.title}, the newest first",
        definition=metric.definition,
    )


def visit_table(visits: pl.DataFrame, *, metric: Metric, time_zone: str) -> Table:
    """One row per visit to a step, in the order given."""
    return Table(
        title="Visits behind Confusion rate",
        frame=visits.select(
            "ticket_id",
            _labelled("team"),
            entered_at=_instants(visits["entered_at"], time_zone),
            name=_texts(words.label(title or step) for title, step in visits["title", "step"].rows()),
            where=_texts(
                f"{words.label(workflow)} {words.label(version, 12)}"
                for workflow, version in visits["workflow", "version"].rows()
            ),
            stayed=_texts(words.minutes(minutes) for minutes in visits["minutes"]),
            confused=pl.when("is_confused").then(pl.lit("yes")).otherwise(pl.lit("no")),
            shown=_texts(signs_said(names) or words.UNKNOWN for names in visits["signs"].to_list()),
        ),
        columns={
            "ticket_id": OPEN,
            "entered_at": Column("Entered", width=150),
            "name": Column("Step", width=200),
            "where": Column("Workflow, version", width=180),
            "confused": Column("Confused", width=85, help="One strong sign, or two different weak ones."),
            "shown": Column("Signs", width=260),
            "stayed": Column("Stayed", width=80, help="Without pauses."),
            "team": Column("Team", width=130),
        },
        alt="The visits to steps, the newest first, with the signs of confusion they show",
        definition=metric.definition,
    )


def signs_said(names: Sequence[str] | None) -> str:
    """Signs as a reader says them."""
    return ", ".join(name.replace("_", " ") for name in names or [])


def _dated(metric: Metric) -> str:
    return f"The instant by which a ticket falls into a period ({metric.date.replace('_', ' ')})."


def _labelled(name: str) -> pl.Expr:
    return pl.col(name).map_elements(words.label, return_dtype=pl.String, skip_nulls=False)


def _instants(instants: pl.Series, time_zone: str) -> pl.Series:
    values: list[datetime | None] = instants.to_list()
    return _texts(words.instant(value, time_zone) for value in values)


def _texts(values: object) -> pl.Series:
    return pl.Series(list(values), dtype=pl.String)  # type: ignore[call-overload]
