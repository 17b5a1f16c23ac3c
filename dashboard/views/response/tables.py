"""How long each group waits: half, nine of ten, with those still waiting, and within target."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words
from metrics.catalog.metric import Metric


def waiting_table(rows: pl.DataFrame, *, metric: Metric, dimension: str) -> Table:
    """One row per group of `rows` (group, value, n, low, high, most, level, km, waiting), in its order."""
    texts_by_column = {
        "half": [words.minutes(value) for value in rows["value"]],
        "interval": [
            words.interval(low, high, "minutes") or words.UNKNOWN for low, high in rows["low", "high"].rows()
        ],
        "nine": [words.minutes(value) for value in rows["most"]],
        "all": [words.minutes(value) for value in rows["km"]],
    }
    columns = {
        "name": Column(_(dimension_choices.title(dimension)), pinned=True, width=180),
        "n": Column(_("Tickets (n)"), "count", _("With this time in the period.")),
        "half": Column(_("Median"), help=_("The median."), width=110),
        "interval": Column(_("95% interval"), width=170),
        "nine": Column(_("90% within"), width=110),
        "all": Column(
            _("Incl. still waiting"),
            help=_("The median that includes those still waiting, with their wait so far (Kaplan–Meier)."),
            width=140,
        ),
        "waiting": Column(_("Still waiting"), "count", _("Opened in the period and not over yet.")),
        "level": Column(
            _("Within target"), "share", _("Of those with a target; see the page Service level.")
        ),
    }
    for column, source in (("level", "level"), ("all", "km"), ("waiting", "waiting")):
        if rows[source].is_null().all():
            del columns[column]
    return Table(
        title=_("{number}, group by group", number=_(metric.title)),
        frame=rows.select(
            "n",
            "level",
            "waiting",
            name=texts(dimension_choices.value_title(group, dimension) for group in rows["group"]),
            **{name: texts(values) for name, values in texts_by_column.items()},
        ),
        columns=columns,
        alt=_("Every group with its median, its 90% time and how many still wait"),
        definition=_(metric.definition),
    )


def band_table(bands: pl.DataFrame, *, metric: Metric) -> Table:
    """One row per band of time that has tickets."""
    rows = bands.filter(pl.col("band").is_not_null(), pl.col("n") > 0).sort("band")
    n = sum(rows["n"])
    return Table(
        title=_("Tickets by band of time"),
        frame=rows.select(
            "n",
            share=pl.col("n") / max(n, 1),
            up_to=pl.col("n").cum_sum() / max(n, 1),
            name=texts(
                dimension_choices.value_title(band, f"{metric.name.removesuffix('_minutes')}_band")
                for band in rows["band"]
            ),
        ),
        columns={
            "name": Column(_("Time"), pinned=True, width=150),
            "n": Column(_("Tickets (n)"), "count"),
            "share": Column(_("Share"), "share"),
            "up_to": Column(_("Up to here"), "share", _("Share of all tickets that took no longer.")),
        },
        alt=_("How many tickets took how long"),
        definition=_(metric.definition),
    )
