"""A chart to take along, as picture and as data, and a page as a report: small buttons."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_data import data_of
from dashboard.kit.charts.palette import Palette
from dashboard.kit.export import download_button, page_content, picture_buttons, report, table_exports
from dashboard.language import _


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
            file = download_button.File(
                f"{name}-data.csv",
                "text/csv",
                make=lambda: table_exports.as_csv(table_exports.prepared(numbers, scope=scope, fresh=fresh)),
                instead=lambda text: table_exports.as_csv(table_exports.with_sentence_alone(text)),
            )
            meaning = _("The numbers of this chart as CSV, with its scope and freshness")
            download_button.offer(_("Data"), file, f"{key}.data", meaning=meaning)


def offer_report(page: page_content.Page, *, palette: Palette) -> None:
    """The whole page as one file; made when the button is pressed, of what has been drawn by then."""
    scope, fresh = table_exports.standing()
    title, question = page.title, page.question

    def instead(text: str) -> bytes:
        empty = page_content.Page(title, question, [page_content.Sentences(text)])
        return report.as_html(empty, scope=scope, fresh="", palette=palette)

    file = download_button.File(
        f"stepsight-{table_exports.file_name(title)}.html",
        "text/html",
        make=lambda: report.as_html(page, scope=scope, fresh=fresh, palette=palette),
        instead=instead,
    )
    download_button.offer(
        _("Report"),
        file,
        "report",
        meaning=_("This page as one HTML file to send or print; it opens without Stepsight and offline"),
        drop=page.parts.clear,
        icon="file_save",
        kind="secondary",
    )
