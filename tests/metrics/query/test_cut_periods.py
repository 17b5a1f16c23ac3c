"""What the ends of a period, or an instant of knowledge, cut to a few days is a group of agents, too."""

from datetime import timedelta

import numpy as np
import pytest

from metrics.process.flow import edges
from metrics.query.measure import measure
from metrics.query.records import count, tickets
from metrics.query.scope import Scope
from metrics.query.small_groups import SmallGroup, is_small_group, why_left_out
from metrics.steps.causes import before_help, changed_answers, of_steps, returns, searches
from metrics.steps.hotspots import hotspots
from metrics.steps.weeks import step_weeks
from metrics.tickets.backlog import ages, series
from metrics.tickets.change import trend
from tests.lengths import LONG
from tests.metrics.histories import START, at, warehouse
from tests.metrics.query.test_small_groups import a_small_desk

FIRST = START.date()  # a Monday


def day(number):
    return FIRST + timedelta(days=number)


def visits(ticket, number, agent):
    return (
        f"{ticket} opened @{number}d",
        f"{ticket} entered @{number}d1m step=ask agent={agent}",
        f"{ticket} run_finished @{number}d2m agent={agent}",
        f"{ticket} solved @{number}d3m agent={agent}",
    )


@pytest.fixture(scope="module")
def desk():
    """Nine agents on every day of three weeks, from a Sunday on; on Sundays one alone."""
    return warehouse(
        *(
            line
            for number in range(-1 + 7, 28)
            for agent in range(1 if number % 7 == 6 else 9)
            for line in visits(f"{number}-{agent}", number, f"a{agent}")
        ),
        is_guarded=True,
    )


ON_SUNDAY_ALONE = [
    Scope(start=day(6), as_of=at("6d23h59m59s")),  # the first day of the data
    Scope(start=day(13), as_of=at("13d23h59m59s")),
    Scope(start=day(13), as_of=at("14d10h")),  # of Monday a part is known
    Scope(start=day(13), end=day(19), as_of=at("14d")),
    Scope(start=day(7), as_of=at("7d10h")),  # nobody counts the agents of a morning
    Scope(as_of=at("7d")),
]


@pytest.mark.parametrize("scope", ON_SUNDAY_ALONE)
def test_what_was_known_of_a_day_of_one_agent_is_refused(desk, scope):
    assert is_small_group(desk, scope)


@pytest.mark.parametrize("question", [edges, hotspots, ages, series, before_help, of_steps])
def test_whatever_is_asked(desk, question):
    with pytest.raises(SmallGroup):
        question(desk, scope=ON_SUNDAY_ALONE[1])


def test_what_was_known_after_a_week_is_shown(desk):
    assert not is_small_group(desk, Scope(start=day(7), as_of=at("14d")))
    assert not is_small_group(desk, Scope(as_of=at("20d")))
    assert not is_small_group(
        desk, Scope(start=day(14), end=day(15), as_of=at("99d"))
    )  # all there is to know


def shown(connection, by, **period):
    return measure(connection, ["tickets_opened"], by=[by], scope=Scope(**period))[by].to_list()


def test_a_week_of_which_one_day_is_in_the_data_goes_with_the_next(desk):
    assert shown(desk, "week") == [day(14), day(21)]
    assert shown(desk, "week", start=day(7)) == [day(7), day(14), day(21)]


def test_so_does_a_week_that_the_period_cuts(desk):
    assert shown(desk, "week", start=day(13)) == [day(21)]
    assert shown(desk, "week", start=day(7), end=day(22)) == [day(7), day(14), day(21)]  # nine on two days
    assert shown(desk, "week", start=day(13), end=day(20)) == []
    assert shown(desk, "week", start=day(13), as_of=at("28d")) == [day(21)]
    assert shown(desk, "week", start=day(7), as_of=at("21d10h")) == [day(7)]  # of a morning alone


def test_and_a_month(desk):
    march, april = day(-1).replace(day=1), day(30)
    later = warehouse(
        *(
            line
            for number in range(28)
            for n in range(9)
            for line in visits(f"{number}-{n}", number, f"a{n}")
        ),
        *visits("last", 30, "a0"),
        is_guarded=True,
    )
    assert april.day == 1
    assert shown(desk, "month") == [march]
    assert shown(later, "month") == []


