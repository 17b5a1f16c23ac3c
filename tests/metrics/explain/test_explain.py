"""What a number leaves out makes up all tickets; a replay says what the fact says, event by event."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import CONTACTS, ISSUES, RESOLUTION_WAITS, TICKETS, VISITS
from metrics.catalog.metrics import CATALOG
from metrics.explain.explain import explain, not_known_because, replay
from metrics.query.scope import Scope
from tests.lengths import examples
from tests.metrics.facts.test_twin import histories
from tests.metrics.histories import at, rows, warehouse

HISTORY = (
    "a opened @0s",
    "a replied by bot @1m",
    "a handed_off by bot @5m",
    "a replied by agent @15m",
    "a replied by agent @16m",
    "a solved @20m",
    "a reopened @30m",
    "a solved @50m",
    "b opened @0s",
    "c opened @0s",
    "c merged @1m",
    "d discarded @1m",
    "e replied by agent @2m",
)


def left_out(metric, **scope):
    told = explain(warehouse(*HISTORY), metric, scope=Scope(**scope))
    return told.n, {str(exclusion.because): exclusion.n for exclusion in told.exclusions}


def test_what_is_left_out_is_counted_by_reason():
    assert left_out("first_response_minutes") == (
        1,
        {
            "Merged into another ticket.": 1,
            "Discarded (spam, deleted).": 1,
            "Neither an opening nor a customer's message is recorded.": 1,
            "Not answered yet, or the customer has not written.": 1,
        },
    )
    assert left_out("resolution_minutes", as_of=at("40m"))[1] == {
        "Merged into another ticket.": 1,
        "Discarded (spam, deleted).": 1,
        "Not solved now: still open, or reopened since.": 3,
    }


def test_who_was_answered_before_the_opening_is_counted_apart():
    lines = (
        "a opened @1h",
        "a replied by agent @0h",
        "b opened @0h",
        "c opened @0h",
        "c replied by agent @1h",
    )
    reasons = {
        metric: {str(each.because): each.n for each in explain(warehouse(*lines), metric).exclusions}
        for metric in ("first_response_minutes", "unanswered", "zero_reply_solves")
    }
    assert reasons["first_response_minutes"] == {
        "The reply lies before the opening.": 1,
        "Not answered yet, or the customer has not written.": 1,
    }
    assert reasons["unanswered"]["The reply lies before the opening."] == 1
    silent = explain(warehouse("a opened @0h", "a solved @1h"), "zero_reply_solves")
    assert [(str(each.because), each.n) for each in silent.exclusions] == [
        ("The source records no agent's message.", 1)
    ]
    assert silent.value is None
    early = replay(warehouse(*lines), "first_response_minutes", "a").moments[0]
    assert str(early.because) == "It lies before the opening, so nobody knows how long the wait was."
    waiting = warehouse(*lines, "a replied by customer @2h")
    assert str(replay(waiting, "unanswered", "a").moments[0].because) == "The customer had not written yet."
    assert replay(waiting, "unanswered", "a").value == 1


def test_a_log_without_messages_is_explained_by_what_it_has():
    lines = ("a solved @1h", "b opened @2h", "b solved @1h", "c opened @0h", "c solved @1h", "c held @0h")
    connection = warehouse(*lines)
    for metric in ("resolution_minutes", "first_resolution_minutes"):
        assert [(str(each.because), each.n) for each in explain(connection, metric).exclusions] == [
            ("Neither an opening nor a customer's message is recorded.", 1),
            ("No opening or first contact is recorded before the solve.", 1),
        ]
    assert str(replay(connection, "resolution_minutes", "a").left_out).startswith("Neither an opening")
    # Whose opening it was the row did not say.
    start = next(
        each for each in replay(connection, "resolution_minutes", "c").moments if each.kind == "opened"
    )
    assert str(start.because) == "The opening, which is the first contact."


def test_where_a_number_is_known_nothing_that_is_left_out_is_counted(monkeypatch):
    connection = warehouse(*HISTORY)
    because = not_known_because(connection, "csat")
    assert str(because) == "Not rated."
    monkeypatch.delattr("metrics.explain.explain._exclusions")
    assert not_known_because(connection, "first_response_minutes") is None


def test_an_explanation_says_it_all():
    told = explain(warehouse(*HISTORY), "first_response_business_minutes")
    assert str(told.clock) == "opening hours"
    assert str(told.date).startswith("the day the ticket was opened")
    assert told.question == CATALOG["first_response_business_minutes"].question
    assert str(explain(warehouse(*HISTORY), "csat").clock) == "none"


def story(metric, ticket="a"):
    told = replay(warehouse(*HISTORY), metric, ticket)
    return [(moment.kind, moment.effect) for moment in told.moments], told.value


def test_a_replay_says_what_started_and_stopped_the_clock():
    moments, value = story("first_response_minutes")
    assert moments[:5] == [
        ("opened", "starts"),
        ("replied", "none"),
        ("handed_off", "restarts"),
        ("replied", "stops"),
        ("replied", "none"),
    ]
    assert value == 10
    told = replay(warehouse(*HISTORY), "first_response_minutes", "a").moments
    assert str(told[1].because) == "Bots and automatic messages never answer."
    assert str(told[4].because) == "The ticket was answered before."


def test_a_replay_of_the_resolution():
    assert story("resolution_minutes")[0][5:] == [
        ("solved", "none"),
        ("reopened", "takes back"),
        ("solved", "stops"),
    ]
    assert story("first_resolution_minutes")[0][5:] == [
        ("solved", "stops"),
        ("reopened", "none"),
        ("solved", "none"),
    ]
    assert story("resolution_minutes_p90") == story("resolution_minutes")
    assert story("resolution_minutes", "b")[1] is None


def test_a_replay_of_what_only_counts():
    moments, value = story("one_touch_rate")
    assert [effect for _, effect in moments].count("counts") == 2
    assert value == 0
    assert story("csat")[1] is None
    assert story("tickets_opened")[1] == 1


def test_a_replay_says_what_an_event_records():
    one, two = (
        replay(warehouse(*lines), "record_completeness", "a").moments[0]
        for lines in (["a opened @0s channel=chat reason=billing"], ["a opened @0s"])
    )
    assert str(one.because) == "It records the reason, the channel."
    assert str(two.because) == "It records none of the three."


def test_the_messages_of_an_agent_count_and_those_of_others_do_not():
    told = replay(warehouse(*HISTORY), "one_touch_rate", "a").moments
    assert [str(moment.because) for moment in told[1:4]] == [
        "Only what the agent does counts.",
        "It has no effect on this number.",
        "A message of an agent.",
    ]


def test_a_replay_needs_a_ticket():
    with pytest.raises(InvalidRequest, match="no ticket 'z'"):
        replay(warehouse(*HISTORY), "csat", "z")
    with pytest.raises(InvalidRequest, match="visit by visit"):
        replay(warehouse(*HISTORY), "confusion_rate", "a")
    with pytest.raises(InvalidRequest, match="no metric 'speed'"):
        explain(warehouse(), "speed")


def test_every_metric_of_tickets_has_its_rule():
    without = [name for name, metric in CATALOG.items() if metric.fact != VISITS and metric.rule is None]
    assert without == []


def span(moments):
    """From the last start or restart before the stop to the stop, in minutes."""
    stops = [place for place, moment in enumerate(moments) if moment.effect == "stops"]
    if not stops:
        return None
    starts = [m.occurred_at for m in moments if m.effect in ("starts", "restarts")]
    return (moments[stops[0]].occurred_at - max(starts)).total_seconds() / 60 if starts else None


CLOCKS = (
    "first_response_minutes",
    "felt_first_response_minutes",
    "first_resolution_minutes",
    "resolution_minutes",
)


@settings(examples(2, long=50), deadline=None)
@given(histories())
def test_the_story_tells_the_facts_number(history):
    connection = warehouse(history)
    for ticket, date in rows(connection, "reportable_tickets").select("ticket_id", "arrived_at").rows():
        for metric in CLOCKS:
            told = replay(connection, metric, ticket)
            if date is not None or "resolution" in metric:
                assert told.value == (
                    None if span(told.moments) is None else pytest.approx(span(told.moments))
                )


PER_TICKET = [name for name, m in CATALOG.items() if m.fact in (TICKETS, CONTACTS, ISSUES, RESOLUTION_WAITS)]


@settings(examples(1, long=30), deadline=None)
@given(histories(), st.sampled_from(PER_TICKET))
def test_what_is_in_and_what_is_out_are_all_tickets(history, metric):
    connection = warehouse(history)
    told = explain(connection, metric)
    assert told.n + sum(exclusion.n for exclusion in told.exclusions) == rows(connection, "tickets").height


EVERYTHING = (
    "a opened @0s channel=chat reason=billing agent=x",
    "a replied by customer @1m",
    "a replied by bot @2m",
    "a handed_off by bot @3m",
    "a assigned by agent @4m agent=x",
    "a replied by agent @5m agent=x",
    "a escalated by agent @6m agent=x",
    "a entered @7m agent=x step=ask",
    "a run_finished @8m agent=x",
    "a held by agent @9m agent=x",
    "a released by agent @10m agent=x",
    "a solved by agent @11m agent=x",
    "a reopened by customer @12m",
    "a solved by agent @13m agent=x",
    "a followed_up by agent @14m agent=x",
    "a survey_offered by system @15m",
    "a rated by customer @16m score=2 scale_max=5",
    "a rated by customer @17m score=5 scale_max=5",
    "a closed by system @18m",
)
WHAT_COUNTS = {
    "opened counts": ("tickets_opened", "proactive_share", "repeat_contact_rate"),
    "replied counts": ("one_touch_rate", "zero_reply_solves"),
    "rated counts": ("csat", "low_ratings", "tickets_rated"),
    "survey_offered counts, rated counts, rated counts": ("csat_response_rate", "surveys_offered"),
    "solved counts, solved counts, followed_up counts": ("follow_up_rate",),
    "handed_off counts": ("hand_off_rate",),
    "escalated counts": ("escalation_rate",),
    "opened counts, entered counts": (
        *("record_completeness", "reason_completeness", "channel_completeness", "run_completeness"),
    ),
    "entered counts, run_finished counts, solved counts, solved counts": ("clicked_through_rate",),
    "entered counts, run_finished counts": ("confused_ticket_rate",),
    "opened starts, reopened takes back, solved stops": (
        *("tickets_solved", "first_contact_resolution_rate", "resolution_sla_rate"),
    ),
    "opened starts, solved stops, reopened restarts, solved stops": ("reopen_rate", "backlog"),
    "opened starts, handed_off restarts, replied stops": ("first_response_sla_rate",),
    "opened starts, replied stops": ("unanswered", "abandonment_rate", "short_abandonments"),
    "assigned counts, replied counts, escalated counts, entered counts, run_finished counts, held counts, "
    "released counts, solved counts, solved counts, followed_up counts": ("zero_touch_rate",),
}
"""By its definition, what does something to each share and count in a ticket to which everything happened."""


@pytest.mark.sweep(6)
@pytest.mark.parametrize(("effects", "metrics"), WHAT_COUNTS.items(), ids=lambda each: str(each)[:30])
def test_a_share_or_a_count_is_replayed_by_what_defines_it(effects, metrics):
    connection = warehouse(*EVERYTHING)
    for metric in metrics:
        told = replay(connection, metric, "a").moments
        assert ", ".join(f"{each.kind} {each.effect}" for each in told if each.effect != "none") == effects


def test_every_share_and_count_of_tickets_is_among_these():
    counted = {name for name, m in CATALOG.items() if m.kind in ("share", "count") and m.fact != VISITS}
    assert {name for names in WHAT_COUNTS.values() for name in names} == counted


@pytest.mark.sweep(12)
@pytest.mark.parametrize("metric", sorted(CATALOG))
def test_a_replay_names_the_event_that_leaves_the_ticket_out(metric):
    if CATALOG[metric].fact == VISITS:
        return
    lines = (
        "a opened @0s",
        "a discarded @1m",
        "a closed @2m",
        "a reopened @3m",
        "a merged @4m",
        "a solved @5m",
    )
    replayed = replay(warehouse(*lines), metric, "a")
    assert [(each.effect, str(each.because)) for each in replayed.moments[1:]] == [
        ("none", "The ticket was taken back later."),
        ("none", "The ticket was left out of every number then."),
        ("takes back", "The ticket is taken back and counts again."),
        ("excludes", "The ticket is left out of every number."),
        ("none", "The ticket was left out of every number then."),
    ]
    assert replayed.value is None
    assert str(replayed.left_out) == "Merged into another ticket."


@pytest.mark.sweep(6)
@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("resolution_minutes", "Not solved now: still open, or reopened since."),
        ("csat", "Not rated."),
        ("resolution_sla_rate", "No target holds for it."),
        ("first_response_minutes", "The source records no agent's message."),
        ("escalation_rate", "No escalation is recorded anywhere."),
        ("repeat_contact_rate", "Opened by an agent, or the customer or reason is unknown."),
        ("tickets_opened", None),
    ],
)
def test_a_replay_says_why_a_ticket_is_not_in_a_number(metric, reason):
    replayed = replay(warehouse("a opened @0m", "a replied by customer @1m"), metric, "a")
    assert (replayed.value is None) == (reason is not None)
    assert (replayed.left_out and str(replayed.left_out)) == reason


def test_a_replay_knows_what_comes_from_a_merged_ticket():
    lines = (
        "m opened @0m",
        "a replied by agent @1m",
        "a opened by agent @2m",
        "n opened @3m",
        "n merged @4m value=a",
        "m merged @4m value=a",
        "a solved @9m",
    )
    connection = warehouse(*lines)

    def effects(metric):
        return [each.effect for each in replay(connection, metric, "a").moments]

    assert effects("tickets_opened") == ["none", "none", "counts", "none", "none"]
    assert effects("requester_wait_minutes") == ["counts", "counts", "none", "counts", "stops"]
    assert effects("backlog") == ["none", "none", "starts", "none", "stops"]
    other = warehouse(
        "m opened by agent @0m", "a opened by agent @2m", "m merged @4m value=a", "a solved @9m"
    )
    assert [each.effect for each in replay(other, "resolution_minutes", "a").moments] == [
        "none",
        "starts",
        "stops",
    ]
