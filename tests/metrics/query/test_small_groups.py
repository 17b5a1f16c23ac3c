"""Numbers of a few agents are numbers about people: neither chosen, nor by taking the rest away."""

import pytest

from metrics.query.scope import Scope
from metrics.query.small_groups import is_small_group
from metrics.steps.causes import holders
from tests.metrics.histories import warehouse

TEAMS = {"large": 9, "middle": 6, "small": 3}


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
    return warehouse(*lines(TEAMS))


def few(connection, *teams, **others):
    where = (("team", teams), *((name, (value,)) for name, value in others.items()))
    return is_small_group(connection, Scope(where=where))


def test_a_small_team_is_not_shown_alone(desk):
    assert few(desk, "small")
    assert few(desk, "nobody", "small")


def test_nor_by_choosing_all_the_others(desk):
    assert few(desk, "large", "middle")


def test_large_teams_whose_rest_is_large_are_shown(desk):
    assert not few(desk, "large")
    assert not few(desk, "middle", "small")
    assert not few(desk, *TEAMS)


def test_agents_are_counted_after_all_other_filters(desk):
    assert few(desk, "large", channel="phone")


def test_without_a_choice_of_teams_nothing_is_about_a_group_of_agents(desk):
    assert not is_small_group(desk, Scope())
    assert not is_small_group(desk, Scope(where=(("channel", ("phone",)),)))


def test_where_no_agents_are_recorded_nothing_is_told_of_any():
    assert not few(warehouse("a opened @0m team=small", "b opened @0m team=large"), "small")


def test_the_team_shown_beside_a_small_one_does_not_give_it_away(desk):
    # The step's total is shown: without the small team and the next one, it tells of nine agents at least.
    assert holders(desk, "team")["team"].to_list() == ["large"]


def test_a_scope_that_leaves_a_small_group_over_shows_none_of_it(desk):
    late = Scope(where=(("channel", ("phone",)),))
    assert holders(desk, "team", scope=late).is_empty()
