"""The dashboard: its pages by reader, and the one place where an error a user can mend becomes a message."""

from contextlib import suppress
from pathlib import Path

import duckdb
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.filters import filter_bar
from dashboard.kit import render
from dashboard.kit.page import EndOfPage
from dashboard.language import _, reader
from dashboard.notes import notes_bar, view_requests
from dashboard.queries import warehouse
from etl.errors import StepsightError
from metrics.query.small_groups import SmallGroup

HERE = Path(__file__).parent
HOME = "overview"
WAITING_PIXELS = 280


def _page(name: str, icon: str, title: str, help_text: str) -> StreamlitPage:
    """The page of that folder, at the address of its name; the first one also at the bare address."""
    return st.Page(
        f"views/{name}/view.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=name,
        default=name == HOME,
        help=help_text,
    )


reader.settle()
PAGES = {
    _("Managers"): [
        _page(
            "overview",
            "monitoring",
            _("Overview"),
            _("Each KPI with its change against the period before and its last weeks."),
        ),
        _page(
            "response",
            "timer",
            _("Response & resolution"),
            _("How long it takes to answer and to solve, and who still waits."),
        ),
        _page(
            "service_level",
            "task_alt",
            _("Service level & backlog"),
            _("What was promised and kept, what is due next, and everything still open."),
        ),
        _page(
            "satisfaction",
            "sentiment_satisfied",
            _("Satisfaction"),
            _(
                "How many customers are satisfied, who answers, what satisfaction is linked to, and "
                "what to read."
            ),
        ),
    ],
    _("Process designers"): [
        _page(
            "hotspots",
            "local_fire_department",
            _("Hotspots"),
            _("The steps of guided workflows that confuse, how sure that is, and what it costs."),
        ),
        _page(
            "process_map",
            "account_tree",
            _("Process map"),
            _("How runs move through a workflow version, and where they falter."),
        ),
        _page(
            "step",
            "target",
            _("Step"),
            _("All about one step: signs over time, ways, answers, searches, who is affected, runs."),
        ),
        _page(
            "versions",
            "difference",
            _("Versions"),
            _("Whether a new version of a workflow helped, how sure that is, and what it changed."),
        ),
        _page(
            "compliance",
            "rule",
            _("Compliance"),
            _("Which runs left the allowed way or skipped what is required."),
        ),
    ],
    _("Trainers"): [
        _page(
            "recurring_issues",
            "repeat",
            _("Recurring issues"),
            _("What customers come with, what they come again for, and where confusion sits."),
        ),
        _page(
            "training_needs",
            "school",
            _("Training needs"),
            _("Which steps are learnt with practice, which stay hard, and what training would save."),
        ),
        _page(
            "warning_signs",
            "warning",
            _("Warning signs"),
            _("Five signs that the process itself is in trouble, each with its measure now and before."),
        ),
    ],
    _("Everybody"): [
        _page(
            "compare",
            "compare_arrows",
            _("Compare"),
            _("Two periods, teams, channels, reasons or workflow versions, number by number."),
        ),
        _page("tickets", "list", _("Tickets"), _("The tickets, or visits to steps, behind any number.")),
        _page(
            "ticket",
            "confirmation_number",
            _("Ticket"),
            _("One ticket event by event, and what starts and stops each clock."),
        ),
        _page("run", "route", _("Run"), _("One run of a workflow visit by visit and event by event.")),
        _page(
            "data_health",
            "health_and_safety",
            _("Data health"),
            _("What was loaded and rejected, how fresh it is, and what looks suspicious."),
        ),
        _page(
            "glossary", "menu_book", _("Glossary"), _("What every number means, and what is left out of it.")
        ),
        _page(
            "your_data",
            "upload_file",
            _("Your data"),
            _("Load a file of your own, after a look at what it holds and what would be rejected."),
        ),
    ],
}

st.set_page_config(page_title="Stepsight", page_icon=str(HERE / "icon.svg"), layout="wide")
st.logo(HERE / "logo.svg", size="large")
st.html(HERE / "kit" / "touch.css")
page = st.navigation(PAGES, expanded=True)
snapshot = None
try:
    snapshot = warehouse.snapshot()
    by_address = {each.url_path or HOME: each for part in PAGES.values() for each in part}
    view_requests.open_requested(by_address)
    filter_bar.show(snapshot)
    notes_bar.show(snapshot, by_address, page.url_path or HOME)
    reader.offer()
    arrived = st.container()
    # Below what is there; not within the first half second.
    with st.skeleton(height=WAITING_PIXELS), arrived, suppress(EndOfPage):
        page.run()
except duckdb.Error:
    if snapshot is not None and not warehouse.is_open(snapshot):
        st.rerun()  # it was replaced while the page was at work
    if (damage := warehouse.damage()) is not None:
        render.refused(damage)
    elif warehouse.is_of_this_version(snapshot):
        raise
    else:
        render.of_another_version()
except SmallGroup as error:
    render.small_group(error)
except StepsightError as error:
    render.refused(error)
