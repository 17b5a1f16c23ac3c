"""Metrics: which tickets and visits each is about, when they count, and what is left out."""

from datetime import date, timedelta

import numpy as np
import pytest

from etl.errors import InvalidRequest
from metrics.catalog.metrics import CATALOG
from metrics.query.measure import data_range, dimension_values, excluded_tickets, measure
from metrics.query.scope import Scope
from metrics.statistics.clustering import clustered_interval, design_effect
from metrics.statistics.intervals import wilson
from tests.metrics.histories import at, only, warehouse

AVAILABLE = list(CATALOG)


def value(metric, *lines, **scope):
    """The value and n of one metric."""
    told = only(measure(warehouse(*lines), [metric], scope=Scope(**scope)))
    return told.value, told.n


def test_every_metric_has_a_row_even_over_no_data():
    told = measure(warehouse(), AVAILABLE)
    assert told["metric"].to_list() == AVAILABLE
    assert told["n"].to_list() == [0] * len(AVAILABLE)
    for name, value in told.select("metric", "value").iter_rows():
        assert value == (0 if CATALOG[name].unit == "count" else None)


def test_by_a_dimension_over_no_data_there_are_no_rows():
    told = measure(warehouse(), ["csat"], by=["channel", "week"])
    assert (told.height, told.columns) == (0, ["metric", "channel", "week", "value", "n", "low", "high"])


def test_medians_leave_out_what_never_came():
    lines = (
        "a opened @0s",
        "a replied by agent @10m",
        "b opened @0s",
        "b replied by agent @20m",
        "c opened @0s",
    )
    assert value("first_response_minutes", *lines) == (15, 2)
    assert value("resolution_minutes", *lines) == (None, 0)


def test_reopen_rate_is_of_tickets_ever_solved():
    lines = ("a opened @0s", "a solved @1m", "a reopened @2m", "b opened @0s", "b solved @1m", "c opened @0s")
    assert value("reopen_rate", *lines) == (0.5, 2)
    assert value("tickets_solved", *lines) == (1, 1)


def test_one_touch_is_exactly_one_reply_of_an_agent():
    lines = (
        "a replied by agent @1m",
        "a solved @2m",
        "b replied by agent @1m",
        "b replied by agent @2m",
        "b solved @3m",
        "c replied by bot @1m",
        "c solved @2m",
    )
    assert value("one_touch_rate", *lines) == (pytest.approx(1 / 3), 3)
    assert value("zero_reply_solves", *lines) == (1, 1)


@pytest.mark.parametrize("metric", ["one_touch_rate", "zero_reply_solves", "unanswered"])
def test_where_a_source_records_no_agents_message_nobody_knows_who_was_answered(metric):
    silent = ("a opened @0s", "b opened @0s", "b solved @1m", "b replied by customer @2m")
    assert value(metric, *silent) == (None, 0)
    assert value(metric) == (None if metric == "one_touch_rate" else 0, 0)
    assert value(metric, *silent, "c opened @0s", "c replied by agent @1m") == (
        0 if metric == "one_touch_rate" else 1,
        1,
    )


def test_whose_turn_it_was_is_not_known_where_a_source_records_no_agents_message():
    silent = ("a opened @0s", "a replied by customer @1m", "a solved @1h")
    answered = ("b opened @0s", "b replied by agent @10m", "b solved @1h")
    for metric, minutes in (("requester_wait_minutes", 35), ("agent_wait_minutes", 25)):
        assert value(metric, *silent) == (None, 0)
        assert value(metric, *silent, *answered) == (minutes, 2)


def test_an_agents_message_before_the_opening_is_not_unanswered():
    early = (
        "a opened @1h",
        "a replied by agent @0h",
        "b opened @1h",
        "c opened @0h",
        "c replied by agent @1h",
    )
    assert value("unanswered", *early) == (1, 1)
    assert value("first_response_minutes", *early) == (60, 1)
    # What the customer wrote after it waits.
    assert value("unanswered", *early, "a replied by customer @2h") == (2, 2)
    # An agent opened it, and the customer wrote back: that waits.
    outbound = ("a opened by agent @0h", "a replied by agent @0h", "a replied by customer @1h")
    assert value("unanswered", *outbound) == (1, 1)


