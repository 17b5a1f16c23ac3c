"""Who hung up or left the queue before anybody answered, and a mean beside the median."""

from __future__ import annotations

import pytest

from metrics.explain.explain import replay
from metrics.query.measure import measure
from metrics.query.scope import Scope
from tests.metrics.histories import at, only, rows, ticket, warehouse
from tests.metrics.refresh.desks import set_up

LEFT = ("a opened @0s channel=phone", "a contact_abandoned @40s")
ANSWERED = ("b opened @0s channel=phone", "b replied by agent @20s")


def value(metric, *lines, **scope):
    found = only(measure(warehouse(*lines), [metric], scope=Scope(**scope)))
    return found.value, found.n


def test_who_leaves_before_an_answer_is_abandoned_and_not_solved():
    left = ticket(*LEFT)
    assert (left.is_abandoned, left.abandoned_at, left.is_ever_solved) == (True, at("40s"), False)
    assert value("abandonment_rate", *LEFT, *ANSWERED) == (0.5, 2)
    assert value("tickets_solved", *LEFT) == (0, 0)


def test_who_leaves_after_the_answer_is_not_abandoned():
    assert value("abandonment_rate", *LEFT, *ANSWERED, "b contact_abandoned @30s") == (0.5, 2)


def test_who_leaves_within_seconds_is_counted_apart():
    short = ("c opened @0s channel=phone", "c contact_abandoned @10s")
    assert value("abandonment_rate", *LEFT, *ANSWERED, *short) == (0.5, 2)
    assert value("short_abandonments", *LEFT, *ANSWERED, *short) == (1, 1)
    assert not ticket("c opened @0s", "c contact_abandoned @11s").is_abandoned_soon
    longer = set_up(*LEFT, *ANSWERED, thresholds={"short_abandonment_seconds": 60})
    assert only(measure(longer, ["abandonment_rate"])).value == 0


def test_who_leaves_several_times_is_counted_once_and_is_short_only_where_each_wait_was():
    again = ("a opened @0s channel=phone", "a contact_abandoned @5s", "a replied by customer @1h")
    twice = ticket(*again, "a contact_abandoned @1h8s")
    assert (twice.is_abandoned, twice.is_abandoned_soon, twice.abandoned_at) == (True, True, at("5s"))
    assert value("abandonment_rate", *again, "a contact_abandoned @1h40s", *ANSWERED) == (0.5, 2)
    later = ticket("a opened @0s", "a contact_abandoned @40s", "a reopened @1h", "a contact_abandoned @1h1s")
    assert (later.is_abandoned, later.is_abandoned_soon) == (True, False)
    answered = ticket(*again, "a replied by agent @1h1m", "a contact_abandoned @2h")
    assert (answered.is_abandoned, answered.is_abandoned_soon) == (True, True)


def test_nobody_knows_how_long_who_left_before_the_opening_had_waited():
    early = ("a opened @30s channel=phone", "a contact_abandoned @25s")
    assert (ticket(*early).is_abandoned, ticket(*early).is_abandoned_soon) == (True, False)
    assert value("abandonment_rate", *early, *ANSWERED) == (0.5, 2)
    # The customer had not written yet: the wait began with the opening by an agent.
    called = ("a opened by agent @0s", "a contact_abandoned @5s", "a replied by customer @1h")
    assert ticket(*called).is_abandoned_soon
    because = [str(each.because) for each in replay(warehouse(*early), "abandonment_rate", "a").moments]
    assert because[0] == "The customer left before the first contact. Nobody knows how long the wait was."


def test_abandonment_is_not_known_of_channels_that_record_none():
    mail = ("m opened @0s channel=mail", "n opened @0s channel=mail")
    assert value("abandonment_rate", *LEFT, *ANSWERED, *mail) == (0.5, 2)
    assert value("abandonment_rate", *ANSWERED, *mail) == (None, 0)
    assert value("short_abandonments", *ANSWERED, *mail) == (None, 0)


def test_an_abandoned_ticket_waits_for_nobody_until_somebody_writes():
    connection = warehouse(*LEFT, *ANSWERED)
    assert only(measure(connection, ["unanswered"])).value == 0
    assert only(measure(connection, ["backlog"])).value == 1
    ended = rows(connection, "open_periods").filter(ticket_id="a")["ended_at"].to_list()
    assert ended == [at("40s")]
    assert ticket(*LEFT, "a replied by customer @1h").is_open
    assert ticket(*LEFT, "a reopened @1h").is_open
    assert not ticket(*LEFT, "a replied by bot @1h").is_open
    called_back = ticket(*LEFT, "a replied by agent @1h", "a solved @2h")
    assert (called_back.is_abandoned, called_back.first_response_minutes, called_back.is_solved) == (
        True,
        60,
        True,
    )


