"""The managers' pages: the numbers of `measure`, links that hold, ways to the tickets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard.kit.export.page_content import Explained
from dashboard.language import words
from etl.settings.file import read_settings
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.warehouse import open_writer, publish
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from tests.dashboard import histories
from tests.dashboard.test_drilling_down import texts
from tests.dashboard.test_pages import measured, open_page

TARGETS = """
[[targets]]
first_response_minutes = 30
resolution_minutes = 240
clock = "calendar"
"""


@pytest.fixture(scope="module")
def promised(warehouses, tmp_path_factory) -> Path:
    """The full warehouse with targets."""
    folder = tmp_path_factory.mktemp("promised") / "warehouse"
    shutil.copytree(warehouses["full"], folder)
    (folder / "stepsight.toml").write_text(TARGETS)
    with open_writer(folder) as connection:
        catch_up(connection, Archive(folder / "archive"))
        refresh(connection, read_settings(folder / "stepsight.toml", Settings))
        publish(connection, folder)
    return folder


@pytest.mark.sweep(5)
@pytest.mark.parametrize("time", ["First response", "Resolution"])
@pytest.mark.parametrize("clock", ["Every hour", "Opening hours"])
@pytest.mark.parametrize("by", ["Channel", "Team", "Contact reason"])
def test_response_tells_every_time_by_every_group(monkeypatch, warehouses, time, clock, by) -> None:
    link = {"period": "All data", "time": time, "clock": clock, "by": by}
    app = open_page(monkeypatch, warehouses["full"], "response", **link)
    assert not app.exception
    assert not app.warning
    name = "first_response" if time == "First response" else "resolution"
    name += "_business_minutes" if clock == "Opening hours" else "_minutes"
    n = measured(warehouses["full"], name, Scope())["n"]
    assert f"{n} tickets)" in texts(app)


@pytest.mark.parametrize("by", ["Hour it came in", "Day of the week it came in"])
def test_hours_and_days_of_the_week_stand_in_their_order(monkeypatch, warehouses, by) -> None:
    app = open_page(monkeypatch, warehouses["full"], "response", period="All data", by=by)
    assert not app.exception
    names = list(app.dataframe[1].value["name"])
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert names == (sorted(names) if by.startswith("Hour") else [day for day in days if day in names])


@pytest.mark.parametrize("name", ["time", "clock", "by", "of", "took"])
def test_a_bad_value_in_a_link_to_response_falls_back_and_says_so(monkeypatch, warehouses, name) -> None:
    app = open_page(monkeypatch, warehouses["full"], "response", period="All data", **{name: "**pigeon**"})
    assert not app.exception
    assert "pigeon" in app.warning[0].value
    assert "**pigeon**" not in app.warning[0].value


def test_a_band_of_the_histogram_leads_to_as_many_tickets(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "response", period="All data")
    banded = app.dataframe[0].value
    first = banded.iloc[0]
    link = {"behind": CATALOG["first_response_minutes"].title, "only_first_response_band": first["name"]}
    listed = open_page(monkeypatch, warehouses["full"], "tickets", period="All data", **link)
    assert not listed.warning
    assert f"{first['n']} ticket" in texts(listed)


@pytest.mark.parametrize("name", ["only_hour", "only_channel", "only_first_response_band"])
def test_a_list_asked_for_a_group_there_is_not_falls_back_and_says_so(monkeypatch, warehouses, name) -> None:
    link = {"behind": CATALOG["first_response_minutes"].title, name: "**pigeon**"}
    app = open_page(monkeypatch, warehouses["full"], "tickets", period="All data", **link)
    assert not app.exception
    assert "pigeon" in app.warning[0].value


def test_without_targets_the_page_says_how_to_set_them(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "service_level", period="All data")
    assert any("stepsight.toml" in info.value.replace("\\", "") for info in app.info)


def test_service_levels_are_those_measured(monkeypatch, promised) -> None:
    app = open_page(monkeypatch, promised, "service_level", period="All data")
    assert not app.exception
    said = measured(promised, "first_response_sla_rate", Scope())
    assert said["n"] > 0
    assert f"{words.share(said['value'])} of {said['n']} first responses were within target" in texts(app)
    shown = next(frame.value for frame in app.dataframe if "attained" in frame.value.columns)
    assert shown["attained"].sum() + shown["breached"].sum() == said["n"]


def test_everything_open_is_listed_oldest_first_and_by_age(monkeypatch, promised) -> None:
    app = open_page(monkeypatch, promised, "service_level", period="All data")
    open_now = measured(promised, "backlog", Scope())["n"]
    assert open_now
    assert f"1 to {min(open_now, 25)} of {open_now}" in texts(app)
    ages = next(frame.value for frame in app.dataframe if list(frame.value.columns) == ["name", "tickets"])
    assert ages["tickets"].sum() == open_now
    band = ages[ages["tickets"] > 0].iloc[0]
    one = open_page(monkeypatch, promised, "service_level", period="All data", age=band["name"])
    assert not [warning for warning in one.warning if warning.icon == ":material/link_off:"]
    assert f"of {band['tickets']}" in texts(one)


def test_satisfaction_is_that_measured_and_its_low_ratings_are_listed(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "satisfaction", period="All data")
    said = measured(warehouses["full"], "csat", Scope())
    assert f"{words.share(said['value'])} of {said['n']} ratings are satisfied" in texts(app)
    low = measured(warehouses["full"], "low_ratings", Scope())["n"]
    assert low == said["n"] - round(said["value"] * said["n"])
    assert len(app.dataframe[-1].value) == min(low, 25)
    assert "the number of silent customers is unknown" in texts(app)  # no survey offer is recorded there


def test_without_ratings_satisfaction_says_what_is_missing(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["tickets only"], "satisfaction", period="All data")
    assert "mapping" in app.info[0].value


def test_the_overview_says_what_changed_and_leads_to_what_moved_it(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", period="Last 4 weeks")
    assert not app.exception
    assert any("What changed and why" in heading.value for heading in app.header)
    assert any("What moved Tickets opened" in heading.value for heading in app.header)
    parts = next(frame.value for frame in app.dataframe if "n_before" in frame.value.columns)
    last = app.session_state["asked"][1]
    now, before = (
        measured(warehouses["full"], "tickets_opened", scope)["n"] for scope in (last, last.previous())
    )
    assert (parts["n"].sum(), parts["n_before"].sum()) == (now, before)


def test_two_periods_are_compared_with_the_numbers_measured(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "compare", period="Last 4 weeks")
    assert not app.exception
    last = app.session_state["asked"][1]
    shown = app.dataframe[0].value.set_index("name")
    opened = [measured(warehouses["full"], "tickets_opened", each)["n"] for each in (last, last.previous())]
    row = shown.loc["Tickets opened"]
    assert [row["now_n"], row["before_n"]] == opened
    assert row["verdict"] == "not known"


@pytest.mark.sweep(9)
@pytest.mark.parametrize("kinds", [{"entered", "run_finished"}, {"opened", "replied", "solved"}])
def test_response_renders_where_no_row_has_a_channel_or_a_team(monkeypatch, tmp_path, kinds) -> None:
    rows = [row | {"channel": None, "team": None} for row in histories.full() if row["kind"] in kinds]
    folder = histories.build(tmp_path / "bare", rows)
    app = open_page(monkeypatch, folder, "response", period="All data")
    assert not app.exception
    titles = [part.title for part in app.session_state["drawn"].parts if isinstance(part, Explained)]
    assert ("First response time: not known" in titles) == ("opened" not in kinds)


def with_team_of_two(row):
    number = int(row["ticket_id"].removeprefix("t")) % 7
    own = {"team": "Tiny", "agent_id": f"a{number}"} if number < 2 else {}
    return row | {name: value for name, value in own.items() if row.get(name)}


def test_a_team_of_two_agents_is_neither_shown_nor_told_by_what_is_left(monkeypatch, tmp_path) -> None:
    rows = [with_team_of_two(row) for row in histories.full()]
    folder = histories.build(tmp_path / "tiny", rows)
    app = open_page(monkeypatch, folder, "response", period="All data", by="Team")
    assert not app.exception
    shown = app.dataframe[1].value
    assert len(shown) == 1  # of three teams the small one, and the next, so that no difference tells of it
    assert "Tiny" not in set(shown["name"])
    compared = open_page(monkeypatch, folder, "compare", period="All data", what="Teams")
    assert not compared.dataframe
    assert "fewer than five agents" in texts(compared)
    moved = open_page(monkeypatch, folder, "overview", period="Last 4 weeks", moved_by="Team")
    assert not moved.exception
    assert not any("Tiny" in element.value for element in [*moved.markdown, *moved.subheader])


def test_versions_of_a_workflow_are_compared_over_all_data(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "compare", period="All data", what="Workflow versions")
    assert not app.exception
    shown = app.dataframe[0].value.set_index("name")
    v2 = Scope(where=(("workflow", ("refund",)), ("version", ("v2",))))
    assert shown.loc["Confusion rate"]["now_n"] == measured(warehouses["full"], "confusion_rate", v2)["n"]


@pytest.mark.sweep(20)
@pytest.mark.parametrize("what", ["Periods", "Teams", "Channels", "Contact reasons", "Workflow versions"])
@pytest.mark.parametrize("name", ["one ticket", "tickets only", "full"])
def test_every_comparison_renders_on_every_warehouse(monkeypatch, warehouses, what, name) -> None:
    app = open_page(monkeypatch, warehouses[name], "compare", period="All data", what=what)
    assert not app.exception
    assert not app.error


def test_where_no_opening_is_recorded_no_page_says_that_none_came_in(
    monkeypatch, templates, tmp_path
) -> None:
    rows = [row for row in histories.tickets_only() if row["kind"] != "opened"]
    folder = histories.copied(templates, tmp_path / "warehouse", rows)
    overview = texts(open_page(monkeypatch, folder, "overview", period="All data"))
    assert "How many tickets came in is not known: no opening is recorded." in overview
    link = {"period": "All data", "behind": "Tickets opened"}
    app = open_page(monkeypatch, folder, "tickets", **link)
    assert any(info.value.startswith("The opening is not recorded") for info in app.info)
    assert "0 tickets" not in texts(app)
    level = open_page(monkeypatch, folder, "service_level", period="All data").session_state["drawn"].parts
    assert any(getattr(part, "headline", "") == "In and out: not known" for part in level)
