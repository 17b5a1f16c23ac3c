"""The signs of confusion, each on the visit it belongs to."""

from metrics.catalog.signs import SIGNS
from metrics.query.measure import measure
from tests.metrics.histories import definition, rows, visits, warehouse


def signs(*lines, definitions=(), as_of=None):
    """Of each visit: the names of the signs it shows."""
    return [
        " ".join(sign.name for sign in SIGNS if getattr(visit, sign.name))
        for visit in visits(*lines, definitions=definitions, as_of=as_of)
    ]


def test_a_plain_visit_shows_none():
    assert signs("a entered @0m step=ask", "a answered @1m value=x", "a run_finished @2m") == [""]


def test_help_and_searches_belong_to_the_visit_they_happen_in():
    lines = ("a entered @0m step=ask", "a asked_help @1m", "a entered @2m step=find", "a searched @3m hits=0")
    assert signs(*lines, "a run_finished @4m") == ["asked_help", "searched"]


def test_a_changed_answer_counts_on_the_earlier_visit():
    lines = (
        "a entered @0m step=ask",
        "a answered @1m value=yes",
        "a entered @2m step=find",
        "a went_back @3m value=ask",
        "a entered @3m step=ask",
        "a answered @4m value=no",
        "a run_finished @5m",
    )
    assert signs(*lines) == ["changed_answer", "", ""]
    assert signs(*(line.replace("value=no", "value=yes") for line in lines)) == ["", "", ""]
    assert signs(*(line for line in lines if "value=no" not in line)) == ["", "", ""]


def test_coming_round_again_without_going_back_changes_no_answer_but_repeats():
    lines = (
        "a entered @0m step=ask",
        "a answered @1m value=yes",
        "a entered @2m step=find",
        "a entered @3m step=ask",
        "a answered @4m value=no",
        "a run_finished @5m",
    )
    assert signs(*lines) == ["repeated", "", ""]


def test_a_return_by_design_is_no_repetition():
    lines = ("a entered @0m step=item", "a entered @1m step=item", "a run_finished @2m")
    assert signs(*lines) == ["repeated", ""]
    assert signs(*lines, definitions=definition("item > item done by-design", "done is end")) == ["", ""]


def test_going_back_anywhere_between_two_visits_is_no_repetition():
    lines = (
        "a entered @0m step=ask",
        "a entered @1m step=find",
        "a entered @2m step=pay",
        "a went_back @3m",
        "a entered @3m step=find",
        "a entered @4m step=ask",
        "a run_finished @5m",
    )
    assert signs(*lines) == ["", "", "", "", ""]


def gone_back(seconds, *then, definitions=()):
    """The signs where a run goes back from find to ask."""
    lines = ("a entered @0s step=ask", "a answered @1s value=yes", "a entered @60s step=find")
    there = (f"a went_back @{60 + seconds}s", "a entered @90s step=ask", *then)
    return signs(*lines, *there, "a run_finished @4m", definitions=definitions)


def test_backing_out_is_going_back_within_fifteen_seconds_to_ask_or_to_answer_otherwise():
    assert gone_back(15, "a asked_help @2m") == ["", "backed_out", "asked_help"]
    assert gone_back(16, "a asked_help @2m") == ["", "", "asked_help"]
    assert gone_back(15, "a answered @2m value=no") == ["changed_answer", "backed_out", ""]


def test_a_peek_back_is_no_sign():
    assert gone_back(15) == ["", "", ""]
    assert gone_back(15, "a answered @2m value=yes", "a entered @3m step=pay", "a asked_help @4m") == [
        *("", "", ""),
        "asked_help",
    ]


def test_what_came_of_going_back_is_looked_for_until_the_run_goes_on():
    further = ("a went_back @2m", "a entered @3m step=start", "a asked_help @4m")
    assert gone_back(15, *further) == ["", "backed_out", "", "asked_help"]


def test_where_the_customer_decides_or_returns_are_meant_another_answer_is_no_sign():
    for mark in ("customer-decides", "by-design"):
        meant = definition(f"ask > find {mark}", "find > ask")
        assert gone_back(15, "a answered @2m value=no", definitions=meant) == ["", "", ""]


