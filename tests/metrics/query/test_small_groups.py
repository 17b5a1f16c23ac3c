"""Numbers of a few agents are numbers about people: neither chosen, nor by taking the rest away."""

from datetime import timedelta
from itertools import combinations, product

import duckdb
import numpy as np
import pytest

from etl.errors import InvalidRequest
from metrics.query import records
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.query.small_groups import hidden_groups, is_small_group
from metrics.settings.model import Settings
from metrics.steps.holders import holders
from tests.metrics.histories import START, own_warehouse, warehouse

TEAMS = {"large": 9, "middle": 6, "small": 3}
FIRST = START.date()


def lines(teams):
    for team, agents in teams.items():
        for n in range(agents):
            ticket, by = f"{team}{n}", f"agent={team}{n} team={team}"
            yield from (
                f"{ticket} opened @{n}d channel={'chat' if n % 3 else 'phone'} team={team}",
                f"{ticket} entered @{n}d1m step=ask {by}",
                f"{ticket} run_finished @{n}d2m {by}",
            )


@pytest.fixture(scope="module")
def desk():
    return warehouse(*lines(TEAMS), is_guarded=True)


def few(connection, *teams, **others):
    where = (*((("team", teams),) if teams else ()), *((name, (value,)) for name, value in others.items()))
    return is_small_group(connection, Scope(where=where))


def test_a_small_team_is_not_shown_alone_nor_among_others(desk):
    assert few(desk, "small")
    assert few(desk, "middle", "small")
    assert few(desk, "nobody", "small")


def test_nor_by_choosing_all_the_others(desk):
    assert few(desk, "large", "middle")


def test_the_next_smallest_team_is_hidden_with_it(desk):
    """All less the two large ones would tell of the small one, asked for one by one or together."""
    assert not few(desk, "large")
    assert few(desk, "middle")
    assert hidden_groups(desk, "team") == {"middle", "small"}


def test_any_dimension_is_guarded(desk):
    alone = warehouse(
        *lines({"large": 9}), "x opened @0m channel=fax", "x replied @1m agent=a", is_guarded=True
    )
    assert few(alone, channel="fax")
    assert few(alone, channel="chat")  # less it, the desk is the agent at the fax and three more
    assert few(desk, "large", channel="phone")  # three of nine
    assert not few(desk, channel="phone")  # six over all teams


def test_that_a_small_group_has_nothing_in_common_with_another_is_not_told(desk):
    """Where rows would be refused, no rows are: else zeros say on which days one agent worked, and where."""
    connection = warehouse(
        *lines({"large": 9, "middle": 6}),
        *(
            f"{n}d{day} {what}"
            for day in (7, 8)
            for n in range(1 if day == 7 else 6)
            for what in (
                f"opened @{day}d channel=fax team=middle",
                f"replied @{day}d1m agent=middle{n} team=middle",
            )
        ),
        "x opened @1d team=alone",
        "x replied @1d1m agent=x team=alone",
        is_guarded=True,
    )
    sunday = {"start": FIRST + timedelta(days=7), "end": FIRST + timedelta(days=7)}
    for team in ("large", "middle", "alone"):
        assert is_small_group(connection, Scope(where=(("team", (team,)),), **sunday))
    for others in ((("channel", ("fax",)),), (("weekday", ("7",)),), (("reason", ("none",)),)):
        assert is_small_group(connection, Scope(where=(("team", ("alone",)), *others)))


def test_a_day_of_few_agents_is_a_group_and_a_week_is_none(desk):
    assert is_small_group(desk, Scope(start=FIRST, end=FIRST))
    assert is_small_group(desk, Scope(end=FIRST))
    assert not is_small_group(desk, Scope(start=FIRST, end=FIRST + timedelta(days=6)))
    assert not is_small_group(desk, Scope(start=FIRST, end=FIRST + timedelta(days=30)))


def test_all_data_is_no_group_however_short_it_is():
    short = warehouse("a opened @0m", "a replied @1m agent=a", is_guarded=True)
    assert not is_small_group(short, Scope(start=FIRST, end=FIRST))


def test_a_desk_of_few_agents_sees_unfiltered_answers_only():
    tiny = warehouse(*lines({"all": 4}), is_guarded=True)
    assert measure(tiny, ["tickets_opened"])["value"].to_list() == [4]
    assert few(tiny, "all")
    assert measure(tiny, ["tickets_opened"], by=["channel"]).is_empty()
    with pytest.raises(InvalidRequest, match="fewer than 5 agents"):
        measure(tiny, ["tickets_opened"], scope=Scope(where=(("channel", ("chat",)),)))


