"""Sources and dimensions of the settings: filtered, split and compared by as the built-in ones."""

import pytest

from etl.errors import InvalidRequest, InvalidSettings
from etl.settings.file import read_settings
from etl.settings.text import as_toml
from metrics.catalog.dimensions import DIMENSIONS
from metrics.query.ids import find_ticket
from metrics.query.measure import dimension_values, measure
from metrics.query.records import ticket, tickets
from metrics.query.scope import Scope
from metrics.settings.dimensions import BUILT_IN
from metrics.settings.model import Settings
from metrics.steps.holders import holders
from metrics.tickets.contributions import contributions
from tests.metrics.histories import own_warehouse

PLAN = (("plan", "custom_plan"),)
BY_PLAN = Scope(dimensions=PLAN)
LINES = (
    'a:1 opened @0 source=a custom={"custom_plan":"silver","custom_seats":"5"}',
    'a:1 replied @1h by agent source=a custom={"custom_plan":"gold"}',
    "a:1 solved @2h source=a",
    'b:1 opened @1d source=b custom={"custom_plan":"it\'s"}',
    "b:1 entered step=ask @1d1h source=b agent=x",
    "b:1 run_finished @1d2h source=b agent=x",
    "b:2 opened @2d source=b",
    "3 opened @2d",
    "1 opened @2d",
)


@pytest.fixture(scope="module")
def desk():
    connection = own_warehouse(*LINES)
    for load_id, source in enumerate((None, "a", "b")):
        connection.execute("INSERT INTO loads (load_id, source) VALUES (?, ?)", [load_id, source])
    return connection


def values(desk, metric, by, scope):
    return dict(measure(desk, [metric], by=[by], scope=scope).select(by, "value").rows())


def test_a_ticket_has_the_last_value_known_of_each_attribute(desk):
    assert ticket(desk, "a:1")["custom"] == {"custom_plan": "gold", "custom_seats": "5"}


def test_numbers_are_split_by_a_dimension_of_the_settings(desk):
    assert values(desk, "tickets_opened", "plan", BY_PLAN) == {"gold": 1, "it's": 1, None: 3}
    assert values(desk, "confusion_rate", "plan", BY_PLAN) == {"it's": 0}


@pytest.mark.parametrize(
    ("allowed", "n"),
    [(("gold",), 1), (("",), 3), (("it's", "gold"), 2), (("none",), 0), (("\u200b gold\u00a0",), 1)],
)
def test_and_filtered_by_it(desk, allowed, n):
    scope = Scope(dimensions=PLAN, where=(("plan", allowed),))
    assert measure(desk, ["tickets_opened"], scope=scope)["value"].item() == n
    assert tickets(desk, "tickets_opened", scope=scope, limit=9).height == n


def test_numbers_are_split_and_filtered_by_source(desk):
    assert values(desk, "tickets_opened", "source", Scope()) == {"a": 1, "b": 2, None: 2}
    scope = Scope(where=(("source", ("b",)),))
    assert measure(desk, ["tickets_opened"], scope=scope)["value"].item() == 2


def test_their_values_are_listed(desk):
    assert dimension_values(desk, ["plan", "source", "team"], PLAN) == {
        "plan": ["gold", "it's"],
        "source": ["a", "b"],
        "team": [],
    }


def test_a_change_and_a_step_are_explained_by_them(desk):
    assert holders(desk, "plan", scope=BY_PLAN)["plan"].to_list() == ["it's"]
    assert holders(desk, "source")["source"].to_list() == ["b"]
    days = Scope.model_validate({"start": "2026-03-03", "end": "2026-03-03", "dimensions": PLAN})
    parts = contributions(desk, "tickets_opened", scope=days, by=["plan"]).parts
    assert set(parts["group"]) == {"gold", "it's"}
    parts = contributions(desk, "tickets_opened", scope=days).parts
    assert set(parts["dimension"]) == {"source", "plan"}  # no ticket has any other


def test_a_dimension_that_no_settings_name_is_unknown(desk):
    with pytest.raises(InvalidRequest, match="no dimension 'plan'"):
        measure(desk, ["tickets_opened"], by=["plan"])
    with pytest.raises(InvalidRequest, match="no dimension 'plan'"):
        Scope(where=(("plan", ("gold",)),))


@pytest.mark.parametrize(
    ("dimensions", "problem"),
    [
        ({"channel": "custom_x"}, "dimension 'channel' already"),
        ({"customer_id": "custom_x"}, "means something else"),
        ({"value": "custom_x"}, "means something else"),
        ({"label": "custom_x"}, "means something else"),
        ({"My plan": "custom_x"}, "cannot name a dimension"),
        ({"plan": "Plan"}, "names no custom column"),
        ({"plan": "custom_"}, "names no custom column"),
        ({"plan": "custom_a']['b"}, "names no custom column"),
    ],
)
def test_a_dimension_must_not_clash_and_names_a_custom_column(tmp_path, dimensions, problem):
    ((name, column),) = dimensions.items()
    (tmp_path / "s.toml").write_text(f'[dimensions]\n"{name}" = "{column}"\n')
    with pytest.raises(InvalidSettings, match=problem):
        read_settings(tmp_path / "s.toml", Settings)


def test_the_dimensions_stand_in_the_settings_that_are_written_out(tmp_path):
    settings = Settings(dimensions={"plan": "custom_plan"})
    (tmp_path / "s.toml").write_text(as_toml(settings))
    assert read_settings(tmp_path / "s.toml", Settings) == settings


def test_the_settings_know_the_names_of_the_built_in_dimensions():
    assert set(DIMENSIONS) == BUILT_IN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a:1", "a:1"),
        ("2", "b:2"),
        ("b:2", "b:2"),
        (":1", "1"),
        ("3", "3"),
        (":3", "3"),
        (" :3\u00a0", "3"),
        ("a:1\u200b", "a:1"),
    ],
)
def test_a_ticket_is_named_with_its_source_or_without_where_one_has_it(desk, text, found):
    assert find_ticket(desk, text) == found


def test_an_ambiguous_ticket_is_refused_with_its_candidates(desk):
    with pytest.raises(InvalidRequest, match=r"several sources. Name one: :1, a:1, b:1\."):
        find_ticket(desk, "1")
    assert find_ticket(desk, "1", prefers_exact=True) == "1"
    with pytest.raises(InvalidRequest, match="no ticket ':2'"):
        find_ticket(desk, ":2")
