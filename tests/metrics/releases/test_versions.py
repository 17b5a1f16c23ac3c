"""A new version against the weeks before and against the workflows that nothing happened to."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics.query.scope import Scope
from metrics.releases.summary import summary
from metrics.releases.versions import verdicts
from metrics.settings.version_rules import VersionRules
from tests.metrics.histories import definition, events, warehouse
from tests.metrics.releases.planted import called

WEEKS = 8


def desk(
    rates, *, released=4, workflows=("w", "k", "l"), per_week=30, weeks=WEEKS, renewed=("w",), definitions=()
):
    """Runs of one step each; `rates(workflow, week)`: how many of them ask for help.

    `renewed`: the workflows with a second version from week `released` on, or from the week they are given.
    """
    since = renewed if isinstance(renewed, dict) else dict.fromkeys(renewed, released)
    lines = []
    for week in range(weeks):
        for workflow in workflows:
            for place in range(per_week):
                ticket = f"{workflow}{week}.{place}"
                version = 2 if week >= since.get(workflow, weeks) else 1
                day = week * 7 + place % 7
                where = f"workflow={workflow} version={version} agent=a{place % 6}"
                lines += [f"{ticket} opened @{day}d", f"{ticket} entered @{day}d1m step=ask {where}"]
                if place < rates(workflow, week):
                    lines.append(f"{ticket} asked_help @{day}d2m {where}")
                lines.append(f"{ticket} run_finished @{day}d{3 + place % 3}m {where}")
    return warehouse(events(*lines), definitions=definitions)


def confusion(connection, **options):
    found = verdicts(connection, **options)
    return found.filter(measure="confusion").row(-1, named=True)


def test_a_step_that_confuses_half_as_often_is_improved():
    found = confusion(desk(lambda workflow, week: 8 if workflow == "w" and week >= 4 else 16))
    assert (found["from_version"], found["version"], found["released_on"]) == ("1", "2", date(2026, 3, 30))
    assert (found["n_before"], found["n_after"]) == (120, 120)
    assert found["effect"] == pytest.approx(-0.5, abs=0.02)
    assert found["low"] < found["effect"] < found["high"] < 0
    assert found["verdict"] == "improved"


def test_releases_of_one_day_are_each_judged_as_if_alone():
    def rates(workflow, week):
        return {"w": 8, "v": 20}.get(workflow, 12) if week >= 4 else 16

    found = desk(rates, workflows=("w", "v", "k", "l"), renewed=("w", "v"))
    together = verdicts(found)
    alone = [verdicts(found, scope=Scope(where=(("workflow", (name,)),))) for name in ("v", "w")]
    assert together["workflow"].unique(maintain_order=True).to_list() == ["v", "w"]
    assert_frame_equal(together, pl.concat(alone))


def test_what_happens_to_all_workflows_is_not_the_new_versions_doing():
    found = confusion(desk(lambda _, week: 8 if week >= 4 else 16))
    assert found["change"] == pytest.approx(-0.5, abs=0.02)
    assert found["usual_change"] == pytest.approx(-0.5, abs=0.02)
    assert found["effect"] == pytest.approx(0, abs=1e-9)
    assert found["verdict"] not in ("improved", "worse")


def test_a_workflow_that_was_already_going_its_own_way_is_not_judged():
    falling = [24, 24, 14, 14, 6, 6, 4, 4]
    found = confusion(desk(lambda workflow, week: falling[week] if workflow == "w" else 16))
    assert found["earlier_effect"] < -0.3
    assert found["verdict"] == "not enough data yet"


def test_what_rose_before_the_release_and_came_back_is_not_judged():
    # The dip of O. Ashenfelter, Review of Economics and Statistics 60, 1978, p. 47.
    risen = [8, 8, 26, 26, 8, 8, 8, 8]
    found = confusion(desk(lambda workflow, week: risen[week] if workflow == "w" else 16))
    assert found["q"] < 0.05
    assert found["effect"] < 0 < found["earlier_effect"]
    assert found["verdict"] == "not enough data yet"


def test_what_rose_a_little_before_does_not_hide_what_fell_by_far_more():
    risen = [14, 14, 26, 26, 4, 4, 4, 4]
    found = confusion(desk(lambda workflow, week: risen[week] if workflow == "w" else 16))
    assert found["earlier_p"] < 0.05
    assert found["verdict"] == "improved"


def test_without_an_untouched_workflow_nothing_is_known():
    found = confusion(desk(lambda _, week: 8 if week >= 4 else 16, workflows=("w",)))
    assert found["change"] == pytest.approx(-0.5, abs=0.02)
    assert (found["untouched"], found["effect"], found["verdict"]) == (0, None, "not enough data yet")


def defined(first, second, workflow="k"):
    """Two versions of a workflow's one step, titled so."""
    return [
        {**step, "workflow": workflow, "title": title}
        for version, title in (("1", first), ("2", second))
        for step in definition("ask", version=version)
    ]


@pytest.mark.parametrize(
    ("second", "week", "is_compared"),
    [("Ask", 2, True), ("Ask again", 2, False), ("Ask", 4, False)],
    ids=["not rewritten", "rewritten", "released on the same day"],
)
def test_a_step_that_no_version_rewrites_is_untouched_whatever_is_released(second, week, is_compared):
    connection = desk(
        lambda workflow, week: 8 if workflow == "w" and week >= 4 else 16,
        workflows=("w", "k"),
        renewed={"w": 4, "k": week},
        definitions=defined("Ask", second),
    )
    found = confusion(connection)
    assert found["workflow"] == "w"
    assert (found["verdict"] == "improved") == is_compared
    assert (found["effect"] is not None) == is_compared


def test_no_change_is_shown_only_by_data_that_could_have_shown_one():
    few = confusion(desk(lambda *_: 2, per_week=7))
    many = confusion(desk(lambda *_: 30, per_week=60))
    assert few["smallest_detectable"] > 0.5 > many["smallest_detectable"]
    assert (few["verdict"], many["verdict"]) == ("not enough data yet", "usual range")


def test_on_fewer_than_two_weeks_nothing_is_said():
    found = confusion(desk(lambda w, week: 4 if w == "w" and week >= 7 else 16, released=7))
    assert (found["weeks_after"], found["effect"], found["verdict"]) == (1, None, "not enough data yet")


def test_a_scope_chooses_releases_and_keeps_the_untouched():
    connection = desk(lambda workflow, week: 8 if workflow == "w" and week >= 4 else 16)
    whole, chosen = (
        verdicts(connection, scope=Scope(where=where)) for where in ((), (("workflow", ("w",)),))
    )
    assert whole.equals(chosen)
    assert verdicts(connection, scope=Scope(where=(("workflow", ("k",)),))).is_empty()
    assert verdicts(connection, scope=Scope(where=(("team", ("nobody",)),))).is_empty()


def test_a_stricter_rule_says_less():
    connection = desk(lambda workflow, week: 8 if workflow == "w" and week >= 4 else 16)
    assert confusion(connection, rules=VersionRules(false_discovery_rate=1e-12))["verdict"] != "improved"


def test_an_empty_warehouse_has_no_versions():
    found = verdicts(warehouse())
    assert found.is_empty()
    assert summary(found).is_empty()


def test_planted_effects_of_one_desk_are_called_and_nothing_else():
    rows = called(tickets=8_000, seed=3)
    effect = rows.filter(pl.col("planted") != "none")
    assert effect.filter(pl.col("said") != pl.col("planted")).is_empty()
    assert rows.filter((pl.col("planted") == "none") & pl.col("said").is_in(["improved", "worse"])).is_empty()
