"""Pages of a warehouse with two sources and a dimension of the settings: filters, splits, lists, links."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from etl.contract.events import SCHEMA
from etl.mapping.mapping import Mapping
from etl.settings.file import read_settings
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.refresh.facts import bring_up_to_date
from metrics.settings.model import Settings
from tests.dashboard import histories
from tests.dashboard.test_pages import open_page

ROWS = histories.full()
SETTINGS = """
[dimensions]
customer_plan = "custom_plan"
[[targets]]
first_response_minutes = 60
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two") / "warehouse"
    folder.mkdir()
    (folder / "stepsight.toml").write_text(SETTINGS)
    settings = read_settings(folder / "stepsight.toml", Settings)
    with open_writer(folder) as connection:
        for source, plan in (("north", "gold"), ("south", "free")):
            rows = [dict.fromkeys(SCHEMA) | row | {"event_id": f"e{n}"} for n, row in enumerate(ROWS)]
            file = folder / f"{source}.parquet"
            frame = pl.DataFrame(rows, schema=dict(SCHEMA))
            frame.with_columns(custom_plan=pl.lit(plan)).write_parquet(file)
            archive, now = Archive(folder / "archive"), histories.MONDAY.replace(year=2027)
            load([file], connection, archive, now=now, mapping=Mapping(source=source))
        bring_up_to_date(connection, folder, settings)
    return folder


def test_both_are_filters_of_every_page(monkeypatch, warehouse) -> None:
    link = {"period": "All data", "source": "north", "own_customer_plan": "gold"}
    app = open_page(monkeypatch, warehouse, "overview", **link)
    assert not app.exception
    assert not app.warning
    scope = app.session_state["asked"][1]
    assert scope.where == (("customer_plan", ("gold",)), ("source", ("north",)))
    assert app.multiselect(key="own_customer_plan").label == "Customer plan"


def test_a_value_that_is_not_there_is_said(monkeypatch, warehouse) -> None:
    app = open_page(monkeypatch, warehouse, "overview", own_customer_plan="platinum")
    assert "platinum" in app.warning[0].value
    assert app.session_state["asked"][1].where == ()


@pytest.mark.sweep(5)
@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("overview", {"moved_by": "Customer plan"}),
        ("compare", {"what": "Source"}),
        ("compare", {"what": "Customer plan"}),
        ("response", {"by": "Customer plan"}),
        ("response", {"by": "Source", "of": "north"}),
        ("service_level", {"level_by": "Customer plan"}),
        ("step", {"who": "Customer plan"}),
        ("tickets", {"behind": "Tickets opened", "only_customer_plan": "gold", "only_source": "north"}),
        ("data_health", {}),
    ],
)
def test_pages_split_compare_and_list_by_them(monkeypatch, warehouse, page, link) -> None:
    app = open_page(monkeypatch, warehouse, page, period="All data", **link)
    assert not app.exception
    assert not [warning for warning in app.warning if warning.icon == ":material/link_off:"]
    for key, value in link.items():
        assert app.session_state[key] == value


def test_a_list_of_tickets_has_a_column_for_it(monkeypatch, warehouse) -> None:
    app = open_page(monkeypatch, warehouse, "tickets", period="All data", behind="Tickets opened")
    assert any("gold" in table.value.to_string() for table in app.dataframe)


def test_a_ticket_is_opened_by_its_whole_id_or_refused(monkeypatch, warehouse) -> None:
    ticket = ROWS[0]["ticket_id"]
    assert not open_page(monkeypatch, warehouse, "ticket", ticket=f"south:{ticket}").error
    app = open_page(monkeypatch, warehouse, "ticket", ticket=ticket)
    assert f"north:{ticket}, south:{ticket}" in app.error[0].value.replace("\\", "")