def test_help_that_is_meant_is_no_sign():
    lines = ("a entered @0m step=ask", "a asked_help @1m", "a run_finished @2m")
    assert signs(*lines, definitions=definition("ask is end help-meant")) == [""]


def test_going_back_and_then_going_on_is_not_leaving_by_going_back():
    lines = ("a entered @0s step=ask", "a went_back @5s", "a answered @6s value=x", "a entered @7s step=find")
    assert signs(*lines, "a run_finished @9s") == ["", ""]


def test_one_refused_input_is_a_weak_sign_and_two_are_a_strong_one():
    lines = ("a entered @0m step=ask", "a input_rejected @1m")
    assert signs(*lines, "a run_finished @3m") == ["input_rejected_once"]
    assert signs(*lines, "a input_rejected @2m", "a run_finished @3m") == ["input_rejected"]


def test_giving_up_shows_on_the_last_visit():
    lines = ("a entered @0m step=ask", "a entered @1m step=find", "a run_abandoned @2m")
    assert signs(*lines) == ["", "abandoned"]


PATH = definition(
    "ask > find help", "find > pay required", "pay > done", "help is escalation > done", "done is end"
)


def off_path(*lines, definitions=PATH):
    return [visit.off_path for visit in visits(*lines, "a run_finished @59m", definitions=definitions)]


def test_a_move_that_the_definition_does_not_allow_is_off_path():
    assert off_path("a entered @0m step=ask", "a entered @1m step=find") == [False, False]
    assert off_path("a entered @0m step=ask", "a entered @1m step=pay") == [True, False]


def test_without_a_definition_nobody_knows():
    assert off_path("a entered @0m step=ask", "a entered @1m step=pay", definitions=()) == [None, None]
    assert off_path("a entered @0m step=ask version=2") == [None]


def test_going_back_is_not_off_path():
    lines = ("a entered @0m step=ask", "a entered @1m step=find", "a went_back @2m", "a entered @3m step=ask")
    assert off_path(*lines) == [False, False, False]


def test_an_escalation_needs_an_escalation_step_that_may_follow():
    assert off_path("a entered @0m step=ask", "a escalated @1m run=r") == [False]
    assert off_path("a entered @0m step=help", "a escalated @1m run=r") == [False]
    assert off_path("a entered @0m step=find", "a escalated @1m run=r") == [True]
    assert off_path("a entered @0m step=find", "a escalated @1m") == [False]  # of the ticket, not of the run


def test_skipping_a_required_step_is_off_path():
    assert off_path("a entered @0m step=find", "a skipped @1m") == [True]
    assert off_path("a entered @0m step=ask", "a skipped @1m") == [False]


def runs_of(step, *minutes):
    """A ticket per run, each that many minutes at the step."""
    for number, length in enumerate(minutes):
        yield from (f"t{number} entered @0m step={step}", f"t{number} run_finished @{length}m")


def test_fluent_time_is_the_median_unpaused_dwell_of_visits_without_another_sign():
    lines = (
        *runs_of("ask", 1, 2, 3, 50),
        "x entered @0m step=ask",
        "x searched @1m hits=0",
        "x run_finished @9m",
        "y entered @0m step=ask",
        "y run_abandoned @9m",
    )
    (fluent,) = rows(warehouse(*lines), "fluent_times").to_dicts()
    assert (fluent["fluent_us"], fluent["visits"]) == (2.5 * 60_000_000, 4)


def stays(*seconds):
    """Runs of one visit to ask each, so many seconds long."""
    return [
        line
        for place, length in enumerate(seconds)
        for line in (f"t{place} entered @0s step=ask", f"t{place} run_finished @{length}s")
    ]


def rushed(*lines, definitions=()):
    """Of each visit whether it is rushed; and the fluent time of ask, in seconds."""
    connection = warehouse(*lines, definitions=definitions)
    shown = rows(connection, "visits_with_signs").sort("ticket_id")["is_rushed"].to_list()
    fluent_us = rows(connection, "fluent_times")["fluent_us"].max()
    return shown, fluent_us and fluent_us / 1e6


