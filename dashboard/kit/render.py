"""How charts, tiles, tables and empty states are put on a page: one way for all of them.

The gate for text: whatever comes from data is plain text until here, and is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import streamlit as st

from dashboard.filters import clicks, links
from dashboard.filters.clicks import Thing
from dashboard.kit.charts.annotations import annotated
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.figure_template import figure_config
from dashboard.kit.charts.palette import Palette, palette
from dashboard.kit.export import chart_exports, page_content
from dashboard.kit.tables import grid
from dashboard.kit.tables.table import Table
from dashboard.kit.tile import Tile
from dashboard.language import _, messages, spoken, words
from etl.errors import StepsightError
from etl.health.finding import Finding, Severity
from etl.messages import Message
from metrics.catalog.metrics import Metric

LONGEST = 600


def current_palette() -> Palette:
    """The palette of the theme the reader sees."""
    return palette(st.context.theme.type)


def say(*texts: str) -> None:
    """What the numbers of this page say, before any picture."""
    if sentences := " ".join(text for text in texts if text):
        page_content.add(page_content.Sentences(sentences))
        st.markdown(words.escaped(sentences, LONGEST))


def tiles(row: Iterable[Tile]) -> None:
    """KPI tiles in a grid that folds to one column on a phone."""
    row = tuple(row)
    page_content.add(page_content.Tiles(row))
    with st.grid(4, min_column_width=160, gap="small"):
        for tile in row:
            with st.container(border=True, height="stretch", gap="xsmall"):
                # The label of a metric is cut where it is long; this breaks into lines.
                explained = f"{words.escaped(tile.explanation, LONGEST)} {links.meaning(tile.metric)}"
                st.markdown(f":small[{words.escaped(tile.title)}]", help=explained)
                st.metric(
                    words.escaped(tile.title),
                    tile.value,
                    tile.change,
                    delta_color=tile.colour,
                    delta_description=_("no change") if tile.change == 0 else None,
                    label_visibility="collapsed",
                    chart_data=tile.weeks if len(tile.weeks) > 1 else None,
                )
                st.caption(words.escaped(tile.basis, 240))
                if tile.verdict:
                    st.caption(words.escaped(tile.verdict, 120))
                links.to_records(tile.metric, tile.n)


def chart(
    chart: Chart,
    key: str,
    *,
    clickable: bool = False,
    workflow: str | None = None,
    widest: int | None = None,
) -> Thing | None:
    """A picture under the finding it shows; where there is nothing to draw, why, and what to do.

    With `clickable`, the thing of it that was clicked just now. Not everybody has a pointer: beside such a
    chart stands a select box or a table that leads to the same. With `workflow`, of new versions only its own
    are marked. `widest`: pixels that it does not grow beyond.
    """
    chart = annotated(chart, current_palette(), workflow=workflow)
    st.header(words.escaped(chart.headline, LONGEST), anchor=False)
    clicked = None
    if chart.figure is None:
        st.info(words.escaped(chart.why_empty, LONGEST), icon=":material/info:")
    else:
        state = st.plotly_chart(
            chart.figure,
            key=key,
            theme=None,
            config=figure_config(spoken()),
            alt=chart.alt,
            on_select=partial(clicks.note, key) if clickable else "ignore",
            selection_mode="points",
            width=widest or "stretch",
        )
        if clickable:
            clicked = clicks.clicked_thing(key, cast("Mapping[str, Any]", state))
    if chart.note:
        st.caption(words.escaped(chart.note, LONGEST))
    chart_exports.offer(chart, key, palette=current_palette())
    page_content.add(chart)
    return clicked


def table(table: Table, *, tall: int = grid.TALL) -> None:
    """The numbers behind a picture, under their title; so many rows are shown before it scrolls."""
    st.header(words.escaped(table.title, LONGEST), anchor=False)
    grid.rows(table, tall=tall)


def folded_table(table: Table) -> None:
    """The same, one click away: where the picture already says it all to most readers."""
    with st.expander(words.escaped(table.title), icon=":material/table_rows:"):
        grid.rows(table)


def page_of(table: Table, *, key: str, export: Callable[[], Table]) -> int | None:
    """A page of a long table, which is exported as a whole; the row whose `open` cell was clicked, if any."""
    grid.rows(table, key=key, export=export, tall=table.frame.height)
    clicked = st.session_state.get(key)
    return clicked.row if clicked and clicked.row < table.frame.height else None


def definition(metric: Metric) -> None:
    """What a metric means, one click away from its number."""
    title = _("How “{number}” is measured", number=_(metric.title))
    page_content.add(page_content.Explained(title, _(metric.definition)))
    with st.expander(words.escaped(title, 120), icon=":material/menu_book:"):
        st.markdown(words.escaped(_(metric.definition), 4 * LONGEST))
        st.markdown(links.meaning(metric.name))


def finding(finding: Finding) -> None:
    """What a check saw, why it matters and what to do; nothing where all is fine."""
    if finding.severity == Severity.OK:
        return
    sentences = [
        messages.say(finding.message),
        _("Why it matters: {why}", why=messages.say(finding.why)),
        _("What to do: {todo}", todo=messages.say(finding.todo)),
    ]
    check = messages.say(finding.title).capitalize()
    title = f"{check}, {finding.source}" if finding.source else check
    page_content.add(page_content.Explained(title, " ".join(sentences)))
    box, icon = (
        (st.error, ":material/error:")
        if finding.severity == Severity.SUSPICIOUS
        else (st.warning, ":material/visibility:")
    )
    box(
        "\n\n".join(words.escaped(text, LONGEST) for text in sentences),
        title=words.escaped(title, 120),
        icon=icon,
    )


def lag(*, is_lagging: bool) -> None:
    """That the numbers do not follow the settings yet, and what to do."""
    if is_lagging:
        st.warning(
            _(
                "The settings have changed since these numbers were made. Opening hours, targets and limits "
                "behind them are the earlier ones until somebody runs: stepsight refresh"
            ),
            icon=":material/sync_problem:",
        )


def refused(error: StepsightError) -> None:
    """The rest of the page where something goes wrong that somebody can mend: what, and how."""
    title, text = _("This could not be shown"), messages.say(error)
    page_content.add(page_content.Explained(title, text))
    st.error(words.escaped(text, 1000), title=title, icon=":material/error:")


def of_another_version() -> None:
    """The whole page where the facts were made by another version than asks them: why, and what next."""
    st.error(
        _(
            "The numbers in this warehouse were made by another version of Stepsight, whose tables differ. "
            "Make them anew with: stepsight refresh"
        ),
        title=_("This could not be shown"),
        icon=":material/update:",
    )


def small_group() -> None:
    """The whole page where the teams chosen are too few agents: why, and what next."""
    nothing_here(
        _("These teams are not shown on their own"),
        messages.say(Message("group.too_small")),
    )


def nothing_loaded() -> None:
    """The whole page where there is no data at all: why, and what next."""
    commands(
        _("Nothing has been loaded yet"),
        [
            (
                _("Load a file of events, or look at the sample first:"),
                "stepsight load my-events.csv\nstepsight demo",
            ),
            (_("This page shows the numbers as soon as a load has finished."), ""),
        ],
        icon=":material/upload_file:",
    )


def commands(title: str, steps: Sequence[tuple[str, str]], *, icon: str) -> None:
    """What to do on the command line: sentences of ours, each with the commands that follow it."""
    page_content.add(
        page_content.Explained(title, " ".join(f"{sentence} {todo}".strip() for sentence, todo in steps))
    )
    parts = [
        part for sentence, todo in steps for part in (sentence, f"```\n{todo}\n```" if todo else "") if part
    ]
    st.info("\n\n".join(parts), title=title, icon=icon)


def nothing_here(what: str, why: str) -> None:
    """A page's main matter is missing in this selection: why, and what next."""
    page_content.add(page_content.Explained(what, why))
    st.info(words.escaped(why, LONGEST), title=words.escaped(what), icon=":material/filter_alt_off:")


def no_steps() -> None:
    """The same where the selection has no visit to any step."""
    nothing_here(
        _("No step was visited in this selection"),
        _(
            "Tickets alone say nothing about steps. This page needs the step events of workflow "
            "runs (run_started, entered and so on). Remove a filter or choose a longer period in "
            "the sidebar. Or load a file that has them: stepsight load FILE"
        ),
    )