def test_satisfaction_is_of_those_rated_and_the_response_rate_of_those_asked():
    lines = (
        "a survey_offered @1m",
        "a rated @2m score=5 scale_max=5",
        "b survey_offered @1m",
        "c rated @1m score=1 scale_max=5",
    )
    assert value("csat", *lines) == (0.5, 2)
    assert value("csat_response_rate", *lines) == (0.5, 2)
    assert value("csat_response_rate", lines[3]) == (None, 0)


def test_follow_ups_are_unknown_where_none_is_ever_recorded():
    solved = ("a solved @0s", "b solved @0s")
    assert value("follow_up_rate", *solved) == (None, 0)
    assert value("follow_up_rate", *solved, "a followed_up @1d") == (0.5, 2)


def test_proactive_is_opened_by_an_agent():
    assert value("proactive_share", "a opened by agent @0s", "b opened @0s", "c opened by bot @0s") == (
        pytest.approx(1 / 3),
        3,
    )
    # What names no actor is the customer's: nobody knows whether an agent ever opened one.
    assert value("proactive_share", "a opened @0s", "b opened @0s") == (None, 0)


def test_a_complete_record_has_reason_channel_and_run():
    whole = "reason=refund channel=chat"
    lines = (
        f"a opened @0s {whole}",
        "a entered @1m step=ask",
        "a solved @2m",
        f"b opened @0s {whole}",
        "b solved @2m",
    )
    assert value("record_completeness", *lines) == (0.5, 2)


def test_backlog_is_what_is_open_at_the_instant_of_looking():
    lines = ("a opened @0s", "a solved @2d", "b opened @1d", "c opened @3d")
    assert value("backlog", *lines) == (2, 2)
    assert value("backlog", *lines, as_of=at("1d")) == (2, 2)
    assert value("backlog", *lines, as_of=at("2d")) == (1, 1)


SAME = "customer=x reason=refund"


@pytest.mark.parametrize(
    ("second", "rate"),
    [
        (f"b opened @8d {SAME}", 0.5),
        (f"b opened @8d1s {SAME}", 0),
        (f"b opened @0s {SAME}", 0),
        (f"b opened @1d {SAME}", 0),
        ("b opened @2d customer=x reason=other", 0),
        ("b opened @2d customer=y reason=refund", 0),
    ],
)
def test_a_repeat_contact_comes_within_seven_days_after_a_solve(second, rate):
    assert value("repeat_contact_rate", f"a opened @0s {SAME}", "a solved @1d", second) == (rate, 2)


def test_the_interval_of_repeat_contacts_respects_customers():
    # Four customers come back nine times each, sixteen never: 36 of 56 tickets are repeats, of few people.
    lines = [
        line
        for customer in range(20)
        for n in range(10 if customer < 4 else 1)
        for line in (
            f"t{customer}x{n} opened @{n}d customer=c{customer} reason=r channel={'ab'[customer % 2]}",
            f"t{customer}x{n} solved @{n}d1h",
        )
    ]
    connection = warehouse(*lines)
    hits = np.array([9.0] * 4 + [0.0] * 16)
    sizes = np.array([10.0] * 4 + [1.0] * 16)
    effect = design_effect(hits, sizes, np.zeros(20, dtype=np.int64), 1)
    low, high = clustered_interval(np.array([36.0]), np.array([56.0]), effect, np.array([20.0]))
    row = only(measure(connection, ["repeat_contact_rate"]))
    assert (row.value, row.n) == (36 / 56, 56)
    assert (row.low, row.high) == (pytest.approx(low[0]), pytest.approx(high[0]))
    assert row.high - row.low > 1.5 * (np.diff(np.array(wilson([36.0], [56.0])).ravel())[0])
    by_channel = measure(connection, ["repeat_contact_rate"], by=["channel"])
    assert by_channel.select("channel", "n").rows() == [("a", 28), ("b", 28)]
    assert (by_channel["high"] - by_channel["low"]).min() > row.high - row.low


def test_a_ticket_opened_by_an_agent_is_no_contact_and_unknown_customers_are_not_compared():
    lines = (
        f"a opened @0s {SAME}",
        "a solved @1d",
        f"b opened by agent @2d {SAME}",
        "c opened @2d reason=refund",
    )
    assert value("repeat_contact_rate", *lines) == (0, 1)


