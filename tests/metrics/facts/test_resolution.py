"""Solving, closing, reopening: what is a solve, how long it took, and what is left out."""

from tests.metrics.histories import ticket


def resolution(*lines):
    facts = ticket("a opened @0s", *lines)
    return facts.first_resolution_minutes, facts.resolution_minutes


def test_the_first_and_the_last_solve():
    assert resolution("a solved @10m", "a reopened @20m", "a solved @50m") == (10, 50)


def test_a_reopened_ticket_that_is_not_solved_again_has_no_resolution():
    assert resolution("a solved @10m", "a reopened @20m") == (10, None)


def test_closing_counts_where_the_ticket_was_not_solved_before():
    assert resolution("a closed @10m") == (10, 10)
    assert resolution("a solved @10m", "a closed @30d") == (10, 10)


def test_a_reopening_before_any_solve_changes_nothing():
    facts = ticket("a opened @0s", "a reopened @5m", "a solved @10m")
    assert (facts.resolution_minutes, facts.is_reopened) == (10, False)


def test_of_two_solves_in_a_row_the_last_counts():
    assert resolution("a solved @10m", "a solved @15m") == (10, 15)


def test_a_ticket_opened_by_an_agent_counts_from_the_customers_word_or_from_the_opening():
    opened = ("a opened by agent @0s",)
    assert ticket(*opened, "a solved @10m").resolution_minutes == 10
    assert ticket(*opened, "a replied by customer @4m", "a solved @10m").resolution_minutes == 6
    assert ticket(*opened, "a solved @10m", "a replied by customer @14m").resolution_minutes == 10


def test_a_ticket_is_open_until_it_is_solved_or_closed():
    def is_open(*lines):
        return ticket("a opened @0s", *lines).is_open

    assert is_open()
    assert not is_open("a solved @1m")
    assert is_open("a solved @1m", "a reopened @2m")
    assert not is_open("a solved @1m", "a reopened @2m", "a closed @3m")


def test_reopened_and_merely_closed_has_no_resolution():
    assert resolution("a solved @1m", "a reopened @2m", "a closed @3m") == (1, None)


def test_attributes_are_the_last_known():
    facts = ticket(
        "a opened @0s channel=chat reason=refund", "a assigned @1m channel=phone team=t1", "a solved @2m"
    )
    assert (facts.channel, facts.reason, facts.team, facts.priority) == ("phone", "refund", "t1", None)


def test_late_attributes_in_time_do_not_win_by_being_loaded_last():
    facts = ticket("a assigned @9m priority=high", "a opened @0s priority=low")
    assert facts.priority == "high"


def test_merged_and_discarded_tickets_say_so():
    assert ticket("a opened @0s", "a merged @1m value=b").excluded_because == "merged"
    assert ticket("a opened @0s", "a discarded @1m").is_excluded
    assert not ticket("a opened @0s").is_excluded


def test_the_last_rating_counts_and_three_of_five_is_not_satisfied():
    def satisfied(*lines):
        return ticket("a opened @0s", *lines).is_satisfied

    assert satisfied() is None
    assert satisfied("a rated @1m score=4 scale_max=5") is True
    assert satisfied("a rated @1m score=3 scale_max=5") is False
    assert satisfied("a rated @1m score=1 scale_max=1") is True
    assert satisfied("a rated @1m score=8 scale_max=10") is True
    assert satisfied("a rated @1m score=5 scale_max=5", "a rated @2m score=1 scale_max=5") is False


def test_a_check_back_counts_within_seven_days_after_a_solve():
    def followed_up(*lines):
        return ticket("a opened @0s", *lines).is_followed_up

    assert followed_up("a solved @1d", "a followed_up @8d")
    assert not followed_up("a solved @1d", "a followed_up @8d1s")
    assert not followed_up("a followed_up @1m", "a solved @1d")


SPAM = ("a discarded by bot @1m", "a reopened by agent @20m")


def test_a_discarded_ticket_that_is_reopened_counts_again_and_was_never_reopened():
    facts = ticket("a opened @0s", *SPAM, "a replied by agent @30m", "a solved @40m")
    assert (facts.excluded_because, facts.first_response_minutes, facts.resolution_minutes) == (None, 30, 40)
    assert (facts.reopens, facts.is_reopened) == (0, False)
    assert ticket("a opened @0s", *SPAM, "a discarded @30m").excluded_because == "discarded"


def test_a_reopening_takes_back_a_merge_and_leaves_the_solve_before_it():
    facts = ticket("a opened @0s", "a solved @5m", "a merged @6m value=b", "a reopened @9m")
    assert (facts.excluded_because, facts.is_open, facts.reopens, facts.resolution_minutes) == (
        None,
        False,
        0,
        5,
    )
    again = ticket("a opened @0s", "a solved @5m", "a merged @6m", "a reopened @9m", "a reopened @10m")
    assert (again.is_open, again.reopens) == (True, 1)


def test_what_closes_a_ticket_while_it_is_left_out_solves_nothing():
    facts = ticket("a opened @0s", "a discarded @1m", "a closed @2m", "a reopened @3m")
    assert (facts.is_open, facts.is_ever_solved) == (True, False)