def test_where_no_agents_are_recorded_nothing_is_told_of_any():
    bare = warehouse("a opened @0m team=small", "b opened @0m team=large", is_guarded=True)
    assert not few(bare, "small")
    assert measure(bare, ["tickets_opened"], by=["team"]).height == 2


def test_the_limit_may_be_raised_and_never_lowered():
    settings = Settings.model_validate({"privacy": {"smallest_group": 10}})
    assert few(warehouse(*lines({"large": 9, "other": 12}), settings=settings, is_guarded=True), "large")
    with pytest.raises(ValueError, match="greater than or equal to 5"):
        Settings.model_validate({"privacy": {"smallest_group": 4}})


def test_the_team_shown_beside_a_small_one_does_not_give_it_away(desk):
    # The step's total is shown: without the small team and the next one, it tells of nine agents at least.
    assert holders(desk, "team")["team"].to_list() == ["large"]
    assert measure(desk, ["tickets_opened"], by=["team"])["team"].to_list() == ["large"]


def test_a_list_does_not_name_whose_work_stands_alone(desk):
    teams = records.tickets(desk, "tickets_opened", limit=99)["team"]
    assert {*teams} == {"large", "(small group)"}
    assert {*records.visits(desk, limit=99)["team"]} == {"large", "(small group)"}


CHANNELS, NAMES = ("chat", "fax", "phone"), ("x", "y", "z")
SPANS = ((0, 13), (0, 0), (3, 4), (3, 6), (4, 9), (2, 8))
"""First and last day: all data, a few days, and a week."""


def a_small_desk(seed):
    """Twelve agents over two weeks, a ticket a day; who works where, and when, is left to chance."""
    dice = np.random.default_rng(seed)
    for n in range(12):
        team, own = dice.choice(NAMES), dice.choice(CHANNELS, dice.integers(1, 4), replace=False)
        for day in np.flatnonzero(dice.random(14) < 0.7):
            yield int(day), str(dice.choice(own)), str(team), f"a{n}"


def as_a_snapshot(connection, file):
    """The same warehouse as readers have it: who works where is read once."""
    connection.execute(f"ATTACH '{file}' AS copy")
    connection.execute("COPY FROM DATABASE memory TO copy")
    connection.close()
    return duckdb.connect(str(file), read_only=True)


def choices(values):
    """Nothing chosen, one, or two of these values."""
    return [(), *((each,) for each in values), *combinations(values, 2)]


@pytest.mark.sweep(4)
@pytest.mark.parametrize("seed", range(2))
def test_no_two_nested_answers_less_one_another_tell_of_so_few(tmp_path, seed):
    """Groups count over all data: for a week or more as all of it, so that its days alone do not matter."""
    facts = [*a_small_desk(seed)]
    history = [
        line
        for place, (day, channel, team, agent) in enumerate(facts)
        for line in (
            f"t{place} opened @{day}d channel={channel} team={team}",
            f"t{place} replied @{day}d1m agent={agent} team={team}",
        )
    ]
    desk = as_a_snapshot(own_warehouse(*history, is_guarded=True), tmp_path / "desk.duckdb")
    answers = []
    for channels, teams, (first, last) in product(choices(CHANNELS), choices(NAMES), SPANS):
        where = tuple((name, each) for name, each in (("channel", channels), ("team", teams)) if each)
        scope = Scope(where=where, start=FIRST + timedelta(days=first), end=FIRST + timedelta(days=last))
        if not is_small_group(desk, scope):
            days = {*range(14)} if last - first >= 6 else {*range(first, last + 1)}
            answers.append((frozenset(channels or CHANNELS), frozenset(teams or NAMES), frozenset(days)))
    assert len({*answers}) > 1
    for wide, narrow in product({*answers}, repeat=2):
        if all(inner <= outer for outer, inner in zip(wide, narrow, strict=True)):
            left = {
                agent
                for day, channel, team, agent in facts
                if all(each in outer for each, outer in zip((channel, team, day), wide, strict=True))
                and not all(each in inner for each, inner in zip((channel, team, day), narrow, strict=True))
            }
            assert not 0 < len(left) < 5, (wide, narrow)