def test_where_most_click_through_the_fluent_time_is_that_of_the_others():
    lines = stays(1, 2, 2, 3, 40, 50, 60)
    assert rushed(*lines) == ([True] * 4 + [False] * 3, 50)
    assert signs(*lines) == [""] * 7


def test_rushed_is_a_few_seconds_and_far_under_what_an_unhurried_visit_takes():
    assert rushed(*stays(3, 4, 20)) == ([True, False, False], 12)
    assert rushed(*stays(4, 5, 5, 99, 99, 99)) == ([True] + [False] * 5, 99)
    assert rushed(*stays(1, 2, 3)) == ([False] * 3, 2)  # a step of seconds


def test_where_everybody_clicks_through_the_definition_tells():
    assert rushed(*stays(1, 2, 3), definitions=definition("ask is end seconds=40")) == ([True] * 3, None)


def test_a_run_that_began_after_the_last_solve_is_rushed_and_sets_no_fluent_time():
    late = ("a opened @0s", "a solved @9s", "a entered @10s step=ask", "a run_finished @90s")
    assert rushed(*late) == ([True], None)
    assert rushed(*late, "a reopened @95s", "a solved @99s") == ([False], 80)


def test_a_finished_run_is_clicked_through_where_four_in_five_visits_are_rushed():
    careful = [f"t{n} {what}" for n in range(5) for what in ("entered @0s step=ask", "run_finished @60s")]
    for clicked, is_rushed in ((3, False), (4, True)):
        clicks = [f"a entered @{n}s step=ask" for n in range(clicked + 1)]
        ended = rows(warehouse(*careful, *clicks, "a run_finished @50s"), "ended_runs")
        assert ended.filter(ticket_id="a")["is_rushed"].to_list() == [is_rushed]
        told = measure(
            warehouse(*careful, *clicks, "a run_finished @50s", "a solved @60s"), ["clicked_through_rate"]
        )
        assert told.select("value", "n").row(0) == (is_rushed, 1)
    given_up = rows(warehouse(*careful, "a entered @0s step=ask", "a run_abandoned @1s"), "ended_runs")
    assert given_up.filter(ticket_id="a")["is_rushed"].to_list() == [None]


def test_of_a_run_whose_end_nobody_knows_it_is_not_said_that_it_was_not_clicked_through():
    silent = [f"s{n} entered @0s step=ask" for n in range(30)]
    ended = rows(
        warehouse(*silent, "a entered @0s step=ask", "a run_finished @9s", "z opened @9d"), "ended_runs"
    )
    assert {*ended.filter(ended["ticket_id"] != "a")["is_rushed"]} == {None}
    assert ended.filter(ticket_id="a")["is_rushed"].to_list() == [False]


def test_a_solve_that_was_undone_before_the_last_event_of_a_run_finishes_none():
    lines = (
        "a opened @0h",
        "a entered @1h step=ask",
        "a solved @2h",
        "a reopened @3h",
        "a answered @50h value=x",
    )
    (visit,) = visits(*lines, "b opened @9d")
    assert visit.abandoned
    (visit,) = visits(*lines, "a solved @50h", "b opened @9d")
    assert not visit.abandoned


def test_hesitation_is_over_three_fluent_times():
    assert signs(*runs_of("ask", 1, 1, 1, 3)) == ["", "", "", ""]
    assert signs(*runs_of("ask", 1, 1, 1, 4)) == ["", "", "", "hesitated"]
    assert signs(*runs_of("ask", 1, 1, 1, 4), definitions=definition("ask is end wait-meant"))[-1] == ""


