"""The map of a workflow: where steps stand, what of it is drawn, and how it says what it shows."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.charts.palette import DARK, LIGHT
from dashboard.kit.tables.move_table import WAYS, move_table
from dashboard.views.process_map.charts import LETTERS, Map, process_map, tint
from dashboard.views.process_map.layers import layout
from dashboard.views.process_map.rare_paths import frequent_moves, frequent_steps
from dashboard.views.process_map.tables import variant_table
from metrics.process.process_map import WAYS as TOLD
from tests.dashboard.kit.test_palette import contrast
from tests.dashboard.test_pages import open_page
from tests.lengths import examples

STEPS = list("abcdefg")
PAIRS = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS)), max_size=20)


@given(PAIRS)
@examples(60)
def test_no_two_steps_stand_in_one_place_and_most_moves_lead_down(pairs) -> None:
    placed = layout(STEPS, pairs)
    assert set(placed.places) == set(STEPS)
    for one in STEPS:
        for other in STEPS:
            here, there = placed.places[one], placed.places[other]
            assert one == other or here.layer != there.layer or abs(here.lane - there.lane) >= 1
    onward = {(one, other) for one, other in pairs if one < other}
    if not {(other, one) for one, other in pairs} & onward and all(one < other for one, other in pairs):
        assert all(placed.places[one].layer < placed.places[other].layer for one, other in onward)
    assert layout(STEPS, list(reversed(pairs))) == placed


def test_a_branch_stands_beside_its_twin_and_a_shortcut_passes_beside_what_it_skips() -> None:
    placed = layout(
        ["ask", "yes", "no", "done"], [("ask", "yes"), ("ask", "no"), ("yes", "done"), ("no", "done")]
    )
    assert [placed.places[step].layer for step in ("ask", "yes", "no", "done")] == [0, 1, 1, 2]
    assert placed.places["yes"].lane == -placed.places["no"].lane
    skipped = layout(["ask", "look", "done"], [("ask", "look"), ("look", "done"), ("ask", "done")])
    assert abs(skipped.passing["ask", "done"] - skipped.places["look"].lane) >= 0.5


def test_a_circle_does_not_go_on_for_ever() -> None:
    placed = layout(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert [placed.places[step].layer for step in "abc"] == [0, 1, 2]


def moves(*rows: tuple[str | None, str | None, str, int]) -> pl.DataFrame:
    whole = {step: sum(n for one, _other, _way, n in rows if one == step) for step, *_rest in rows}
    told = [
        {
            "step": step,
            "next_step": other,
            "way": way,
            "moves": n,
            "confused": 0,
            "at_once": 0,
            "share": n / whole[step],
            "seconds": None if step is None else 30.0 + n,
            "seconds_p90": None if step is None else 90.0,
        }
        for step, other, way, n in sorted(rows, key=lambda row: -row[3])
    ]
    texts = dict.fromkeys(("step", "next_step"), pl.String)
    return pl.DataFrame(told, schema_overrides={**texts, "seconds": pl.Float64, "seconds_p90": pl.Float64})


ROWS = (
    (None, "ask", "began", 100),
    ("ask", "find", "allowed", 90),
    ("find", "done", "allowed", 80),
    ("find", "ask", "went back", 9),
    ("ask", "done", "not allowed", 6),
    ("ask", None, "given up", 4),
    ("done", None, "finished", 86),
    ("done", "done", "not known", 2),
)
FOUND = moves(*ROWS)
TITLES = {"ask": "Ask {b}", "find": "Find", "done": "Done"}
RANKED = pl.DataFrame(
    {
        "step": ["ask", "done", "find"],
        "title": ["Ask {b}", "Done", "Find the contract and the customer's letter of last year"],
        "visits": [109, 88, 90],
        "confused": [40, 1, 3],
        "hotspot": [True, False, False],
        "guided": [True] * 3,
        "confusion_rate": [40 / 109, 1 / 88, 3 / 90],
        "again": [0, 2, 0],
    }
)
DRAWN = Map(RANKED, FOUND, ("ask", "find", "done"), (("ask", "find"), ("find", "done")))


@given(st.floats(0.1, 1), st.floats(0.1, 1))
@examples(40)
def test_every_step_that_is_drawn_keeps_its_main_way_in_and_out(of_steps, of_moves) -> None:
    steps = frequent_steps(RANKED, of_steps)
    kept = frequent_moves(FOUND, steps, of_moves)
    inside = FOUND.filter(
        pl.col("step").is_null() | pl.col("step").is_in(steps),
        pl.col("next_step").is_null() | pl.col("next_step").is_in(steps),
    )
    assert sum(kept["moves"]) >= of_moves * sum(inside["moves"]) - 1e-9
    for end in ("step", "next_step"):
        assert set(kept[end]) == set(inside[end])
    assert set(frequent_steps(RANKED, 1.0)) == set(RANKED["step"])


def test_the_main_ways_of_a_step_lead_from_and_to_another_one() -> None:
    rows = (
        *ROWS,
        ("wait", "wait", "not known", 500),
        ("find", "wait", "allowed", 3),
        ("wait", "done", "allowed", 2),
    )
    found = frequent_moves(moves(*rows), ["ask", "find", "done", "wait"], 0.1)
    drawn = set(found.select("step", "next_step").rows())
    assert {("find", "wait"), ("wait", "done"), ("wait", "wait")} <= drawn
    # Repeats take no share of the moves between steps.
    assert ("find", "done") in drawn


def chart(palette=LIGHT, *, by_time=False, moves=FOUND):
    return process_map(DRAWN, moves=moves, by_time=by_time, headline="Ask confuses most", palette=palette)


def test_the_map_says_in_words_and_shapes_what_its_colours_say() -> None:
    drawn = chart()
    assert drawn.headline in drawn.alt
    lines, labels, steps, outside = parts(drawn)
    boxes = {step: text for (_kind, step), text in zip(steps.customdata, steps.text, strict=True)}
    assert "◆" in boxes["ask"]
    assert "37% of 109" in boxes["ask"]
    assert "↻ 2" in boxes["done"]
    assert [each.text[0].strip() for each in outside] == ["Start", "End", "Given up"]
    assert len({each.marker.symbol for each in outside}) == 3
    assert len(lines) == len(labels.text) == len(ROWS) - 1  # what stays at a step is told in its box
    moves_drawn = dict(zip(labels.hovertext, lines, strict=True))
    off = next(line for name, line in moves_drawn.items() if "not allowed" in name)
    back = next(line for name, line in moves_drawn.items() if "went back" in name)
    assert (off.line.dash, back.line.dash) == ("dash", "dot")
    assert len(back.x) > 2  # bent
    assert drawn.data.height == len(ROWS)


def test_a_line_goes_past_the_box_that_stands_between_its_ends() -> None:
    rows = (
        *(row for row in ROWS if row[0] is not None),
        (None, "find", "began", 60),
        (None, "ask", "began", 40),
    )
    lines, labels, steps, _outside = parts(chart(moves=moves(*rows)))
    lanes = {step: x for (_kind, step), x in zip(steps.customdata, steps.x, strict=True)}
    by_name = dict(zip([tuple(each) for each in labels.customdata], lines, strict=True))
    line = by_name["move", "", "find"]
    half = len(line.x) // 2
    assert abs(line.x[half] - lanes["ask"]) > 0.4
    assert len(by_name["move", "", "ask"].x) == 2


def test_lines_stand_for_number_or_time_and_every_line_is_told() -> None:
    _lines, labels, *_rest = parts(chart(by_time=True))
    assert "2 min" in labels.text
    _lines, labels, *_rest = parts(chart())
    assert set(labels.text) >= {"90", "9"}


def test_boxes_and_labels_of_lines_name_what_a_click_asks_for() -> None:
    _lines, labels, steps, _outside = parts(chart())
    assert {tuple(thing) for thing in steps.customdata} == {("step", name) for name in TITLES}
    assert ("move", "find", "ask") in {tuple(thing) for thing in labels.customdata}


def test_the_text_of_a_box_shrinks_to_stay_within_it_on_a_phone() -> None:
    _lines, _labels, steps, _outside = parts(chart())
    assert steps.constraintext == "inside"
    longest = max(len(line) for text in steps.text for line in re.sub("</?b>", "", text).split("<br>"))
    assert longest <= LETTERS


def parts(drawn):
    """The lines, their labels, the boxes and what lies outside of a map."""
    traces = drawn.figure.data
    lines = [each for each in traces if each.type == "scatter" and each.mode == "lines+markers"]
    (labels,) = [each for each in traces if each.type == "scatter" and each.customdata is not None]
    (steps,) = [each for each in traces if each.type == "bar"]
    outside = [each for each in traces if each.type == "scatter" and each.hoverinfo == "skip"]
    return lines, labels, steps, [each for each in outside if each.mode == "markers+text"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3, 1.0])
def test_a_title_reads_on_every_tint(palette, rate) -> None:
    assert contrast(palette.text, tint(palette, rate)) >= 4.5


def test_nothing_to_draw_says_why_and_what_next() -> None:
    drawn = chart(moves=FOUND.clear())
    assert drawn.figure is None
    assert "longer period" in drawn.why_empty


def test_each_way_has_its_words() -> None:
    assert set(WAYS) == set(TOLD)


def test_the_table_of_moves_has_a_row_for_each() -> None:
    shown = move_table(FOUND, TITLES)
    assert shown.frame.height == len(ROWS)
    assert set(shown.columns) == set(shown.frame.columns)


def test_a_variant_is_told_by_where_it_differs_from_the_most_frequent() -> None:
    paths = pl.DataFrame(
        {
            "path": [["ask", "find", "done"], ["ask", "find", "ask", "find", "done"], ["done"]],
            "runs": [5, 2, 1],
            "share": [0.5, 0.2, 0.1],
            "share_so_far": [0.5, 0.7, 0.8],
            "median_seconds": [60.0, 90.0, None],
        }
    )
    shown = variant_table(paths, {"ask": "A", "find": "F", "done": "D"}).frame
    assert shown["where"].to_list() == ["(the most frequent way)", "… → F → A → F → D", "D"]
    assert shown["path"][1] == "A → F → A → F → D"


def test_a_link_chooses_the_version_the_lines_and_how_much_is_drawn(monkeypatch, warehouses) -> None:
    link = {
        "period": "All data",
        "version": "refund v2",
        "lines": "median time",
        "paths": "0.8",
        "steps": "0.9",
    }
    app = open_page(monkeypatch, warehouses["full"], "process_map", **link)
    assert not app.warning
    assert app.select_slider(key="paths").value == "0.8"
    assert app.selectbox(key="version").value == "refund v2"
    assert "no definition" in " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize("key", ["version", "lines", "paths", "steps", "of"])
def test_what_a_link_asks_for_and_is_not_there_falls_back(monkeypatch, warehouses, key) -> None:
    app = open_page(monkeypatch, warehouses["full"], "process_map", **{key: "**pigeon**"})
    assert not app.exception
    assert "pigeon" in app.warning[0].value
    assert "**pigeon**" not in app.warning[0].value
