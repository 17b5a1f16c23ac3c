"""Hotspots: every step version, the surest trouble first."""

from metrics.catalog.signs import SIGNS
from metrics.query.scope import Scope
from metrics.settings.hotspot_rules import HotspotRules
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


STATES = ("hotspot", "hidden", "verdict", "baseline", "baseline_from")


def desk_of(*steps, workflow="w", definitions=()):
    """Twenty runs at each step; where its name begins with "hard", nine of them ask for help."""
    lines = [line for step in steps for line in runs(step, step, *[step[:4] == "hard"] * 9, *[False] * 11)]
    return warehouse(*(f"{line} workflow={workflow}" for line in lines), definitions=definitions)


def test_of_fewer_than_six_step_versions_nobody_knows_what_is_ordinary():
    row = hotspots(desk_of("hard", "b", "c", "d", "e")).row(0, named=True)
    assert [row[name] for name in STATES] == [None] * 5
    assert (row["step"], row["guided"], row["confusion_rate"]) == ("hard", True, 0.45)


def test_six_step_versions_are_held_against_their_median():
    row = hotspots(desk_of("hard", "b", "c", "d", "e", "f")).row(0, named=True)
    assert (row["hotspot"], row["baseline_from"]) == (True, "steps")
    assert row["hotspot_from"] == row["baseline"] + 0.02


def test_a_choice_of_few_steps_is_held_against_the_whole_desk():
    only = Scope(where=(("step", ("hard", "b")),))
    connection = desk_of("hard", "b", "c", "d", "e", "f")
    chosen, whole = hotspots(connection, scope=only), hotspots(connection)
    assert chosen["baseline_from"].to_list() == ["desk"] * 2
    names = ("step", "hotspot", "verdict", "baseline", "low", "high", "evidence")
    assert (
        chosen.select(names).rows()
        == whole.filter(step="hard").select(names).rows() + whole.filter(step="b").select(names).rows()
    )


def test_few_steps_are_held_against_others_only_where_those_are_six():
    def baseline_from(*others):
        lines = [line for step in ("hard", "b", "c") for line in runs(step, step, False, True)]
        lines += [f"{line} workflow=o" for step in others for line in runs(step, step, False, False)]
        return set(hotspots(warehouse(*lines), scope=Scope(where=(("workflow", ("w",)),)))["baseline_from"])

    assert baseline_from(*"defgh") == {None}
    assert baseline_from(*"defghi") == {"desk"}


def test_few_steps_are_held_against_what_their_definition_expects():
    defined = definition("hard > b confusion=0.05", "b is end")
    rows = hotspots(desk_of("hard", "b", definitions=defined)).select("step", *STATES).rows()
    assert rows == [
        ("hard", True, False, "unclear", 0.05, "definition"),
        ("b", None, None, None, None, None),
    ]


def test_the_least_effect_comes_from_the_settings():
    connection = desk_of("hard", "b", "c", "d", "e", "f")
    far = HotspotRules(least_points=0.5)
    assert hotspots(connection, rules=far)["hotspot"].to_list() == [False] * 6


def states(minutes, *, tickets=6):
    """Tickets that go from state to state, each for so long; nothing else is recorded."""
    for number in range(tickets):
        for place, state in enumerate(("new", "open", "waiting", "open")):
            yield f"t{number} entered @{place * minutes}m step={state} agent=a{(number + place) % 3}"
        yield f"t{number} run_finished @{4 * minutes}m"


def test_a_log_of_states_has_no_verdict_and_no_cost():
    ranked = hotspots(warehouse(*states(90)))
    names = ("guided", "hotspot", "hidden", "verdict", "cost_hours_per_week", "baseline")
    assert set(ranked.select(names).rows()) == {(False, None, None, None, None, None)}
    assert ranked["evidence"].struct.field("agents").null_count() == 3


def test_entering_steps_for_two_minutes_is_a_guided_workflow():
    assert hotspots(warehouse(*states(2)))["guided"].all()
    assert hotspots(warehouse(*states(60)))["guided"].all()  # over 60 minutes, not at 60


def test_steps_of_a_log_of_states_say_nothing_of_what_is_ordinary():
    guided = [line for step in ("a", "b", "c", "d", "hard") for line in runs(step, step, False, False)]
    ranked = hotspots(warehouse(*guided, *(f"{line} workflow=states" for line in states(90))))
    assert ranked.filter("guided")["baseline_from"].to_list() == [None] * 5