def test_trends_and_weeks_of_steps_and_the_backlog_know_it(desk):
    scope = Scope(start=day(13))
    for weeks in (trend(desk, "tickets_opened", scope=scope).weeks, step_weeks(desk, scope=scope)):
        assert {*weeks["week"]} == {day(21)}
    assert day(13) not in series(desk, scope=scope)["day"]
    assert series(desk, scope=scope, every="week")["week"].to_list() == [day(21)]


def test_it_is_said_that_weeks_are_left_out(desk):
    assert why_left_out(desk, ["week"], Scope(start=day(13)))
    assert not why_left_out(desk, ["week"], Scope(start=day(7)))
    assert why_left_out(desk, ["day"], Scope(start=day(7), end=day(14)))
    assert not why_left_out(desk, ["day"], Scope(start=day(7), end=day(12)))


def test_of_a_team_the_cut_week_is_hidden_where_few_of_it_are_there():
    lines = [
        line
        for number in range(6, 21)
        for team in ("red", "blue")
        for n in range(1 if (team, number) == ("red", 6) else 6)
        for line in (
            f"{team}{number}{n} opened @{number}d team={team}",
            f"{team}{number}{n} replied @{number}d1m team={team} agent={team}{n}",
        )
    ]
    rows = measure(warehouse(*lines, is_guarded=True), ["tickets_opened"], by=["team", "week"])
    weeks = {(row["team"], row["week"]) for row in rows.to_dicts()}
    assert weeks == {("blue", day(0)), ("blue", day(7)), ("blue", day(14)), ("red", day(14))}


def test_of_the_days_of_a_period_the_hidden_ones_are_too_many_for_its_total_to_tell(desk):
    """Three Sundays of one agent are hidden anyway; in a week there is one, and with it goes the next."""
    days = shown(desk, "day", start=day(7), end=day(13))
    assert len(days) == 5
    assert day(13) not in days


def test_so_are_the_steps_of_an_answer():
    """The partner that hides the step of one agent must have visits in the period."""
    lines = [
        f"{ticket} {line}"
        for number, step, agents in (
            (0, "one", 1),
            (0, "six", 6),
            (9, "two", 5),
            (0, "ten", 10),
            (9, "ten", 10),
        )
        for n in range(agents)
        for ticket in (f"{number}{step}{n}",)
        for line in (
            f"opened @{number}d",
            f"entered @{number}d1m step={step} agent={step}{n}",
            f"run_finished @{number}d2m agent={step}{n}",
        )
    ]
    connection = warehouse(*lines, is_guarded=True)
    by_step = measure(connection, ["confusion_rate"], by=["step"], scope=Scope(end=day(6)))
    assert by_step.filter(by_step["n"] > 0)["step"].to_list() == ["ten"]


OUTCOMES = ("reopened", "escalated", "answered_within", "resolution_band")


@pytest.fixture(scope="module")
def outcomes():
    """Nine agents solve and are rated; the tickets of one are escalated, and solved after a day."""
    lines = [
        f"{agent}{n} {line}"
        for agent in range(9)
        for n in range(3)
        for solve in ("1d" if not agent else "1h",)
        for line in (
            "opened @0m",
            f"replied by agent @{'5h' if not agent else '1m'} agent=a{agent}",
            *(["escalated @10m"] if not agent else []),
            f"solved @{solve} agent=a{agent}",
            *(["reopened @30h", f"solved @31h agent=a{agent}"] if not agent else []),
            "rated @3d score=1 scale_max=5",
        )
    ]
    return warehouse(*lines, is_guarded=True)


@pytest.mark.parametrize("by", OUTCOMES)
def test_what_came_of_the_tickets_of_one_agent_is_no_group(outcomes, by):
    metric = "reopen_rate" if by == "resolution_band" else "low_ratings"
    assert measure(outcomes, [metric], by=[by]).is_empty()


@pytest.mark.parametrize("where", [("escalated", "escalated"), ("reopened", "not reopened")])
def test_nor_a_choice_but_of_single_tickets(outcomes, where):
    scope = Scope(where=((where[0], (where[1],)),))
    with pytest.raises(SmallGroup):
        measure(outcomes, ["low_ratings"], scope=scope)
    assert (
        count(outcomes, "low_ratings", scope=scope)
        == tickets(outcomes, "low_ratings", scope=scope, limit=99).height
        > 0
    )


