"""Hotspots: verdict, evidence, cost and causes of a step in plain words, hidden trouble apart."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboard.kit.steps import cause_words, step_evidence
from dashboard.views.hotspots.tables import finding_tables
from metrics.settings.hotspot_rules import HotspotRules
from metrics.settings.model import Settings
from metrics.steps.hotspots import _EMPTY
from tests.dashboard.test_pages import open_page

KNOWN = {
    "agents": 40,
    "agents_above_share": 0.8,
    "icc": 0.03,
    "newcomer_ratio": 6.4,
    "newcomer_ratio_low": 4.1,
    "newcomer_ratio_high": 10.0,
    "newcomer_chance": 0.001,
    "newcomer_visits_share": 0.3,
    "newcomers_below": 20,
    "top_fifth_share": 0.61,
}


def step(**other: Any) -> dict[str, Any]:
    row = {
        "workflow": "refund",
        "version": "2",
        "step": "decide",
        "title": "Decide",
        "visits": 500,
        "confused": 100,
        "confusion_rate": 0.2,
        "low": 0.15,
        "high": 0.26,
        "shrunk_rate": 0.19,
        "baseline": 0.05,
        "baseline_from": "steps",
        "hotspot_from": 0.075,
        "guided": True,
        "hotspot": True,
        "hidden": False,
        "verdict": "process",
        "cost_hours_per_week": 3.2,
        "cost_hours_per_week_low": 2.1,
        "cost_hours_per_week_high": 4.3,
        "cost_per_week": None,
        "cost_limit_minutes": 12.0,
        "waiting_hours_per_week": 1.0,
        "weeks_in_use": 12.0,
        "evidence": KNOWN,
        "signs": None,
    }
    return row | other


def steps(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_EMPTY.schema)


def test_the_evidence_is_said_in_plain_words() -> None:
    said = " ".join(step_evidence.evidence(step()))
    for part in ("20% of 500 visits", "15% to 26%", "median step has 5.0%", "80% of its 40 agents"):
        assert part in said
    assert "fewer than 20 visits here are confused 6.4 times as often as others" in said
    assert "4.1 to 10.0" in said
    assert "One fifth" not in said
    assert "One fifth of the agents have 61%" in step_evidence.evidence(step(verdict="coaching"))[3]


@pytest.mark.parametrize(
    "numbers",
    [{"newcomer_chance": 0.06}, {"newcomer_visits_share": 0.95}, {"newcomer_chance": None}],
)
def test_newcomers_are_evidence_beyond_chance_and_as_a_part_of_the_visits_alone(numbers) -> None:
    sentences = " ".join(step_evidence.evidence(step(evidence=KNOWN | numbers)))
    assert "Newcomers" not in sentences


def test_most_agents_are_named_where_they_are_most() -> None:
    assert "Most agents" in step_evidence.meaning(step())
    for share in (0.5, None):
        meaning = step_evidence.meaning(step(evidence=KNOWN | {"agents_above_share": share}))
        assert "Most agents" not in meaning
        assert "does not come from a few agents" in meaning


def test_the_least_effect_is_said_beside_the_hotspots() -> None:
    rules = HotspotRules()
    basis = step_evidence.basis(steps(step()), rules)
    assert basis == ("A hotspot is at least 2 points and 50% above the median step (5.0%): from 7.5% on.")
    assert "of the whole desk (5.0%)" in step_evidence.basis(steps(step(baseline_from="desk")), rules)
    assert "its definition expects" in step_evidence.basis(steps(step(baseline_from="definition")), rules)


def test_too_few_steps_and_logs_of_states_are_said_plainly() -> None:
    unknown = step(baseline=None, hotspot=None, hidden=None, verdict=None, evidence=None)
    assert "not known with 2 step versions" in step_evidence.basis(steps(unknown, unknown), HotspotRules())
    state = unknown | {"guided": False, "workflow": "incident"}
    basis = step_evidence.basis(steps(state), HotspotRules())
    assert basis.startswith("The workflow incident is a log of states")
    assert "median step" not in step_evidence.evidence(unknown)[0]


def test_agents_are_held_against_what_their_step_is_held_against() -> None:
    expected = " ".join(step_evidence.evidence(step(baseline_from="definition")))
    assert "above what its definition expects" in expected
    assert "median step" not in expected


def test_what_is_not_known_is_not_said() -> None:
    bare = step(evidence=dict.fromkeys(KNOWN) | {"agents": 3})
    assert len(step_evidence.evidence(bare)) == 1
    assert "agents" not in step_evidence.evidence(bare)[0]


def test_cost_comes_in_hours_and_where_set_in_money() -> None:
    assert "3.2 h (2.1 h to 4.3 h) a week" in step_evidence.cost(step(), None, "EUR")
    assert "96 EUR" in step_evidence.cost(step(), 30.0, "EUR")
    assert "at most 12 min" in step_evidence.cost(step(), None, "EUR")
    assert "nobody was at work" not in step_evidence.cost(step(), None, "EUR")
    assert "another 5.0 h" in step_evidence.cost(step(waiting_hours_per_week=5.0), None, "EUR")
    assert step_evidence.cost(step(cost_hours_per_week=None), 30.0, "EUR") == ""


@pytest.mark.parametrize("verdict", ["process", "training", "coaching", "unclear"])
def test_every_verdict_says_where_to_look_and_what_it_means(verdict) -> None:
    title = step_evidence.title(step(verdict=verdict))
    assert title.startswith("Too early to say" if verdict == "unclear" else "Look ")
    assert len(step_evidence.meaning(step(verdict=verdict))) > 30


def test_a_step_that_was_not_found_has_no_verdict() -> None:
    calm = step(verdict=None, hotspot=False, low=0.04)
    assert "Nothing to improve" in step_evidence.title(calm)
    assert "what is ordinary" in step_evidence.meaning(step(verdict=None, hotspot=None))


def test_a_step_that_lies_above_the_others_is_not_called_fine() -> None:
    above = step(verdict=None, hotspot=False, low=0.065, baseline=0.05)
    assert step_evidence.title(above) == "No verdict"
    assert "too little or too rarely" in step_evidence.meaning(above)


def test_the_control_of_false_alarms_is_said() -> None:
    found = steps(step(), step(step="a", hotspot=False, hidden=True), step(step="b", hotspot=False))
    assert "1 in 20" in step_evidence.control(found)
    assert "1 more step is fine overall" in step_evidence.control(found)
    assert step_evidence.control(steps(step(hotspot=None, hidden=None))) == ""


def test_hidden_trouble_stands_apart_and_the_dearest_comes_first() -> None:
    found = steps(
        step(step="cheap", title=None, cost_hours_per_week=1.0),
        step(step="dear", title=None),
        step(step="quiet", title=None, hotspot=False, hidden=True, verdict="training"),
    )
    hot, hidden = finding_tables(found, Settings(hourly_cost=40))
    assert hot.frame["name"].to_list() == ["dear", "cheap"]
    assert hot.frame["money"].to_list() == [128, 40]
    assert hidden.frame["verdict"].to_list() == ["Look first at how newcomers learn it"]
    assert hot.frame["newcomers"][0] == "× 6.4 (4.1 to 10.0)"
    assert "money" not in finding_tables(found, Settings())[0].columns
    assert finding_tables(steps(step(hotspot=False)), Settings()) == []


CAUSES: dict[str, list[dict[str, Any]]] = {
    "returns": [
        {
            "returns": 12,
            "back_to": "ask",
            "title": "Ask for the order number",
            "share": 0.1,
            "answers_changed": 5,
        }
    ],
    "answers": [{"changes": 7, "answer": "yes", "new_answer": "no", "share": 0.5}],
    "help": [{"requests": 9, "kind_before": "searched", "share": 0.75}],
    "searches": [{"searches": 8, "words": "iban", "without_hits": 6, "counted": 7}],
    "reason": [
        {
            "reason": "refund",
            "excess": 20,
            "excess_share": 0.9,
            "stands_out": True,
            "confusion_rate": 0.4,
            "visits": 90,
            "confused": 36,
        }
    ],
    "channel": [],
}


def test_causes_are_said_in_short() -> None:
    said = cause_words.causes(CAUSES)
    assert len(said) == 5
    assert said[0].startswith("12 visits are left by going back to “Ask for the order number” (10%)")
    assert "“yes” becomes “no”" in said[1]
    assert "right after searching the knowledge base" in said[2]
    assert "nothing found in 6 of 7" in said[3]
    assert "“refund” has the most extra confused visits" in said[4]


def test_what_was_hardly_seen_is_no_cause() -> None:
    rare = {
        "returns": [CAUSES["returns"][0] | {"returns": 2}],
        "answers": [CAUSES["answers"][0] | {"changes": 1}],
        "help": [CAUSES["help"][0] | {"requests": 2}],
        "searches": [CAUSES["searches"][0] | {"searches": 1}],
        "reason": [CAUSES["reason"][0] | {"excess": 40, "stands_out": False}],
    }
    assert cause_words.causes(rare) == []


def test_a_step_leads_to_its_visits(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "hotspots", period="All data")
    names = app.selectbox(key="step").options
    app.selectbox(key="step").select(names[-1]).run()
    assert not app.exception
    links = [element.label for element in app.get("page_link")]
    assert any("visits" in label for label in links)
