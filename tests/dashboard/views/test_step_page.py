"""The page of one step: what goes wrong, week by week, where runs go, and whom it concerns."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.kit.charts.palette import LIGHT
from dashboard.views.step.groups import held_by, holder_table
from dashboard.views.step.tables import answer_table, help_table, search_table
from dashboard.views.step.ways import step_ways
from tests.dashboard.test_pages import open_page
from tests.dashboard.views.test_process_map import FOUND, TITLES

STEP = "decide · refund v2"


def test_a_link_opens_the_step_and_tells_it_from_its_signs_to_its_runs(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "step", period="All data", step=STEP, sign="Asked help")
    assert not app.warning
    assert not app.exception
    heads = " ".join(heading.value.replace("\\", "") for heading in app.header)
    assert "“decide”: the most frequent sign is asked help" in heads
    assert "Asked help:" in heads
    assert "What happens right before help is asked" not in heads  # fewer than five agents did there
    assert any("Nothing preceded calls for help of 5 agents" in each.value for each in app.caption)
    assert "Confused visits, the newest first" in heads
    said = " ".join(caption.value.replace("\\", "") for caption in app.caption)
    assert "No answer given here was changed later by 5 agents or more." in said


@pytest.mark.parametrize("key", ["step", "sign", "who"])
def test_what_a_link_asks_for_and_is_not_there_falls_back(monkeypatch, warehouses, key) -> None:
    app = open_page(monkeypatch, warehouses["full"], "step", **{key: "**pigeon**"})
    assert not app.exception
    assert "pigeon" in app.warning[0].value
    assert "**pigeon**" not in app.warning[0].value


def test_no_agent_is_on_the_page(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "step", period="All data", step=STEP)
    cells = {str(cell) for shown in app.dataframe for row in shown.value.values for cell in row}
    assert not cells & {f"a{number}" for number in range(7)}


def test_the_ways_of_a_step_are_told_aloud_and_marked() -> None:
    drawn = step_ways("ask", FOUND, TITLES, palette=LIGHT)
    assert (
        "8.3% of 109 visits are left by going back" not in drawn.headline
    )  # runs go back to it, not from it
    assert "0% of 100 visits are left by going back" in drawn.headline
    written = [each.text for each in drawn.figure.layout.annotations]
    assert any(text.startswith("↩ Find") for text in written)
    assert any(text.startswith("⚠ Done") for text in written)
    assert drawn.data["source", "target", "value"].rows() == [
        ("Start of the run", "Ask {b}", 100),
        ("↩ Find", "Ask {b}", 9),
        ("Ask {b}", "Find", 90),
        ("Ask {b}", "⚠ Done", 6),
        ("Ask {b}", "Given up", 4),
    ]
    assert drawn.headline in drawn.alt
    assert step_ways("nobody", FOUND, TITLES, palette=LIGHT).figure is None


HELD = pl.DataFrame(
    {
        "channel": ["chat", None],
        "visits": [50, 40],
        "confused": [20, 4],
        "confusion_rate": [0.4, 0.1],
        "low": [0.28, 0.04],
        "high": [0.54, 0.23],
        "excess": [15.0, -12.0],
        "excess_share": [1.0, 0.0],
        "stands_out": [True, False],
    }
)


def test_who_is_affected_is_told_only_beside_somebody_else() -> None:
    told = held_by(HELD, "channel", overall=24 / 90, palette=LIGHT)
    assert told.headline == "“chat” leads: 40% of 50 visits confused, against 27% at the whole step"
    assert "The line" in told.note
    assert told.data["name"].to_list() == ["chat", "(not recorded)"]
    assert [shape.x0 for shape in told.figure.layout.shapes] == [pytest.approx(100 * 24 / 90)]
    alike = HELD.with_columns(stands_out=False)
    assert "no group is clearly above" in held_by(alike, "channel", overall=24 / 90, palette=LIGHT).headline
    assert held_by(HELD.head(1), "channel", overall=0.4, palette=LIGHT).figure is None
    assert holder_table(HELD, "channel").frame["name"].to_list() == ["chat", "(not recorded)"]


def test_the_tables_of_causes_have_the_columns_they_name() -> None:
    answers = pl.DataFrame({"answer": ["a"], "new_answer": [None], "changes": [3], "share": [1.0]})
    searches = pl.DataFrame(
        {
            "words": ["iban"],
            "searches": [4],
            "counted": [3],
            "without_hits_share": [1 / 3],
            "low": [0.06],
            "high": [0.79],
        }
    )
    requests = pl.DataFrame(
        {
            "kind_before": ["entered", "new kind"],
            "requests": [3, 1],
            "share": [0.75, 0.25],
            "median_seconds": [9.0, None],
        }
    )
    for shown in (answer_table(answers), search_table(searches), help_table(requests)):
        assert set(shown.columns) == set(shown.frame.columns)
    assert help_table(requests).frame["before"].to_list() == ["entering the step", "new kind"]
