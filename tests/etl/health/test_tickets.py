"""Wrong order, skewed clocks, tickets without a beginning, runs without an end, steps nobody defined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from etl.health.finding import Severity
from etl.health.run_checks import CHECKS, run_checks, unused_dimensions
from tests.etl.health.histories import MONDAY, Rows, Ward, event, minutes, step, ward

THIRTY = range(30)


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([event("a", MONDAY), event("a", MONDAY - minutes(5), "solved")], "solved before"),
        ([event("a", MONDAY), event("a", MONDAY - minutes(5), "closed")], "closed before"),
        (
            [event("a", MONDAY), event("a", MONDAY - minutes(5), "rated", score=1.0, scale_max=1.0)],
            "rated before",
        ),
        ([event("a", MONDAY, "solved"), event("a", MONDAY - minutes(5), "reopened")], "reopened before"),
        (
            [event("a", MONDAY), event("a", MONDAY - minutes(5), "replied", actor="agent")],
            "replied before it was opened",
        ),
        ([event("a", MONDAY), event("a", MONDAY - minutes(5), "contact_abandoned")], "hung up or left"),
        ([event("a", MONDAY), event("a", MONDAY - minutes(5), "assigned")], "assigned"),
        (
            [event("a", MONDAY, "held"), event("a", MONDAY - minutes(5), "released")],
            "before it was ever held",
        ),
        (
            [event("a", MONDAY, "solved"), event("a", MONDAY - minutes(5), "followed_up")],
            "followed up before",
        ),
        ([step("a", MONDAY), step("a", MONDAY - minutes(5), "answered")], "before its first step"),
        (
            [
                *(step("a", MONDAY - minutes(60)), step("a", MONDAY, step="pay")),
                step("a", MONDAY - minutes(5), "answered", step="pay"),
            ],
            "before the step was entered",
        ),
        (
            [step("a", MONDAY, "searched"), step("a", MONDAY - minutes(5), "run_finished")],
            "after the run had",
        ),
        ([step("a", MONDAY), step("a", MONDAY - minutes(5), "run_finished")], "after its run had ended"),
        ([step("a", MONDAY, "paused"), step("a", MONDAY - minutes(5), "resumed")], "resumed before"),
    ],
)
def test_what_ends_before_it_begins_is_named(rows: Rows, what: str) -> None:
    found = ward(rows).found("wrong_order")
    assert {finding.severity for finding in found} == {Severity.LOOK}
    assert any(what in text and "5 minutes" in text for text in [str(finding.message) for finding in found])


def test_what_happens_at_one_instant_is_in_no_wrong_order() -> None:
    rows = [
        event("a", MONDAY),
        event("a", MONDAY, "solved"),
        step("a", MONDAY),
        step("a", MONDAY, "run_finished"),
    ]
    assert ward(rows).severity("wrong_order") == Severity.OK


def test_neither_an_answer_to_an_earlier_message_nor_a_ticket_taken_back_is_in_wrong_order() -> None:
    rows = [
        event("a", MONDAY),
        event("a", MONDAY - minutes(5), "replied", actor="agent"),
        event("a", MONDAY - minutes(6), "replied", actor="customer"),
        event("b", MONDAY),
        event("b", MONDAY + minutes(1), "discarded"),
        event("b", MONDAY + minutes(2), "reopened"),
        event("b", MONDAY + minutes(3), "solved"),
    ]
    assert ward(rows).severity("wrong_order") == Severity.OK


def test_many_negative_durations_are_suspicious() -> None:
    rows = [
        row for n in THIRTY for row in (event(f"{n}", MONDAY), event(f"{n}", MONDAY - minutes(1), "solved"))
    ]
    assert ward(rows).severity("wrong_order") == Severity.SUSPICIOUS


@pytest.mark.parametrize(("early", "severity"), [(0, "ok"), (10, "look"), (30, "suspicious")])
def test_a_second_source_whose_events_lie_before_the_openings_of_the_first_has_another_clock(
    early: int, severity: str
) -> None:
    tickets = [event(f"{n}", MONDAY) for n in THIRTY]
    calls = [step(f"{n}", MONDAY + minutes(-10 if n < early else 10)) for n in THIRTY]
    (finding,) = ward(tickets, calls).found("clock_skew")
    assert finding.severity == severity
    if early:
        assert finding.source == "b.csv"
        assert "a.csv" in str(finding.message)
        assert "10 minutes" in str(finding.message)


def test_an_actor_whose_events_lie_before_the_opening_has_another_clock() -> None:
    rows = [event(f"{n}", MONDAY) for n in THIRTY]
    bots = [event(f"{n}", MONDAY - minutes(3), "replied", actor="bot") for n in THIRTY]
    (finding,) = ward([*rows, *bots]).found("clock_skew")
    assert (finding.severity, finding.numbers["actor"]) == (Severity.SUSPICIOUS, "bot")


@pytest.mark.parametrize(("unopened", "severity"), [(0, "ok"), (1, "look"), (15, "suspicious"), (30, "look")])
def test_tickets_without_an_opening_are_counted(unopened: int, severity: str) -> None:
    """Where none has one, the source does not tell it, which is not suspicious."""
    rows = [event(f"{n}", MONDAY, "solved" if n < unopened else "opened") for n in THIRTY]
    (finding,) = ward(rows).found("missing_openings")
    assert (finding.severity, finding.numbers.get("unopened", 0)) == (severity, unopened)


@pytest.mark.parametrize(("times", "severity"), [(1, "ok"), (2, "look"), (4, "suspicious")])
def test_a_reopening_that_is_told_on_every_row_is_named(times: int, severity: str) -> None:
    rows = [
        event(f"{n}", MONDAY + minutes(at), kind)
        for n in THIRTY
        for at, kind in enumerate(["opened", "solved", *["reopened"] * times, "solved"])
    ]
    assert ward(rows).severity("repeated_reopenings") == severity


@pytest.mark.parametrize("kind", ["solved", "closed", "discarded", "merged"])
def test_a_ticket_that_came_to_an_end_between_was_reopened_anew(kind: str) -> None:
    rows = [
        event(f"{n}", MONDAY + minutes(at), what)
        for n in THIRTY
        for at, what in enumerate(["opened", kind, "reopened", kind, "reopened"])
    ]
    assert ward(rows).severity("repeated_reopenings") == Severity.OK


def merged(ticket: str, into: str | None, at: int = 1) -> list[dict[str, Any]]:
    return [event(ticket, MONDAY), event(ticket, MONDAY + minutes(at), "merged", value=into)]


def test_merges_in_a_circle_into_nothing_and_into_missing_tickets_are_named() -> None:
    ok = [*merged("a", "b"), *merged("b", "c"), event("c", MONDAY)]
    assert ward(ok).severity("broken_merges") == Severity.OK
    circle = [*merged("d", "e"), *merged("e", "f"), *merged("f", "e"), *merged("g", "g")]
    (finding,) = ward([*ok, *circle, *merged("h", "x"), *merged("i", "h"), *merged("j", None)]).found(
        "broken_merges"
    )
    counted = {name: finding.numbers[name] for name in ("merges", "circular", "missing", "unnamed")}
    assert counted == {"merges": 9, "circular": 4, "missing": 2, "unnamed": 1}
    assert (finding.severity, finding.numbers["examples"]) == (Severity.LOOK, ["d", "e", "f"])
    many = [row for n in THIRTY for row in merged(f"t{n}", f"gone{n}")]
    assert ward(many).severity("broken_merges") == Severity.SUSPICIOUS


def test_a_merge_that_was_taken_back_or_leads_to_a_ticket_of_a_later_load_is_not_broken() -> None:
    back = [*merged("a", "gone"), event("a", MONDAY + minutes(2), "reopened")]
    made = ward([*back, *merged("b", "c")])
    assert made.severity("broken_merges") == Severity.LOOK
    made.load([event("c", MONDAY)], "later.csv")
    assert made.severity("broken_merges") == Severity.OK


@pytest.mark.parametrize(("endless", "severity"), [(0, "ok"), (5, "look"), (20, "suspicious")])
def test_runs_without_an_end_are_counted(endless: int, severity: str) -> None:
    rows = [step(f"{n}", MONDAY) for n in THIRTY]
    rows += [step(f"{n}", MONDAY + minutes(5), "run_finished") for n in THIRTY if n >= endless]
    rows.append(event("later", MONDAY + timedelta(days=3)))
    assert ward(rows).severity("endless_runs") == severity


@pytest.mark.parametrize(("rushed", "severity"), [(3, "ok"), (6, "look"), (12, "suspicious")])
@pytest.mark.parametrize("careful_minutes", [2, 300])
def test_runs_clicked_through_are_counted_but_not_where_steps_are_states(
    rushed: int, severity: str, careful_minutes: int
) -> None:
    rows = []
    for n in THIRTY:
        pace = timedelta(seconds=2) if n < rushed else minutes(careful_minutes)
        rows += [step(f"{n}", MONDAY + place * pace, step=name) for place, name in enumerate("abc")]
        rows.append(step(f"{n}", MONDAY + 3 * pace, "run_finished", step="c"))
    assert ward(rows).severity("rushed_runs") == (severity if careful_minutes == 2 else "ok")


def test_where_every_run_takes_seconds_nobody_says_that_none_was_clicked_through() -> None:
    rows = [step(f"{n}", MONDAY + timedelta(seconds=at), step=f"{at}") for n in THIRTY for at in range(3)]
    rows += [step(f"{n}", MONDAY + timedelta(seconds=3), "run_finished", step="2") for n in THIRTY]
    assert ward(rows).severity("rushed_runs") == Severity.LOOK


def test_an_end_without_a_step_is_an_end() -> None:
    rows = [step(f"{n}", MONDAY) for n in THIRTY]
    rows += [step(f"{n}", MONDAY + minutes(5), "run_finished", step=None) for n in THIRTY]
    (finding,) = ward([*rows, event("later", MONDAY + timedelta(days=3))]).found("endless_runs")
    assert (finding.severity, finding.is_known) == (Severity.OK, True)


def test_a_run_of_today_may_still_be_running() -> None:
    rows = [step(f"{n}", MONDAY) for n in THIRTY]
    (finding,) = ward([*rows, event("later", MONDAY + timedelta(hours=5))]).found("endless_runs")
    assert (finding.severity, finding.numbers) == (Severity.OK, {})


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ([("a", 0), ("b", 2)], None),
        ([("a", 0), ("b", 2), ("c", 4), ("d", 6)], "in_many"),
        ([("a", 0), ("b", 2, "x"), ("c", 4, "y")], "of_several"),
        ([("a", 0), ("b", 2), ("a", 4)], "overlapping"),
    ],
)
def test_run_ids_that_are_not_one_run_are_named_with_the_reason(turns: list[Any], reason: str | None) -> None:
    rows = [
        step(
            ticket,
            MONDAY + minutes(at),
            "run_started" if ticket == "d" else "entered",  # a ticket in which a run only begins counts, too
            run="r",
            customer_id=customer[0] if customer else None,
        )
        for ticket, at, *customer in turns
    ]
    made = ward(rows)
    (finding,) = made.found("shared_runs")
    reasons = {
        name: n for name, n in finding.numbers.items() if name in ("in_many", "of_several", "overlapping")
    }
    assert finding.severity == (Severity.LOOK if reason else Severity.OK)
    if reason:
        assert reasons == {"in_many": 0, "of_several": 0, "overlapping": 0, reason: 1}
    made.connection.execute("INSERT INTO run_rules VALUES ('ticket')")
    assert made.severity("shared_runs") == Severity.OK


def test_a_run_over_two_tickets_ends_once() -> None:
    rows = [step(f"{n}", MONDAY, run=f"r{n}") for n in THIRTY]
    rows += [step(f"{n}b", MONDAY + minutes(5), "run_finished", run=f"r{n}") for n in THIRTY]
    made = ward([*rows, event("later", MONDAY + timedelta(days=3))])
    assert made.severity("endless_runs") == Severity.OK
    made.connection.execute("INSERT INTO run_rules VALUES ('ticket')")
    assert made.severity("endless_runs") == Severity.LOOK


def defined(made: Ward) -> Ward:
    made.connection.execute(
        "INSERT INTO workflow_steps BY NAME SELECT 'refund' AS workflow, '1' AS version, 'ask' AS step"
    )
    return made


def test_steps_that_the_definition_does_not_have_are_named() -> None:
    rows = [step("a", MONDAY + minutes(number)) for number in range(9)]
    assert not ward(rows).found("unknown_steps")[0].is_known
    assert defined(ward(rows)).severity("unknown_steps") == Severity.OK
    (finding,) = defined(ward([*rows, step("a", MONDAY, step="pay")])).found("unknown_steps")
    assert finding.severity == Severity.LOOK
    assert "pay" in str(finding.message)
    elsewhere = [step("a", MONDAY, step="pay", value=str(number)) for number in range(9)]
    assert defined(ward([*rows, *elsewhere])).severity("unknown_steps") == Severity.SUSPICIOUS


def test_a_version_without_a_definition_of_its_own_is_named() -> None:
    (finding,) = defined(ward([step("a", MONDAY) | {"version": "2"}])).found("unknown_steps")
    assert finding.severity == Severity.LOOK
    assert "refund version 2" in str(finding.message)


def test_numbers_that_two_systems_share_are_named() -> None:
    ours = [event(f"t{number}", MONDAY, customer_id=f"a{number}") for number in THIRTY]
    late = timedelta(days=70)
    theirs = [event(f"t{number}", MONDAY + late, customer_id=f"b{number}") for number in THIRTY]
    (finding,) = ward(ours, theirs).found("shared_tickets")
    assert (finding.severity, finding.source) == (Severity.SUSPICIOUS, "b.csv")
    assert (finding.numbers["other_source"], finding.numbers["median_days"]) == ("a.csv", 70)
    assert ward(ours, theirs[:1]).severity("shared_tickets") == Severity.LOOK


@pytest.mark.parametrize(("tickets", "severity"), [(30, "look"), (10, "ok")])
def test_many_tickets_opened_twice_need_a_look_though_no_customer_is_known(
    tickets: int, severity: str
) -> None:
    ours, theirs = (
        [event(f"t{number}", MONDAY + timedelta(days=late)) for number in range(tickets)] for late in (0, 70)
    )
    assert ward(ours, theirs).severity("shared_tickets") == severity
    made = Ward()
    for number, rows in enumerate((ours, theirs)):  # of one kind of file: the later corrects the earlier
        made.load(rows, f"events-{number}.csv")
    assert made.severity("shared_tickets") == Severity.OK


@pytest.mark.parametrize(
    ("customer", "late"), [("a", timedelta(days=70)), (None, timedelta(days=70)), ("b", timedelta(hours=20))]
)
def test_one_ticket_opened_twice_is_not_two(customer: str | None, late: timedelta) -> None:
    first, again = event("t", MONDAY, customer_id="a"), event("t", MONDAY + late, customer_id=customer)
    assert ward([first], [again]).severity("shared_tickets") == Severity.OK
    assert (
        ward([first, event("t", MONDAY + timedelta(days=9), customer_id="c")]).severity("shared_tickets")
        == Severity.OK
    )


def test_the_customer_of_a_shared_number_may_stand_on_another_event() -> None:
    ours = [event("t", MONDAY), event("t", MONDAY, "replied", customer_id="a", actor="customer")]
    theirs = [event("t", MONDAY + timedelta(days=70), customer_id="b")]
    assert ward(ours, theirs).severity("shared_tickets") == Severity.LOOK


def test_what_is_judged_on_nothing_is_not_fine() -> None:
    assert not [finding.check for finding in Ward().examine() if finding.is_known]
    opened = ward([event("t", MONDAY)]).examine()
    nothing = {finding.check for finding in opened if "Nothing to check" in str(finding.message)}
    assert nothing == {
        *("repeated_reopenings", "broken_merges", "shared_tickets", "shared_runs", "unused_dimensions"),
        *("cut_ties", "look_alike_names", "unmatched_settings", "mapping_without_effect"),
    }
    assert not [finding.check for finding in opened if finding.check in nothing and finding.is_known]


def test_a_dimension_of_the_settings_that_no_event_has_is_named() -> None:
    made = ward([event("t", MONDAY) | {"custom": '{"custom_plan":"gold"}'}])
    checks = [check for check in CHECKS if check.name == "unused_dimensions"]
    dimensions = {"plan": "custom_plan", "tier": "custom_tier"}
    (finding,) = run_checks(made.connection, checks=checks, dimensions=dimensions)
    assert finding.severity == Severity.LOOK
    assert str(finding.message) == "No event has custom_tier, so the dimension tier is empty."
    assert unused_dimensions(made.connection, dimensions) == [finding.message]
    (finding,) = run_checks(made.connection, checks=checks, dimensions={"plan": "custom_plan"})
    assert finding.severity == Severity.OK
