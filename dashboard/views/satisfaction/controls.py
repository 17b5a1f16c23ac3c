"""What the page on satisfaction shows and lets its reader choose."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboard.filters import dimension_choices, links, record_filters, widgets
from dashboard.kit import page, render
from dashboard.kit.charts.palette import Palette
from dashboard.kit.export.table_exports import MOST
from dashboard.kit.tables.records_table import ticket_table
from dashboard.language import _
from dashboard.queries import warehouse
from dashboard.views.satisfaction.charts import driver_name, driver_rows, drivers_chart
from dashboard.views.satisfaction.tables import answering_table
from metrics.catalog.metrics import CATALOG, page_list
from metrics.query.scope import Scope

KPIS = page_list("satisfaction")


def drivers(rows: pl.DataFrame, palette: Palette) -> tuple[str, str] | None:
    """The picture of what goes along with satisfaction, and the level that the reader looks at."""
    clicked = render.chart(drivers_chart(rows, palette=palette), key="drivers", clickable=True)
    if clicked in driver_rows(rows)["factor", "level"].rows():
        st.query_params["of"] = driver_name(*clicked)
    titles: dict[str, tuple[str, str] | None] = {_("All of them"): None}
    titles |= {
        driver_name(factor, level): (factor, level) for factor, level in rows["factor", "level"].rows()
    }
    return widgets.choice(_("The low ratings of"), titles, key="of")


def low_ratings(snapshot: str | None, scope: Scope, level: tuple[str, str] | None) -> None:
    """The low-rated tickets to read, page by page; each row opens its ticket."""
    metric = CATALOG["low_ratings"]
    narrowed = scope if level is None else record_filters.only(scope, {level[0]: level[1]})
    n = warehouse.records_behind(snapshot, metric.name, narrowed, "all")
    if not n:
        render.nothing_here(
            _("No low rating here"),
            _("Everybody who rated was satisfied. Choose a longer period or others above."),
        )
        return
    st.header(_("Low ratings, the latest first"), anchor=False)
    table = partial(ticket_table, metric=metric, time_zone=scope.time_zone)
    rows = partial(warehouse.tickets, snapshot, metric.name, narrowed, "all")
    first = widgets.part_of(n)
    page_rows = rows(widgets.PER_PAGE, first)
    row = render.page_of(table(page_rows), key="low", export=lambda: table(rows(MOST, 0)))
    if row is not None:
        links.open_ticket(page_rows["ticket_id"][row])
    if level is not None:
        held = level[0] if level[0] == "reason" else f"{dimension_choices.FILTER_PREFIX}{level[0]}"
        links.to_records(
            metric.name,
            n,
            name=driver_name(*level),
            **{held: dimension_choices.value_title(level[1], level[0])},
        )


def who_answers(snapshot: str | None, scope: Scope) -> None:
    """The response rate of each channel: one click away."""
    rates = warehouse.measured(snapshot, ("csat_response_rate", "csat"), ("channel",), scope)
    if rates.filter(pl.col("metric") == "csat_response_rate")["n"].sum():
        render.folded_table(answering_table(rates.rename({"channel": "group"}), dimension="channel"))


def nothing_rated() -> None:
    """There is no rating to tell of."""
    render.nothing_here(
        _("No ratings in this selection"),
        _(
            "Satisfaction needs events of the kind rated, with their score and scale. Remove a "
            "filter or choose a longer period in the sidebar. Does your file have a rating? Name "
            "it in the mapping: stepsight load FILE --mapping MAPPING"
        ),
    )
    page.end()
