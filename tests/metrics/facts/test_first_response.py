"""First response time: from the customer's first contact to the first message of an agent."""

from tests.metrics.histories import ticket


def test_it_runs_from_the_opening_to_the_agents_first_message():
    assert ticket("a opened @0s", "a replied by agent @30m").first_response_minutes == 30


def test_an_unanswered_ticket_has_none():
    assert ticket("a opened @0s").first_response_minutes is None


def test_a_bot_does_not_answer():
    facts = ticket(
        "a opened @0s", "a replied by bot @1m", "a replied by system @2m", "a replied by agent @9m"
    )
    assert facts.first_response_minutes == 9


def test_after_a_hand_off_the_agents_clock_starts_there_and_the_customers_does_not():
    facts = ticket("a opened @0s", "a handed_off @5m", "a handed_off @8m", "a replied by agent @10m")
    assert (facts.first_response_minutes, facts.felt_first_response_minutes) == (2, 10)


def test_a_hand_off_after_the_reply_changes_nothing():
    assert ticket("a opened @0s", "a replied by agent @4m", "a handed_off @5m").first_response_minutes == 4


def test_a_hand_off_before_the_first_contact_changes_nothing():
    facts = ticket(
        "a opened by agent @0s", "a handed_off @1m", "a replied by customer @2m", "a replied by agent @5m"
    )
    assert facts.first_response_minutes == 3


def test_a_ticket_opened_by_an_agent_waits_for_the_customer_first():
    opened = ("a opened by agent @0s", "a replied by agent @1m")
    assert ticket(*opened).first_response_minutes is None
    assert ticket(*opened, "a replied by customer @1h", "a replied by agent @2h").first_response_minutes == 60


def test_the_first_contact_may_precede_the_opening():
    facts = ticket("a replied by customer @0s", "a opened @5m", "a replied by agent @6m")
    assert facts.first_response_minutes == 6


def test_without_a_recorded_opening_the_customers_first_message_counts():
    facts = ticket("a replied by customer @0s", "a replied by agent @6m")
    assert (facts.opened_at, facts.first_response_minutes) == (None, 6)


def test_events_at_the_same_instant_stand_in_the_order_of_seq():
    first = ticket("a opened @0s", "a replied by agent @5m seq=1", "a handed_off @5m seq=2")
    second = ticket("a opened @0s", "a replied by agent @5m seq=2", "a handed_off @5m seq=1")
    assert (first.first_response_minutes, second.first_response_minutes) == (5, 0)
