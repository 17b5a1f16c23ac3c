"""What satisfaction goes along with, level by level; and who answers the survey."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, time_words, words
from dashboard.views.satisfaction.charts import driver_name
from metrics.catalog.metrics import CATALOG

ASSOCIATION_TITLES = {
    "more often": N_("more satisfied"),
    "less often": N_("less satisfied"),
    "none shown": N_("no clear difference"),
}


def driver_table(drivers: pl.DataFrame) -> Table:
    """One row per factor and level, in the order given."""
    return Table(
        title=_("All possible links"),
        frame=drivers.select(
            "n",
            name=texts(driver_name(factor, level) for factor, level in drivers["factor", "level"].rows()),
            share=pl.col("satisfied") / pl.col("n"),
            others=pl.col("others_satisfied") / pl.col("others"),
            gap=texts(time_words.difference(gap, "share") for gap in drivers["difference"]),
            interval=texts(
                time_words.difference_interval(low, high, "share") or words.UNKNOWN
                for low, high in drivers["low", "high"].rows()
            ),
            relation=texts(
                words.UNKNOWN if association is None else _(ASSOCIATION_TITLES[association])
                for association in drivers["association"]
            ),
        ),
        columns={
            "name": Column(_("Tickets"), pinned=True, width=270),
            "n": Column(_("Rated (n)"), "count"),
            "share": Column(_("Satisfied"), "share"),
            "others": Column(_("All others"), "share", _("Satisfied among the rated tickets without it.")),
            "gap": Column(
                _("Difference"), width=110, help=_("Compared with tickets of the same channel and reason.")
            ),
            "interval": Column(_("95% interval"), width=170),
            "relation": Column(_("Linked to"), width=160, help=_("At most 1 in 20 of these is chance.")),
        },
        alt=_("Every level with its share of satisfied customers and its difference from similar tickets"),
        definition=_(CATALOG["csat"].definition),
    )


def answering_table(rates: pl.DataFrame, *, dimension: str) -> Table:
    """One row per group (group, metric, value, n, low, high) of response rate and satisfaction."""
    response_rates = rates.filter(pl.col("metric") == "csat_response_rate").drop("metric")
    content = rates.filter(pl.col("metric") == "csat").select("group", share="value", rated="n")
    rows = response_rates.join(content, on="group", how="left", nulls_equal=True).sort(
        "value", "group", descending=[True, False], nulls_last=True
    )
    return Table(
        title=_("Who answers the survey"),
        frame=rows.select(
            "n",
            "value",
            "rated",
            "share",
            name=texts(dimension_choices.value_title(group, dimension) for group in rows["group"]),
            interval=texts(
                words.interval(low, high, "share") or words.UNKNOWN
                for low, high in rows["low", "high"].rows()
            ),
        ),
        columns={
            "name": Column(_(dimension_choices.title(dimension)), pinned=True, width=170),
            "n": Column(_("Asked (n)"), "count"),
            "value": Column(_("Responded"), "share"),
            "interval": Column(_("95% interval"), width=120),
            "rated": Column(_("Rated in the period (n)"), "count"),
            "share": Column(_("Satisfied"), "share"),
        },
        alt=_("Every group with how many were asked, how many answered and how many were satisfied"),
        definition=_(CATALOG["csat_response_rate"].definition),
    )