def test_merged_and_discarded_tickets_are_in_no_number_and_counted_apart():
    lines = (
        "a opened @0s",
        "a solved @1m",
        "b opened @0s",
        "b solved @1m",
        "b merged @2m",
        "c opened @9d",
        "c discarded @9d",
    )
    assert value("tickets_opened", *lines) == (1, 1)
    assert value("reopen_rate", *lines) == (0, 1)
    assert value("repeat_contact_rate", *lines)[1] == 0
    assert excluded_tickets(warehouse(*lines)) == 2
    assert excluded_tickets(warehouse(*lines), Scope(end=date(2026, 3, 2))) == 1


def test_confusion_is_of_visits_that_count():
    lines = ("a entered @0m step=ask", "a asked_help @1m", "a entered @2m step=find", "a run_finished @3m")
    assert value("confusion_rate", *lines) == (0.5, 2)


def test_a_ticket_is_confused_by_one_visit_and_none_without_a_visit():
    twice = ("a entered @0m step=ask", "a asked_help @1m", "a entered @2m step=find", "a asked_help @3m")
    others = ("b entered @0m step=ask", "b run_finished @1m", "c opened @0m", "d entered @0m step=ask")
    lines = (*twice, "a run_finished @4m", *others)
    assert value("confused_ticket_rate", *lines) == (0.5, 2)
    merged = (*lines, "a merged @5m value=b")
    assert value("confused_ticket_rate", *merged) == (0, 1)


WEEKS = (
    "a opened @0d channel=chat",
    "a solved @8d",
    "a reopened @9d",
    "a solved @15d",
    "a rated @16d score=5 scale_max=5",
    "b opened @7d channel=phone",
    "b replied by agent @7d5m",
)


def test_each_metric_falls_into_periods_by_its_own_date():
    second_week = {"start": date(2026, 3, 9), "end": date(2026, 3, 15)}
    assert value("tickets_opened", *WEEKS, **second_week) == (1, 1)
    assert value("reopen_rate", *WEEKS, **second_week) == (1, 1)
    assert value("resolution_minutes", *WEEKS, **second_week) == (None, 0)
    third_week = {"start": date(2026, 3, 16), "end": date(2026, 3, 22)}
    assert value("resolution_minutes", *WEEKS, **third_week) == (15 * 24 * 60, 1)
    assert value("csat", *WEEKS, **third_week) == (1, 1)


def test_a_cohort_falls_into_periods_by_its_opening():
    first_week = {"start": date(2026, 3, 2), "end": date(2026, 3, 8)}
    assert value("csat", *WEEKS, **first_week) == (None, 0)
    assert value("csat", *WEEKS, **first_week, cohort=True) == (1, 1)


def test_groups_stand_in_their_order_with_the_unknown_last():
    lines = ("a opened @0d channel=phone", "b opened @8d channel=chat", "c opened @8d")
    told = measure(warehouse(*lines), ["proactive_share", "tickets_opened"], by=["channel", "week"])
    assert told["metric"].to_list() == ["proactive_share"] * 3 + ["tickets_opened"] * 3
    assert told["channel"].to_list() == ["chat", "phone", None] * 2
    assert told["week"].to_list()[:2] == [date(2026, 3, 9), date(2026, 3, 2)]


