"""Why a step confuses, on few rows."""

from itertools import chain

import pytest

from etl.errors import InvalidRequest
from metrics.query.scope import Scope
from metrics.steps.causes import before_help, changed_answers, returns, searches
from metrics.steps.holders import HOLDERS, holders
from tests.metrics.histories import warehouse

BACK = (
    "a entered @0m step=ask",
    "a answered @1m value=yes",
    "a entered @2m step=find",
    "a went_back @5m value=ask",
    "a entered @5m step=ask",
    "a answered @6m value=no",
    "a entered @7m step=find",
    "a run_finished @8m",
    "b entered @0m step=ask",
    "b entered @1m step=find",
    "b went_back @1m5s value=ask",
    "b entered @1m5s step=ask",
    "b run_finished @3m",
)


def test_where_runs_went_back_to_and_what_came_of_it():
    (found,) = returns(warehouse(*BACK)).to_dicts()
    assert (found["step"], found["back_to"], found["returns"]) == ("find", "ask", 2)
    assert (found["at_once"], found["answers_changed"]) == (1, 1)
    assert found["share"] == pytest.approx(2 / 3)


def test_which_answer_became_which():
    (found,) = changed_answers(warehouse(*BACK)).to_dicts()
    assert (found["step"], found["answer"], found["new_answer"], found["changes"]) == ("ask", "yes", "no", 1)


def test_what_happens_right_before_help_is_asked():
    connection = warehouse(
        "a entered @0m step=ask",
        "a searched @1m value=refund hits=0",
        "a asked_help @3m",
        "a run_finished @4m",
        "b entered @0m step=ask",
        "b asked_help @1m",
        "b run_finished @4m",
        "c entered @0m step=ask",
        "c searched @1m value=refund hits=2",
        "c asked_help @5m",
        "c run_finished @6m",
    )
    found = before_help(connection).select("kind_before", "requests", "median_seconds").rows()
    assert found == [("searched", 2, 180.0), ("entered", 1, 60.0)]


def test_what_is_searched_and_how_often_nothing_is_found():
    connection = warehouse(
        "a entered @0m step=ask",
        "a searched @1m value=refund hits=0",
        "a searched @2m value=Refund hits=3",
        "a searched @3m value=refund",
        "a searched @4m value=iban hits=0",
        "a run_finished @5m",
    )
    refund, iban = searches(connection).to_dicts()
    assert (refund["words"], refund["searches"], refund["counted"], refund["without_hits"]) == (
        "refund",
        3,
        2,
        1,
    )
    assert refund["without_hits_share"] == 0.5
    assert refund["low"] < 0.5 < refund["high"]
    assert (iban["words"], iban["without_hits_share"]) == ("iban", 1.0)


def asked(ticket, channel, *, helped, agent="x"):
    lines = [f"{ticket} opened @0m channel={channel}", f"{ticket} entered @1m step=ask agent={agent} team=t"]
    lines += [f"{ticket} asked_help @2m agent={agent}"] if helped else []
    return [*lines, f"{ticket} run_finished @3m agent={agent}"]


def test_the_excess_is_held_by_the_channel_where_confusion_is():
    lines = [asked(f"c{n}", "chat", helped=n < 6) for n in range(8)]
    lines += [asked(f"p{n}", "phone", helped=n < 2) for n in range(8)]
    chat, phone = holders(warehouse(*chain.from_iterable(lines)), "channel").to_dicts()
    assert (chat["channel"], chat["visits"], chat["confused"], chat["confusion_rate"]) == ("chat", 8, 6, 0.75)
    # The others' rate, a quarter, would give two.
    assert (chat["excess"], phone["excess"]) == (4, -4)
    assert (chat["excess_share"], phone["excess_share"]) == (1, 0)


def test_a_group_stands_out_beyond_chance_and_as_a_part_of_the_visits():
    def held(chat, phone):
        lines = [asked(f"c{n}", "chat", helped=n < chat[0]) for n in range(chat[1])]
        lines += [asked(f"p{n}", "phone", helped=n < phone[0]) for n in range(phone[1])]
        rows = holders(warehouse(*chain.from_iterable(lines)), "channel")
        return dict(rows.select("channel", "stands_out").rows())

    assert held((15, 20), (4, 20)) == {"chat": True, "phone": False}
    assert held((6, 20), (4, 20)) == {"chat": False, "phone": False}
    # 38 of 40 visits are chats: hardly a part.
    assert held((36, 38), (0, 2)) == {"chat": False, "phone": False}


def by_agent(*groups, agents):
    """Visits in chat and phone, each given as confused and all, shared out among agents of their own."""
    lines = [
        asked(f"{channel}{n}", channel, helped=n < confused, agent=f"{channel}{n % number}")
        for (channel, confused, visits), number in zip(groups, agents, strict=True)
        for n in range(visits)
    ]
    rows = holders(warehouse(*chain.from_iterable(lines)), "channel")
    return {row["channel"]: row for row in rows.to_dicts()}


def test_a_channel_does_not_stand_out_because_few_agents_work_there():
    groups = (("chat", 20, 60), ("phone", 12, 120))
    assert by_agent(*groups, agents=(60, 120))["chat"]["stands_out"]
    assert not by_agent(*groups, agents=(3, 8))["chat"]["stands_out"]


def test_the_interval_of_a_group_is_wider_where_its_agents_differ():
    # The first agent of the two has all that is confused.
    lines = [asked(f"c{n}", "chat", helped=n < 20, agent="x" if n < 20 else "y") for n in range(40)]
    differing = holders(warehouse(*chain.from_iterable(lines)), "channel").row(0, named=True)
    alike = by_agent(("chat", 20, 40), agents=(40,))["chat"]
    assert differing["low"] < alike["low"] < 0.5 < alike["high"] < differing["high"]


def test_a_team_of_fewer_than_five_agents_is_not_shown():
    lines = [asked(f"c{n}", "chat", helped=True, agent=f"a{n}") for n in range(4)]
    assert holders(warehouse(*chain.from_iterable(lines), is_guarded=True), "team").is_empty()
    lines.append(asked("more", "chat", helped=True, agent="a5"))
    desk = warehouse(*chain.from_iterable(lines), is_guarded=True)
    assert holders(desk, "team")["visits"].to_list() == [5]


def test_the_excess_is_told_by_known_dimensions_alone():
    with pytest.raises(InvalidRequest, match="reason, channel, team, priority, practice"):
        holders(warehouse(), "agent")


def test_causes_follow_the_scope_and_an_empty_warehouse_has_none():
    nobody = Scope(where=(("channel", ("nowhere",)),))
    for connection, scope in ((warehouse(*BACK), nobody), (warehouse(), Scope())):
        assert all(
            f(connection, scope=scope).is_empty() for f in (returns, changed_answers, before_help, searches)
        )
        assert all(holders(connection, by, scope=scope).is_empty() for by in HOLDERS)
