"""A chart to take along, as picture and as data, and a page as a report: small buttons."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_data import data_of
from dashboard.kit.charts.palette import Palette
from dashboard.kit.export import page_content, picture_buttons, report, table_exports
from dashboard.language import _, spoken_later


def offer(chart: Chart, key: str, *, palette: Palette) -> None:
    """PNG and SVG as the browser shows it, and the numbers; each with its scope and its freshness."""
    if chart.figure is None:
        return
    scope, fresh = table_exports.standing()
    name = f"stepsight-{table_exports.file_name(chart.headline)}"
    numbers = data_of(chart)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key} to take along"):
        picture_buttons.offer(
            key,
            title=chart.headline,
            alt=chart.alt or chart.headline,
            below=[
                chart.note,
                " · ".join(part for part in (scope, _("data up to {instant}", instant=fresh)) if part),
            ],
            file=name,
            png=_("This chart as a picture, as it is shown"),
            svg=_("This chart as a drawing that stays sharp at any size"),
            palette=palette,
        )
        if numbers is not None:
            st.download_button(
                _("Data"),
                spoken_later(
                    lambda: table_exports.as_csv(table_exports.prepared(numbers, scope=scope, fresh=fresh))
                ),
                f"{name}-data.csv",
                "text/csv",
                key=f"{key}.data",
                help=_("The numbers of this chart as CSV, with its scope and freshness"),
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def offer_report(page: page_content.Page, *, palette: Palette) -> None:
    """The whole page as one file; made when the button is pressed, of what has been drawn by then."""
    scope, fresh = table_exports.standing()
    st.download_button(
        _("Report"),
        spoken_later(lambda: report.as_html(page, scope=scope, fresh=fresh, palette=palette)),
        f"stepsight-{table_exports.file_name(page.title)}.html",
        "text/html",
        key="report",
        help=_("This page as one HTML file to send or print; it opens without Stepsight and offline"),
        on_click="ignore",
        icon=":material/file_save:",
    )
