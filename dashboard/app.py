"""The dashboard: its pages by reader, and the one place where an error a user can mend becomes a message."""

from pathlib import Path

import duckdb
import streamlit as st

from dashboard import data, drawing, reader, scope_bar
from dashboard.language import _
from dashboard.notes import notes_bar, opening_views
from etl.errors import StepsightError

HERE = Path(__file__).parent
HOME = "overview"
WAITING_PIXELS = 280
reader.settle()
PAGES = {
    _("Managers"): [
        st.Page(
            "views/overview.py",
            title=_("Overview"),
            icon=":material/monitoring:",
            default=True,
            help=_("Each KPI with its change against the period before and its last weeks."),
        ),
        st.Page(
            "views/response.py",
            title=_("Response & resolution"),
            icon=":material/timer:",
            help=_("How long it takes to answer and to solve, and who still waits."),
        ),
        st.Page(
            "views/service_level.py",
            title=_("Service level & backlog"),
            icon=":material/task_alt:",
            help=_("What was promised and kept, what lapses next, and everything still open."),
        ),
        st.Page(
            "views/satisfaction.py",
            title=_("Satisfaction"),
            icon=":material/sentiment_satisfied:",
            help=_("How many are content, who answers, what goes along with it, and what to read."),
        ),
    ],
    _("Process designers"): [
        st.Page(
            "views/hotspots.py",
            title=_("Hotspots"),
            icon=":material/local_fire_department:",
            help=_("The steps of guided workflows that confuse, how sure that is, and what it costs."),
        ),
        st.Page(
            "views/process_map.py",
            title=_("Process map"),
            icon=":material/account_tree:",
            help=_("How runs move through a workflow version, and where they falter."),
        ),
        st.Page(
            "views/step.py",
            title=_("Step"),
            icon=":material/target:",
            help=_("All about one step: signs over time, ways, answers, searches, who is affected, runs."),
        ),
        st.Page(
            "views/versions.py",
            title=_("Versions"),
            icon=":material/difference:",
            help=_("Whether a new version of a workflow helped, how sure that is, and what it changed."),
        ),
        st.Page(
            "views/compliance.py",
            title=_("Compliance"),
            icon=":material/rule:",
            help=_("Which runs left the allowed way or skipped what is required."),
        ),
    ],
    _("Trainers"): [
        st.Page(
            "views/recurring_issues.py",
            title=_("Recurring issues"),
            icon=":material/repeat:",
            help=_("What customers come with, what they come again for, and where confusion sits."),
        ),
        st.Page(
            "views/training_needs.py",
            title=_("Training needs"),
            icon=":material/school:",
            help=_("Which steps are learnt with practice, which stay hard, and what training would save."),
        ),
        st.Page(
            "views/warning_signs.py",
            title=_("Warning signs"),
            icon=":material/warning:",
            help=_("Five signs that the process itself is in trouble, each with its measure now and before."),
        ),
    ],
    _("Everybody"): [
        st.Page(
            "views/compare.py",
            title=_("Compare"),
            icon=":material/compare_arrows:",
            help=_("Two periods, teams, channels, reasons or workflow versions, number by number."),
        ),
        st.Page(
            "views/tickets.py",
            title=_("Tickets"),
            icon=":material/list:",
            help=_("The tickets, or visits to steps, behind any number."),
        ),
        st.Page(
            "views/ticket.py",
            title=_("Ticket"),
            icon=":material/confirmation_number:",
            help=_("One ticket event by event, and what starts and stops each clock."),
        ),
        st.Page(
            "views/run.py",
            title=_("Run"),
            icon=":material/route:",
            help=_("One run of a workflow visit by visit and event by event."),
        ),
        st.Page(
            "views/data_health.py",
            title=_("Data health"),
            icon=":material/health_and_safety:",
            help=_("What was loaded and refused, how fresh it is, and what looks suspicious."),
        ),
        st.Page(
            "views/glossary.py",
            title=_("Glossary"),
            icon=":material/menu_book:",
            help=_("What every number means, and what is left out of it."),
        ),
        st.Page(
            "views/your_data.py",
            title=_("Your data"),
            icon=":material/upload_file:",
            help=_("Load a file of your own, after a look at what it holds and what would be rejected."),
        ),
    ],
}

st.set_page_config(page_title="Stepsight", page_icon=str(HERE / "icon.svg"), layout="wide")
st.logo(HERE / "logo.svg", size="large")
st.html(HERE / "touch.css")
page = st.navigation(PAGES, expanded=True)
try:
    snapshot = data.snapshot()
    by_address = {each.url_path or HOME: each for part in PAGES.values() for each in part}
    opening_views.follow(by_address)
    scope_bar.show(snapshot)
    notes_bar.show(snapshot, by_address, page.url_path or HOME)
    reader.offer()
    arrived = st.container()
    with st.skeleton(height=WAITING_PIXELS), arrived:  # below what is there; not within the first half second
        page.run()
except duckdb.Error:
    if data.is_of_this_version(data.snapshot()):
        raise
    drawing.of_another_version()
except StepsightError as error:
    drawing.refused(error)