def test_who_left_in_time_is_owed_no_answer_and_later_it_was_too_late():
    targets = [{"first_response_minutes": 1, "clock": "calendar"}]
    in_time = rows(set_up(*LEFT, targets=targets), "service_levels", as_of=at("9d"))
    late = rows(set_up(LEFT[0], "a contact_abandoned @61s", targets=targets), "service_levels")
    assert (in_time["status"].to_list(), late["status"].to_list()) == ([None], ["breached"])


CLOSED = ("a opened @0h", "a contact_abandoned @2m", "a closed by system @9h")


def test_closing_a_contact_after_the_customer_left_solves_nothing_and_makes_no_wait_longer():
    closed = ticket(*CLOSED)
    assert (closed.is_ever_solved, closed.is_open, closed.given_up_at) == (False, False, at("2m"))
    connection = set_up(*CLOSED, targets=[{"first_response_minutes": 60, "clock": "calendar"}])
    assert rows(connection, "service_levels")["status"].to_list() == [None]
    assert rows(connection, "response_waits")["waited_minutes"].to_list() == [2]
    assert rows(connection, "resolution_waits")["waited_minutes"].to_list() == [2]


def test_solving_it_explicitly_is_a_solve_for_which_nobody_waited():
    lines = (*CLOSED[:2], "a solved @9h")
    solved = ticket(*lines)
    assert (solved.is_solved, solved.requester_wait_minutes) == (True, 2)
    connection = set_up(*lines, targets=[{"first_response_minutes": 60, "clock": "calendar"}])
    assert rows(connection, "service_levels")["status"].to_list() == [None]
    assert rows(connection, "response_waits")["waited_minutes"].to_list() == [2]


def test_a_closing_is_a_solve_once_somebody_wrote_or_had_answered():
    called_back = ticket(*CLOSED[:2], "a replied by agent @1h", "a closed @9h")
    answered = ticket("a opened @0h", "a replied by agent @1m", *CLOSED[1:])
    assert (called_back.is_solved, answered.is_solved) == (True, True)
    again = ticket(*CLOSED, "a reopened @10h", "a closed @11h")
    assert (again.reopens, again.last_solved_at) == (0, at("11h"))


def test_a_message_after_the_closing_opens_nothing():
    late = ticket(*CLOSED, "a replied by customer @10h")
    assert (late.is_open, late.is_ever_solved, late.given_up_at) == (False, False, at("9h"))


def test_an_answer_at_the_instant_of_leaving_counts_if_it_comes_first():
    assert not ticket("a opened @0s", "a replied by agent @9m", "a contact_abandoned @9m").is_abandoned
    assert ticket("a opened @0s", "a contact_abandoned @9m", "a replied by agent @9m").is_abandoned


def test_a_replay_says_who_left():
    moments = replay(warehouse(*LEFT, "a replied by agent @1h"), "abandonment_rate", "a").moments
    assert [(each.effect, str(each.because)) for each in moments] == [
        ("starts", "The opening, which is the first contact."),
        ("stops", "The customer hung up or left the queue."),
        ("none", "The customer hung up or left the queue before."),
    ]


def test_a_replay_says_who_came_back_and_left_again():
    lines = (*LEFT, "a contact_abandoned @41s", "a replied by customer @1h", "a contact_abandoned @2h")
    assert effects("abandonment_rate", "a", *lines, "a replied by agent @3h") == [
        *("starts", "stops", "none", "restarts", "stops", "none"),
    ]


def effects(metric, ticket_id, *lines):
    return [each.effect for each in replay(warehouse(*lines), metric, ticket_id).moments]


def test_a_replay_knows_what_leaving_changes():
    assert effects("tickets_solved", "a", *CLOSED) == ["starts", "none", "none"]
    assert effects("backlog", "a", *CLOSED) == ["starts", "stops", "none"]
    assert effects("requester_wait_minutes", "a", *CLOSED[:2], "a reopened @1h") == [
        "counts",
        "stops",
        "counts",
    ]


def test_the_mean_stands_beside_the_median_where_the_field_uses_it():
    lines = [f"t{n} opened @0m" for n in range(3)]
    lines += [f"t{n} replied by agent @{minutes}m" for n, minutes in enumerate((1, 2, 9))]
    assert value("first_response_minutes", *lines) == (2, 3)
    assert value("first_response_minutes_mean", *lines) == (4, 3)
    ratings = ("a rated @1m score=4 scale_max=5", "b rated @1m score=1 scale_max=1", "c opened @0m")
    assert value("rating_mean", *ratings) == (0.9, 2)
    assert value("rating_mean", "a opened @0m") == (None, 0)


def test_the_interval_of_a_mean_needs_thirty_values():
    def interval(number):
        lines = [f"t{n} rated @1m score={n % 2} scale_max=1" for n in range(number)]
        return only(measure(warehouse(*lines), ["rating_mean"]))

    assert interval(29).low is None
    found = interval(30)
    # The variance of a half among 30 is 30/29 of a quarter.
    half = 1.959964 * (30 / 29 * 0.25 / 30) ** 0.5
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half), abs=1e-6)