def test_how_many_tickets_took_how_long_is_told_of_any(outcomes):
    rows = measure(outcomes, ["resolution_minutes"], by=["resolution_band"])
    assert rows["n"].sum() == 27


def looked_for(words, agents):
    for n in range(agents):
        ticket, agent = f"{words}{n}", f"agent={words}{n}"
        yield from (
            f"{ticket} opened @0m",
            f"{ticket} entered @1m step=ask {agent}",
            f"{ticket} answered @2m value={words} {agent}",
            f"{ticket} searched @2m value={words} hits=0 {agent}",
            f"{ticket} asked_help @3m {agent}" if words != "refund" else f"{ticket} replied @3m {agent}",
            f"{ticket} entered @4m step=find {agent}",
            f"{ticket} went_back @5m value=ask {agent}",
            f"{ticket} entered @5m step=ask {agent}",
            f"{ticket} answered @6m value=no{words} {agent}",
            f"{ticket} run_finished @7m {agent}",
        )


def test_what_one_agent_alone_typed_or_answered_is_not_told():
    connection = warehouse(
        *looked_for("mine", 1), *looked_for("refund", 9), *looked_for("iban", 6), is_guarded=True
    )
    assert searches(connection)["words"].to_list() == ["refund", "iban"]
    assert changed_answers(connection)["answer"].to_list() == ["refund", "iban"]
    assert returns(connection)["returns"].to_list() == [16]  # moves are of single runs
    alone = warehouse(*looked_for("mine", 1), *looked_for("refund", 9), is_guarded=True)
    assert before_help(alone).is_empty()
    everything = Scope(small_groups=True)
    assert {*searches(alone, scope=everything)["words"]} == {"mine", "refund"}


BY = {
    "day": lambda fact: day(fact[0]),
    "week": lambda fact: day(fact[0] - fact[0] % 7),
    "team": lambda fact: fact[2],
    "channel": lambda fact: fact[1],
}
SPANS = (
    (None, None, None),
    (2, 9, None),
    (5, 12, None),
    (6, 13, None),
    (None, None, "10d23h59m59s"),
    (3, None, "11d12h"),
)


@pytest.mark.parametrize("seed", range(4 if LONG else 1))
def test_no_total_less_the_groups_shown_tells_of_so_few(seed):
    """Teams and channels count over all data, days by themselves; of weeks seven days are none to guard."""
    facts = [*a_small_desk(np.random.default_rng(seed).integers(1000))]
    history = [
        line
        for place, (number, channel, team, agent) in enumerate(facts)
        for line in (
            f"t{place} opened @{number}d channel={channel} team={team}",
            f"t{place} replied @{number}d1m agent={agent} team={team}",
        )
    ]
    connection = warehouse(*history, is_guarded=True)
    checks = 0
    for first, last, as_of in SPANS:
        scope = Scope(
            start=None if first is None else day(first),
            end=None if last is None else day(last),
            as_of=at(as_of) if as_of else None,
        )
        until = 13 if as_of is None else int(as_of.split("d")[0]) - (not as_of.endswith("59s"))
        within = range(first or 0, min(until, 13 if last is None else last) + 1)
        if is_small_group(connection, scope):
            continue
        for by in BY:
            rows = measure(connection, ["tickets_opened"], by=[by], scope=scope)
            groups = {*rows.filter(rows["n"] > 0)[by]}
            of = BY[by]
            here = [fact for fact in facts if fact[0] in within]
            hidden = {of(fact) for fact in here} - groups
            counted = facts if by in ("team", "channel") else here
            for group in groups:
                own = [fact for fact in counted if of(fact) == group]
                days = sum(of((number,)) == group for number in within) if by == "week" else 0
                assert days >= 7 or len({fact[3] for fact in own}) >= 5, (scope, by, group)
            left = {fact[3] for fact in counted if of(fact) in hidden}
            days = sum(of((number,)) in hidden for number in within) if by == "week" else 0
            assert not left or days >= 7 or len(left) >= 5, (scope, by, hidden)
            checks += 1
    assert checks > 8
