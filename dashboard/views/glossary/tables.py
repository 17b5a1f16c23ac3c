"""Every term with its meaning, and what is left out of a number and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dashboard.kit.steps.step_signs import sign_title
from dashboard.kit.tables.table import Column, Table
from dashboard.language import N_, _
from dashboard.language.messages import say
from etl.messages import message_of
from metrics.catalog.metric import Metric
from metrics.catalog.signs import SIGNS

BETTER = {"lower": N_("lower"), "higher": N_("higher"), None: N_("neither")}
UNITS = {"minutes": N_("minutes"), "share": N_("share"), "count": N_("count")}
STRENGTHS = {"strong": N_("strong"), "weak": N_("weak")}


def exclusion_table(exclusions: Iterable[Mapping[str, Any]], metric: Metric) -> Table:
    """One row per reason why something is not in the number."""
    return Table(
        title=_("What is left out of it, in all data"),
        frame=pl.DataFrame(
            [{"because": say(message_of(each["because"])), "n": each["n"]} for each in exclusions],
            schema={"because": pl.String, "n": pl.Int64},
        ),
        columns={"because": Column(_("Left out because"), width=520), "n": Column(_("How many"), "count")},
        alt=_("Why some are not in “{number}”, and how many", number=_(metric.title)),
        definition=_(metric.definition),
    )


def term_table(metrics: Iterable[Metric]) -> Table:
    """One row per metric, in the catalog's order."""
    rows = [
        {
            "title": _(metric.title),
            "question": _(metric.question),
            "unit": _(UNITS[metric.unit]),
            "better": _(BETTER[metric.better]),
            "definition": _(metric.definition),
        }
        for metric in metrics
    ]
    columns = {
        "title": Column(_("Term"), width=230),
        "question": Column(_("Question"), width=330),
        "unit": Column(_("Unit"), width=80),
        "better": Column(_("Better"), width=80),
        "definition": Column(_("Definition"), width=900),
    }
    return Table(
        _("All terms"), pl.DataFrame(rows), columns, _("Every number with its question and definition")
    )


def sign_table() -> Table:
    """One row per sign of confusion."""
    rows = [
        {
            "sign": sign_title(sign.name),
            "strength": _(STRENGTHS[sign.strength]),
            "condition": _(sign.sentence),
        }
        for sign in SIGNS
    ]
    columns = {
        "sign": Column(_("Sign"), width=170),
        "strength": Column(_("Strength"), width=90),
        "condition": Column(_("A visit shows it when"), width=640),
    }
    return Table(
        _("The signs of confusion"),
        pl.DataFrame(rows),
        columns,
        _("Every sign of confusion and when a visit shows it"),
        definition=_("One strong sign, or two different weak ones, and a visit is confused."),
    )
