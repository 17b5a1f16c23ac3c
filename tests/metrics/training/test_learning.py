"""What practice does for a step: planted trouble, sentences on few rows, and a second way of counting."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.complements import reportable_groups
from metrics.query.scope import Scope
from metrics.steps.counts import KEY
from metrics.steps.hotspots import hotspots
from metrics.training.learning import Learning, by_band, entries_by_band, training_needs
from metrics.training.learning_curve import BANDS, curve, learning_curve
from tests.lengths import examples
from tests.metrics.histories import START, at, rows, warehouse
from tests.metrics.steps.test_practice import history


@pytest.fixture(scope="module")
def desk(sample_desk: Any) -> Any:
    """The sample, whose truth says where newcomers are confused."""
    return sample_desk


def keys(trouble: Any, kind: str) -> set[tuple[str, ...]]:
    return {tuple(each[name] for name in KEY) for each in trouble if each["type"] == kind}


def entry(
    step: str, agent: str | None, practice: int | None, visits: int, confused: int, **more: int
) -> dict[str, Any]:
    return {
        **dict.fromkeys(KEY, "w"), "step": step, "agent_id": agent, "practice": practice,
        "visits": visits, "confused": confused, "excess_us": 0, "timed": visits,
    } | more  # fmt: skip


SCHEMA = {
    **dict.fromkeys((*KEY, "agent_id"), pl.String),
    **dict.fromkeys(("practice", "visits", "confused", "excess_us", "timed"), pl.Int64),
}


def frame(*entries: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(entries), schema=SCHEMA)


def test_a_band_of_few_agents_is_hidden_with_another_one():
    small = [entry("ask", f"n{n}", 0, 3, 1) for n in range(4)]
    next_smallest = [entry("ask", f"m{n}", 5, 3, 1) for n in range(6)]
    large = [entry("ask", f"o{n}", None, 10, 1) for n in range(9)]
    found = {row["practice"]: row for row in by_band(frame(*small, *next_smallest, *large)).to_dicts()}
    # The total less the two others would tell of the four newcomers.
    assert [found[band]["is_shown"] for band in (0, 5, None)] == [False, False, True]
    assert found[0]["visits"] is None
    assert found[5]["confusion_rate"] is None
    assert found[None]["visits"] == 90


def test_two_hidden_bands_of_enough_agents_hide_no_third():
    bands = [entry("ask", f"a{n}", 0, 3, 1) for n in range(3)] + [
        entry("ask", f"b{n}", 5, 3, 1) for n in range(3)
    ]
    large = [entry("ask", f"o{n}", None, 10, 1) for n in range(5)]
    shown = by_band(frame(*bands, *large)).sort("practice", nulls_last=True)["is_shown"].to_list()
    assert shown == [False, False, True]


def test_visits_of_nobody_known_say_nothing_of_practice():
    assert by_band(frame(entry("ask", None, None, 50, 5))).is_empty()


@given(
    st.lists(
        st.tuples(st.sampled_from("xy"), st.integers(0, 9), st.sampled_from([0, 5, 10, None])), max_size=60
    )
)
@examples(6, long=600)
def test_what_is_hidden_is_of_enough_agents_or_of_all(drawn: list[tuple[str, int, int | None]]) -> None:
    entries = pl.DataFrame(
        [{"whole": whole, "agent_id": f"a{agent}", "band": band} for whole, agent, band in drawn],
        schema={"whole": pl.String, "agent_id": pl.String, "band": pl.Int64},
    )
    found = reportable_groups(entries, ["whole"], ["band"], least=5)
    agents, hidden = defaultdict(set), defaultdict(set)
    for whole, agent, band in drawn:
        agents[whole, band].add(agent)
    for row in found.to_dicts():
        of_group = agents[row["whole"], row["band"]]
        assert row["agents"] == len(of_group)
        if row["is_shown"]:
            assert len(of_group) >= 5
        else:
            hidden[row["whole"]] |= of_group
    for whole, of_hidden in hidden.items():
        nothing_shown = not found.filter(pl.col("whole") == whole, "is_shown").height
        assert len(of_hidden) >= 5 or nothing_shown
    assert found.height == len(agents)


def test_bands_are_the_visits_counted_one_by_one(desk):
    _, connection = desk
    visits = rows(connection, "timed_visits").select(*KEY, "agent_id", "practice", "is_confused", "active_us")
    others = defaultdict(list)
    for row in visits.filter(~pl.col("is_confused")).to_dicts():
        others[tuple(row[name] for name in KEY)].append(row["active_us"])
    usual = {step: statistics.median(times) for step, times in others.items()}
    counted: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in visits.to_dicts():
        step = tuple(row[name] for name in KEY)
        sums = counted[(*step, row["agent_id"], row["practice"])]
        sums[0] += 1
        sums[1] += row["is_confused"]
        sums[2] += min(max(0, int(row["active_us"] - usual[step])), int(max(10 * usual[step], 6e7)))
    entries = entries_by_band(connection, Scope())
    assert entries.height == len(counted)
    for row in entries.to_dicts():
        sums = counted[(*(row[name] for name in KEY), row["agent_id"], row["practice"])]
        assert [row["visits"], row["confused"]] == sums[:2]
        assert abs(row["excess_us"] - sums[2]) <= 10 * row["visits"]  # a half is rounded, ten times


def test_planted_training_is_found_and_process_is_not_taken_for_it(desk):
    made, connection = desk
    found = training_needs(connection, hotspots(connection)).steps
    fades = {tuple(row) for row in found.filter(pl.col("learning") == Learning.FADES).select(KEY).rows()}
    planted = keys(made.truth["trouble"], "training")
    assert len(fades & planted) >= 0.8 * len(planted)
    assert len(fades - planted) <= 1
    stays = {tuple(row) for row in found.filter(pl.col("learning") == Learning.STAYS).select(KEY).rows()}
    assert stays
    assert stays <= keys(made.truth["trouble"], "process") | keys(made.truth["trouble"], "coaching")


def test_what_newcomers_stand_above_comes_first_then_what_saves_most(desk):
    _, connection = desk
    found = training_needs(connection, hotspots(connection)).steps
    new = found["learning"].is_in([Learning.FADES, Learning.BOTH]).to_list()
    assert new == sorted(new, reverse=True)
    helped, rest = found.filter(pl.Series(new)), found.filter(~pl.Series(new))
    for part, column in ((helped, "saves_hours_per_week"), (rest, "confused")):
        assert part[column].to_list() == sorted(part[column], reverse=True)
    # Nothing is saved where no difference is shown.
    saves = rest.select("saves_hours_per_week", "saves_low", "saves_high")
    assert saves.null_count().row(0) == (rest.height,) * 3


def test_what_training_saves_is_worked_out_by_hand(desk):
    _, connection = desk
    ranked = hotspots(connection)
    top = training_needs(connection, ranked).steps.row(0, named=True)
    totals = {True: [0.0, 0], False: [0.0, 0]}
    wanted = tuple(top[name] for name in KEY)
    for row in entries_by_band(connection, Scope()).to_dicts():
        if tuple(row[name] for name in KEY) == wanted and row["agent_id"]:
            is_new = row["practice"] is not None and row["practice"] < (top["newcomers_below"] or 20)
            totals[is_new][0] += row["excess_us"]
            totals[is_new][1] += row["timed"]
    weeks = ranked.filter(**dict(zip(KEY, wanted, strict=True)))["weeks_in_use"].item()
    saved = totals[True][0] - totals[True][1] * totals[False][0] / totals[False][1]
    assert top["saves_hours_per_week"] == pytest.approx(saved / 3.6e9 / weeks)
    assert top["saves_low"] < top["saves_hours_per_week"] < top["saves_high"]


def test_no_data_gives_no_needs():
    empty = warehouse()
    needs = training_needs(empty, hotspots(empty))
    assert needs.steps.is_empty()
    assert needs.bands.is_empty()
    assert learning_curve(empty, by="practice", of="minutes").is_empty()


def test_weeks_of_experience_are_counted_from_the_first_visit_to_the_step():
    days = (6, 12, 13, 20, 27, 33, 34, 48, 62, 90)
    found = rows(
        warehouse(history((START, "old", "ask", "1"), *((at(f"{day}d"), "new", "ask", "1") for day in days))),
        "visits_with_experience",
    )
    weeks = found.sort("entered_at")["experience_weeks"].drop_nulls().to_list()
    expected = [max(band for band in BANDS["experience_weeks"] if band <= (day - 6) // 7) for day in days]
    assert weeks == expected


def drawn_visits(seed: int, agents: int = 12) -> pl.DataFrame:
    random = Random(seed)  # noqa: S311
    return pl.DataFrame(
        [
            {
                "agent_id": f"a{random.randrange(agents)}",
                "band": random.choice([0, 5, 10]),
                "is_confused": random.random() < 0.3,
                "active_us": random.randrange(1_000_000, 600_000_000),
            }
            for _ in range(random.randrange(1, 200))
        ]
    )


@given(st.integers(0, 10_000))
@examples(10, long=300)
def test_a_curve_is_its_bands_counted_one_by_one(seed: int) -> None:
    visits = drawn_visits(seed)
    for of in ("confusion", "minutes"):
        for row in curve(visits, of=of).to_dicts():
            ours = [visit for visit in visits.to_dicts() if visit["band"] == row["band"]]
            if row["value"] is None:
                continue
            assert row["visits"] == len(ours)
            assert row["agents"] == len({visit["agent_id"] for visit in ours}) >= 5
            if of == "confusion":
                assert row["value"] == pytest.approx(sum(visit["is_confused"] for visit in ours) / len(ours))
                assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
            else:
                assert row["value"] == pytest.approx(statistics.median(v["active_us"] for v in ours) / 6e7)
                assert row["low"] <= row["value"] <= row["high"]


def test_the_curve_of_a_step_falls_where_it_is_learnt(desk):
    made, connection = desk
    workflow, _, step = sorted(keys(made.truth["trouble"], "training"))[0]
    scope = Scope(where=(("workflow", (workflow,)), ("step", (step,))))
    found = learning_curve(connection, by="practice", of="confusion", scope=scope).drop_nulls("value")
    assert found["value"][0] > found["value"][-1]
    assert learning_curve(connection, by="experience_weeks", of="minutes", scope=scope)["band"].is_sorted()


def test_the_same_data_gives_the_same_numbers(desk):
    _, connection = desk
    ranked = hotspots(connection)
    first, again = (training_needs(connection, ranked) for _ in range(2))
    assert first.steps.equals(again.steps)
    assert first.bands.equals(again.bands)


def test_a_visit_is_over_its_first_week_after_seven_days():
    hours = (0, 24 * 7 - 1, 24 * 7)
    begin = START + timedelta(days=6)
    visits = [(begin + timedelta(hours=hour), "new", "ask", "1") for hour in hours]
    found = rows(warehouse(history((START, "old", "ask", "1"), *visits)), "visits_with_experience")
    assert found.sort("entered_at")["experience_weeks"].to_list() == [None, 0, 0, 1]
