"""Hotspots: every step version, the surest trouble first."""

from metrics.catalog.signs import SIGNS
from metrics.query.scope import Scope
from metrics.steps.hotspots import hotspots
from tests.metrics.histories import definition, warehouse


def runs(ticket, step, *helped, minutes=1):
    """One run per mark, on its own ticket, at one step; where the mark is true, help is asked for."""
    for number, asks in enumerate(helped):
        name = f"{ticket}{number}"
        yield f"{name} entered @0m step={step}"
        if asks:
            yield f"{name} asked_help @0m"
        yield f"{name} run_finished @{minutes}m"


def test_a_rare_step_does_not_top_the_list_by_luck():
    lines = (
        *runs("a", "common", *[True] * 15, *[False] * 5),
        *runs("b", "rare", True),
        *runs("c", "calm", *[False] * 9),
    )
    ranked = hotspots(warehouse(*lines))
    assert ranked["step"].to_list() == ["common", "rare", "calm"]
    assert ranked["confusion_rate"].to_list() == [0.75, 1.0, 0.0]
    assert ranked["visits"].to_list() == [20, 1, 9]


def test_each_sign_counts_alone_with_its_own_denominator():
    lines = ("a entered @0m step=ask", "a entered @1m step=pay", "a run_finished @2m")
    defined = definition("ask > find", "find > pay", "pay is end")
    known = hotspots(warehouse(*lines, definitions=defined)).row(0, named=True)
    assert (known["step"], known["title"]) == ("ask", "Ask")
    assert known["signs"]["off_path"] == {"visits": 1, "n": 1, "rate": 1.0}
    unknown = hotspots(warehouse(*lines)).row(0, named=True)
    assert unknown["signs"]["off_path"] == {"visits": 0, "n": 0, "rate": None}
    assert unknown["signs"]["searched"] == {"visits": 0, "n": 1, "rate": 0.0}
    assert list(unknown["signs"]) == [sign.name for sign in SIGNS]


def test_no_data_gives_an_empty_list_of_the_same_shape():
    empty, full = hotspots(warehouse()), hotspots(warehouse(*runs("a", "ask", True)))
    assert (empty.height, empty.schema) == (0, full.schema)


def test_the_scope_filters_visits():
    lines = (*runs("a", "ask", True), *runs("b", "find", False))
    assert hotspots(warehouse(*lines), scope=Scope(where=(("step", ("find",)),)))["step"].to_list() == [
        "find"
    ]


def test_with_a_single_step_there_is_nothing_to_compare_with():
    alone = hotspots(warehouse(*runs("a", "ask", *[True] * 9))).row(0, named=True)
    assert [alone[name] for name in ("hotspot", "hidden", "verdict")] == [None, None, None]
