"""On pages, a choice of teams of fewer than five agents shows nothing; lagging facts say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard import histories
from tests.dashboard.browsing import VIEWS
from tests.dashboard.test_pages import open_page


@pytest.fixture(scope="module")
def small_team(tmp_path_factory, templates) -> Path:
    """As the full warehouse, with one agent in a team of their own."""
    rows = histories.full()
    alone = {row["ticket_id"] for row in rows if row.get("agent_id") == "a0"}
    rows = [row | ({"team": "Tiny"} if row["ticket_id"] in alone else {}) for row in rows]
    return histories.copied(templates, tmp_path_factory.mktemp("few") / "wh", rows)


WITHOUT_SCOPE = {"ticket", "run", "data_health", "glossary", "your_data"}
"""Pages that the filters do not change: of one ticket or run, of loads, of definitions, of a file."""


@pytest.mark.sweep(6)
@pytest.mark.parametrize("page", sorted({*VIEWS} - WITHOUT_SCOPE))
@pytest.mark.parametrize("teams", [["Tiny"], ["Billing", "Care"]])
def test_no_page_tells_of_a_team_of_one(monkeypatch, small_team, page, teams) -> None:
    app = open_page(monkeypatch, small_team, page, period="All data", team=teams)
    assert not app.exception
    assert "fewer than five agents" in app.info[0].value
    assert not app.metric
    assert not app.dataframe


@pytest.mark.sweep(5)
@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("response", {"by": "Team"}),
        ("service_level", {"level_by": "Team"}),
        ("compare", {"what": "Teams"}),
        ("satisfaction", {}),
        ("overview", {"moved_by": "Team"}),
        ("step", {"who": "Team"}),
    ],
)
def test_a_page_split_by_team_leaves_out_a_team_of_one(monkeypatch, small_team, page, link) -> None:
    app = open_page(monkeypatch, small_team, page, period="All data", **link)
    assert not app.exception
    groups = [
        frame.value[name] for frame in app.dataframe for name in ("group", "level") if name in frame.value
    ]
    assert not any("Tiny" in [*column] for column in groups)
    assert not any("Tiny" in box.options for box in app.main.selectbox)


def test_without_a_choice_of_teams_it_is_counted_with_the_others(monkeypatch, small_team) -> None:
    app = open_page(monkeypatch, small_team, "overview", period="All data")
    assert app.metric
    assert not any("fewer than five agents" in info.value for info in app.info)


@pytest.fixture(scope="module")
def fax(tmp_path_factory, templates) -> Path:
    """As the full warehouse, with one agent who alone answers the fax."""
    rows = histories.full()
    alone = {row["ticket_id"] for row in rows if row.get("agent_id") == "a0"}
    rows = [row | ({"channel": "fax"} if row["ticket_id"] in alone else {}) for row in rows]
    return histories.copied(templates, tmp_path_factory.mktemp("fax") / "wh", rows)


@pytest.mark.parametrize("page", ["overview", "tickets"])
def test_a_channel_of_one_agent_shows_no_numbers(monkeypatch, fax, page) -> None:
    app = open_page(monkeypatch, fax, page, period="All data", channel=["fax"])
    assert not app.exception
    assert "fewer than five agents" in app.info[0].value
    assert not app.metric
    assert not app.dataframe


def test_the_list_of_tickets_does_not_name_that_channel(monkeypatch, fax) -> None:
    app = open_page(monkeypatch, fax, "tickets", period="All data")
    assert not app.exception
    channels = {*app.dataframe[0].value["channel"]}
    assert "(small group)" in channels
    assert "fax" not in channels


def test_numbers_made_with_other_settings_say_so(monkeypatch, warehouses, tmp_path) -> None:
    file = tmp_path / "stepsight.toml"
    file.write_text("[thresholds]\nquick_back_seconds = 99\n")
    monkeypatch.setenv("STEPSIGHT_SETTINGS", str(file))
    for page in ("overview", "data_health"):
        app = open_page(monkeypatch, warehouses["full"], page)
        assert not app.exception
        assert any("stepsight refresh" in warning.value for warning in app.warning)


def test_numbers_made_with_the_settings_of_now_say_nothing(monkeypatch, warehouses) -> None:
    assert not open_page(monkeypatch, warehouses["full"], "overview").warning
    assert not open_page(monkeypatch, warehouses["empty"], "overview").warning