def test_a_pause_is_a_hesitation_only_where_it_ends_in_help_or_giving_up():
    cases = [
        ("", ("run_finished @2m",), ""),
        ("", ("asked_help @2m", "run_finished @2m"), "asked_help hesitated"),
        ("", ("run_abandoned @2m",), "abandoned hesitated"),
        ("value=colleague", ("run_abandoned @2m",), "abandoned hesitated"),
        ("value=customer", ("run_abandoned @2m",), "abandoned"),
        ("value=system", ("asked_help @2m", "run_finished @2m"), "asked_help"),
    ]
    lines = [
        f"x{place} {what}"
        for place, (pause, then, _) in enumerate(cases)
        for what in ("entered @0m step=ask", f"paused @0m {pause}", "resumed @1m", *then)
    ]
    assert signs(*runs_of("ask", 1, 1, 1), *lines)[3:] == [shown for *_, shown in cases]


def test_hesitation_is_not_known_where_no_visit_was_fluent():
    (visit,) = visits("a entered @0m step=ask", "a asked_help @1m", "a run_finished @9m")
    assert visit.hesitated is None


def test_confused_is_one_strong_sign_or_two_different_weak_ones():
    cases = [
        ((), False),
        (("asked_help",), True),
        (("searched",), False),
        (("searched", "searched"), False),
        (("searched hits=0", "paused"), False),
        (("searched hits=0", "input_rejected"), True),
        (("searched hits=5", "input_rejected"), False),
        (("input_rejected", "input_rejected"), True),
    ]
    lines = [
        f"t{place} {what}"
        for place, (happened, _) in enumerate(cases)
        for what in ("entered @0m step=ask", *(f"{each} @1m" for each in happened), "run_finished @2m")
    ]
    assert [visit.is_confused for visit in visits(*lines)] == [confused for _, confused in cases]


def test_a_search_is_a_sign_where_it_was_in_vain():
    cases = [
        (("searched @1m hits=5",), False),
        (("searched @1m hits=0",), True),
        (("searched @1m hits=5", "searched @1m hits=5"), True),
        (("searched @1m hits=5", "asked_help @1m"), True),
        (("asked_help @1m", "searched @1m hits=5"), False),
        (("searched @1m",), None),
    ]
    lines = [
        f"t{place} {what}"
        for place, (happened, _) in enumerate(cases)
        for what in ("entered @0m step=ask", *happened, "run_finished @2m")
    ]
    assert [visit.searched for visit in visits(*lines)] == [shown for _, shown in cases]


def test_a_run_without_an_end_is_finished_where_its_ticket_was_solved_with_it():
    cases = [("@30m", True), ("@1h", False), ("@3h", False), ("@3h1m", True), (None, True)]
    lines = [
        f"t{place} {what}"
        for place, (solved, _) in enumerate(cases)
        for what in (
            *("opened @0h", "entered @1h step=ask", "answered @2h value=x"),
            *((f"solved {solved}",) if solved else ()),
        )
    ]
    found = visits(*lines, "z opened @9d")
    assert [visit.abandoned for visit in found] == [is_given_up for _, is_given_up in cases]


def test_a_run_that_says_it_was_given_up_was_so_whatever_became_of_its_ticket():
    lines = ("a opened @0h", "a entered @1h step=ask", "a run_abandoned @2h", "a solved @2h")
    assert signs(*lines) == ["abandoned"]


def test_a_search_that_is_meant_is_no_sign():
    lines = ("a entered @0m step=find", "a searched @1m hits=0", "a run_finished @2m")
    assert signs(*lines, definitions=definition("find > done", "done is end")) == ["searched"]
    assert signs(*lines, definitions=definition("find > done searching", "done is end")) == [""]


def test_a_visit_hesitates_beyond_the_time_that_its_definition_expects():
    lines = list(runs_of("ask", 1, 1, 1, 4))
    assert signs(*lines, definitions=definition("ask is end seconds=60"))[-1] == "hesitated"
    assert signs(*lines, definitions=definition("ask is end seconds=90"))[-1] == ""


def test_where_no_untroubled_visit_is_recorded_the_expected_time_is_the_fluent_one():
    lines = ("a entered @0m step=ask", "a asked_help @1m", "a run_finished @5m")
    (visit,) = visits(*lines, definitions=definition("ask is end seconds=60"))
    assert (visit.fluent_us, visit.hesitated) == (60e6, True)
