"""What was said in a merged ticket counts in the one at the end of the chain."""

from __future__ import annotations

import polars as pl
import pytest

from metrics.explain.explain import replay
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from tests.metrics.histories import add, at, empty_warehouse, events, only, rows, warehouse

ANSWERED_IN_B = (
    "a opened @0m",
    "b opened @20m",
    "b replied by agent @30m agent=x",
    "b merged @40m value=a",
    "a solved by bot @60m",
)


def facts(*lines, ticket="a", **scope):
    return only(rows(warehouse(*lines), "tickets", **scope).filter(ticket_id=ticket))


def value(metric, *lines):
    return only(measure(warehouse(*lines), [metric])).value


def test_an_answer_in_the_merged_ticket_is_an_answer():
    ticket = facts(*ANSWERED_IN_B)
    assert (ticket.first_response_minutes, ticket.agent_replies, ticket.agent_events) == (30, 1, 1)
    assert (ticket.requester_wait_minutes, ticket.agent_wait_minutes) == (30, 30)
    assert value("zero_reply_solves", *ANSWERED_IN_B, "c opened @0m", "c replied by agent @1m") == 0
    assert (value("one_touch_rate", *ANSWERED_IN_B), value("zero_touch_rate", *ANSWERED_IN_B)) == (1, 0)
    assert value("tickets_opened", *ANSWERED_IN_B) == 1


def test_first_contact_is_the_earlier_opening():
    ticket = facts(
        "b opened @0m", "a opened @20m", "b merged @25m value=a", "a replied by agent @30m", "a solved @40m"
    )
    assert (ticket.first_response_minutes, ticket.resolution_minutes) == (30, 40)
    assert ticket.opened_at == at("20m")


def test_what_the_customer_writes_by_opening_another_ticket_is_our_turn():
    lines = (
        "a opened @0m",
        "a replied by agent @5m",
        "b opened @10m",
        "b merged @11m value=a",
        "a solved @15m",
    )
    assert (facts(*lines).requester_wait_minutes, facts(*lines).agent_wait_minutes) == (10, 5)


def test_a_merged_ticket_says_nothing_of_the_attributes_and_runs_of_the_other():
    lines = (
        "b opened @0m channel=chat reason=refund customer=z team=t",
        "b entered @1m step=ask",
        "b merged @2m value=a",
    )
    ticket = facts(*lines, "a opened @0m", "a solved @9m")
    assert (ticket.channel, ticket.reason, ticket.customer_id, ticket.team, ticket.has_run) == (
        *[None] * 4,
        False,
    )
    assert ticket.first_event_at == at("0m")


def test_messages_go_to_the_end_of_a_chain():
    lines = ("c opened @1m", "b opened @2m", "a opened @3m", "c replied by agent @5m")
    assert facts(*lines, "c merged @6m value=b", "b merged @7m value=a").first_response_minutes == 4


@pytest.mark.parametrize(
    "merges",
    [
        ("b merged @6m value=missing",),
        ("b merged @6m",),
        ("b merged @6m value=b",),
        ("b merged @6m value=c", "c merged @7m value=b", "d merged @8m value=c"),
        ("b merged @6m value=a", "b reopened @7m"),
        ("b merged @6m value=a", "b discarded @7m"),
    ],
)
def test_without_an_end_or_taken_back_messages_stay_where_they_were_written(merges):
    opened = ("a opened @0m", "b opened @2m", "c opened @2m", "d opened @2m", "b replied by agent @3m")
    told = rows(warehouse(*opened, *merges), "tickets").sort("ticket_id")
    assert told["agent_replies"].to_list() == [0, 1, 0, 0]
    assert told["first_response_minutes"].to_list() == [None, 1, None, None]


def test_the_last_of_merging_discarding_and_taking_back_decides():
    lines = ("a opened @0m", "b opened @2m", "b replied by agent @3m")
    for last, reason, replies in (
        (("b discarded @6m", "b merged @7m value=a"), "merged", 1),
        (("b merged @6m value=a", "b discarded @7m"), "discarded", 0),
        (("b discarded @6m", "b merged @7m value=a", "b reopened @8m"), None, 0),
    ):
        found = rows(warehouse(*lines, *last), "tickets").sort("ticket_id")
        assert (found["excluded_because"][1], found["agent_replies"][0]) == (reason, replies)


def test_before_the_merge_the_answer_was_in_the_other_ticket():
    assert facts(*ANSWERED_IN_B, as_of=at("35m")).first_response_minutes is None
    assert only(measure(warehouse(*ANSWERED_IN_B), ["unanswered"], scope=Scope(as_of=at("35m")))).value == 1


def test_a_replay_shows_the_answer_that_was_given_in_the_merged_ticket():
    replayed = replay(warehouse(*ANSWERED_IN_B), "first_response_minutes", "a")
    assert [(each.kind, each.effect) for each in replayed.moments if each.effect != "none"] == [
        ("opened", "starts"),
        ("replied", "stops"),
    ]
    assert replayed.value == 30
    merged = replay(warehouse(*ANSWERED_IN_B), "first_response_minutes", "b")
    assert [each.kind for each in merged.moments if each.effect == "excludes"] == ["merged"]


def in_pieces(*pieces):
    connection = empty_warehouse()
    for number, lines in enumerate(pieces):
        frame = events(*lines)
        add(connection, frame.with_columns(event_id=pl.format("{}-{}", pl.lit(number), "event_id")))
        refresh(connection)
    return connection


@pytest.mark.parametrize(
    "pieces",
    [
        (ANSWERED_IN_B[:1], ANSWERED_IN_B[1:3], ANSWERED_IN_B[3:4], ANSWERED_IN_B[4:]),
        (ANSWERED_IN_B[1:4], ANSWERED_IN_B[:1], ANSWERED_IN_B[4:]),
        (ANSWERED_IN_B[3:], ANSWERED_IN_B[:2], ANSWERED_IN_B[2:3]),
    ],
)
def test_a_load_brings_merged_tickets_up_to_date_together(pieces):
    connection = in_pieces(*pieces)
    assert only(rows(connection, "tickets").filter(ticket_id="a")).first_response_minutes == 30
    assert connection.sql("FROM stale_tickets").fetchall() == []


def test_a_ticket_merged_into_another_than_before_takes_its_messages_along():
    connection = in_pieces(ANSWERED_IN_B, ("c opened @5m", "b merged @2h value=c"))
    told = rows(connection, "tickets").sort("ticket_id")
    assert told["first_response_minutes"].to_list() == [None, 10, 25]