def test_weeks_without_a_ticket_stand_with_nothing_as_far_as_the_data_reaches():
    lines = ("a opened @7d", "b opened @21d", "b replied by agent @22d", "z held @35d source=s")
    connection = warehouse(*lines)
    names = ["tickets_opened", "first_response_minutes"]
    told = measure(connection, names, by=["week"])
    mondays = [date(2026, 3, 9) + timedelta(weeks=n) for n in range(5)]
    assert told["week"].to_list() == mondays * 2
    assert told["value"].to_list() == [1, 0, 1, 0, 0, None, None, 1440, None, None]
    assert told["n"].to_list() == [1, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    within = Scope(start=date(2026, 3, 16), end=date(2026, 4, 1))
    assert measure(connection, names[:1], by=["week"], scope=within)["value"].to_list() == [0, 1, 0]
    # The data without a source ends with its own newest event, and as of an instant with that.
    assert measure(connection, names[:1], by=["week"], scope=Scope(where=(("source", ("",)),))).height == 3
    assert measure(connection, names[:1], by=["week"], scope=Scope(as_of=at("15d"))).height == 2
    # What nobody recorded is not 0 in an empty week either.
    assert set(measure(connection, ["short_abandonments"], by=["month"])["value"]) == {None}


@pytest.mark.parametrize(("count", "empty"), [("tickets_solved", 0), ("short_abandonments", None)])
def test_a_count_where_nothing_happened_is_the_same_however_it_is_asked_for(count, empty):
    connection = warehouse(
        "a opened @0d channel=chat", "b opened @0d channel=chat", "b solved @20d", "c opened @21d"
    )
    within = {"start": date(2026, 3, 4), "end": date(2026, 3, 5)}
    for where in ((), (("channel", ("chat",)),)):
        scope = Scope(**within, where=where)
        assert only(measure(connection, [count], scope=scope)).value == empty
        for asked in ([count], ["tickets_opened", count]):
            values = measure(connection, asked, by=["day"], scope=scope).filter(metric=count)["value"]
            assert values.to_list() == [empty] * 2


def test_how_many_came_in_is_not_known_where_no_opening_is_recorded():
    silent = ("a replied by customer @0d", "a solved @1d")
    assert value("tickets_opened", *silent) == (None, 0)
    assert value("backlog", *silent) == (None, 0)
    assert set(measure(warehouse(*silent), ["tickets_opened"], by=["day"])["value"]) == {None}
    assert value("tickets_opened", *silent, "b opened @3d", end=date(2026, 3, 3)) == (0, 0)


def test_local_days_come_from_the_scopes_zone():
    lines = ("a opened @23h30m",)
    told = measure(warehouse(*lines), ["tickets_opened"], by=["day"], scope=Scope(time_zone="Europe/Berlin"))
    assert told["day"].to_list() == [date(2026, 3, 3)]
    assert value("tickets_opened", *lines, end=date(2026, 3, 2), time_zone="Europe/Berlin") == (0, 0)
    assert value("tickets_opened", *lines, end=date(2026, 3, 2)) == (1, 1)


def test_filters_keep_the_values_named_and_empty_means_not_recorded():
    lines = ("a opened @0d channel=phone", "b opened @0d channel=chat", "c opened @0d")

    def opened(*values):
        return value("tickets_opened", *lines, where=(("channel", values),))[0]

    assert (opened("phone"), opened("chat", "phone"), opened(""), opened("", "chat")) == (1, 2, 1, 2)
    assert opened("chat' OR true --") == 0
    assert value("tickets_opened", *lines, where=(("month", ("2026-03-01",)),)) == (3, 3)


def test_what_was_known_then():
    assert value("tickets_opened", *WEEKS, as_of=at("1d")) == (1, 1)
    assert value("resolution_minutes", *WEEKS, as_of=at("8d")) == (8 * 24 * 60, 1)
    assert value("tickets_opened", *WEEKS, as_of=at("1d") + timedelta(days=999)) == (2, 2)


@pytest.mark.parametrize(
    ("metrics", "by", "says"),
    [
        (["speed"], [], "no metric 'speed'. There are: tickets_opened"),
        (["csat_p90"], [], "no metric 'csat_p90'"),
        (["csat"], ["colour"], "no dimension 'colour'. There are: channel"),
        (["csat"], ["step"], "This cannot be split by step, only by channel"),
        ([], [], "Name at least one metric"),
    ],
)
def test_what_does_not_exist_is_answered_with_what_does(metrics, by, says):
    with pytest.raises(InvalidRequest, match=says):
        measure(warehouse(), metrics, by=by)


def test_the_values_of_a_dimension_and_the_days_of_the_data():
    connection = warehouse(
        "a opened @0d channel=phone", "b opened @8d channel=chat", "c entered @9d step=ask"
    )
    assert dimension_values(connection, ["channel", "workflow"]) == {
        "channel": ["chat", "phone"],
        "workflow": ["w"],
    }
    assert data_range(connection) == (date(2026, 3, 2), date(2026, 3, 11))
    assert data_range(warehouse()) is None
    with pytest.raises(InvalidRequest, match="not listed"):
        dimension_values(connection, ["week"])


def test_a_day_of_twenty_three_hours_is_a_day():
    lines = ("a opened @26d22h59m59s", "b opened @26d23h", "c opened @27d21h59m59s", "d opened @27d22h")
    berlin = Scope(time_zone="Europe/Berlin", start=date(2026, 3, 28), end=date(2026, 3, 30))
    told = measure(warehouse(*lines), ["tickets_opened"], by=["day"], scope=berlin)
    assert dict(told.select("day", "n").iter_rows()) == {
        date(2026, 3, 28): 1,
        date(2026, 3, 29): 2,
        date(2026, 3, 30): 1,
    }
