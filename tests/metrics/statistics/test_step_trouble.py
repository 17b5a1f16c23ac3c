"""What is found, in sentences on small desks: 12 steps, 20 agents, every agent 40 times at every step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from metrics.statistics.clustering import Floats
from metrics.statistics.counts import SETTLED, Counts
from metrics.statistics.evidence import evidence, newcomer_ratio
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.few_agents import few_agents
from metrics.statistics.ordinary_steps import ordinary
from metrics.statistics.peers import Expected
from metrics.statistics.step_trouble import LeastEffect, StepTrouble, step_trouble
from metrics.statistics.verdict import Verdict
from tests.lengths import examples
from tests.metrics.statistics.other_desk import OtherDesk

STEPS, AGENTS, VISITS = 12, 20, 40


def desk(hits: Floats | None = None, band: Floats | None = None, visits: float = VISITS) -> Counts:
    """Two of 40 visits confuse everybody everywhere, but where `hits` says otherwise."""
    step, agent = np.divmod(np.arange(STEPS * AGENTS), AGENTS)
    shown = np.full((STEPS, AGENTS), 2.0) if hits is None else hits
    bands = np.full((STEPS, AGENTS), SETTLED) if band is None else band
    return Counts(step, agent, bands.ravel(), np.full(len(step), visits), shown.ravel(), STEPS, AGENTS)


def usual() -> Floats:
    """An ordinary desk: agents differ a little, steps do not."""
    return np.tile(np.array([1.0, 2.0, 2.0, 3.0]), (STEPS, AGENTS // 4))


def found(counts: Counts) -> tuple[StepTrouble, list[int], list[int]]:
    trouble = step_trouble(counts)
    return trouble, np.flatnonzero(trouble.hotspot).tolist(), np.flatnonzero(trouble.hidden).tolist()


def test_a_desk_without_trouble_has_no_hotspot():
    trouble, hot, hidden = found(desk(usual()))
    assert (hot, hidden) == ([], [])
    assert trouble.ordinary.baseline == pytest.approx(0.05, abs=0.002)


def test_a_step_that_confuses_everyone_is_a_matter_of_the_process():
    hits = usual()
    hits[3] += 6
    trouble, hot, hidden = found(desk(hits))
    assert (hot, hidden, trouble.verdict[3]) == ([3], [], Verdict.PROCESS)
    assert trouble.ordinary.baseline < trouble.shrunk_rate[3] < trouble.rate[3] == 0.2


def test_a_hotspot_is_two_points_and_half_of_the_baseline_above_it():
    least = LeastEffect()
    rates = np.array([0.0199, 0.02, 0.05, 0.059, 0.06, 0.29, 0.30])
    baselines = np.array([0.0, 0.0, 0.03, 0.04, 0.04, 0.2, 0.2])
    assert least.is_reached(rates, baselines).tolist() == [False, True, True, False, True, False, True]


def test_a_step_beyond_chance_and_below_the_least_effect_is_no_finding():
    # Nobody is confused elsewhere; here 8 of 8,000 visits are, by eight agents.
    hits = np.zeros((STEPS, AGENTS))
    hits[3, :8] = 1
    counts = desk(hits, visits=400)
    assert step_trouble(counts, least=LeastEffect(0, 0)).hotspot[3]
    _, hot, hidden = found(counts)
    assert (hot, hidden) == ([], [])


def test_one_visit_each_of_two_agents_is_no_habit_of_a_few():
    hits = np.zeros((STEPS, AGENTS))
    hits[3, :2] = 1
    assert found(desk(hits, visits=25))[2] == []


def test_newcomers_far_above_hide_behind_a_rate_below_the_least_effect():
    hits, band = usual(), np.full((STEPS, AGENTS), SETTLED)
    band[:, :6] = 2
    hits[3, :6] = 10
    far = LeastEffect(points=0.1)
    # 88 of 800 visits are confused, of the newcomers' 60 of 240.
    trouble = step_trouble(desk(hits, band), least=far)
    assert trouble.hotspot.tolist() == [False] * STEPS
    assert (np.flatnonzero(trouble.hidden).tolist(), trouble.verdict[3]) == ([3], Verdict.TRAINING)


def test_fewer_than_six_steps_are_held_against_what_is_expected_of_them():
    few = desk(usual()).of_steps(np.arange(STEPS) < 5)
    trouble, hot, hidden = found(few)
    assert (hot, hidden, np.isnan(trouble.baseline).all()) == ([], [], True)
    stated = np.array([0.01, 0.05, np.nan, 0.05, 0.05])
    trouble = step_trouble(few, expected_rates=stated)
    assert trouble.hotspot.tolist() == [True, False, False, False, False]
    assert np.array_equal(trouble.baseline, stated, equal_nan=True)


def test_the_counts_of_some_steps_are_numbered_anew():
    some = desk(usual()).of_steps(np.isin(np.arange(STEPS), [3, 5]))
    assert (some.steps, set(some.step.tolist()), some.all_visits.tolist()) == (2, {0, 1}, [800, 800])


def test_a_few_far_above_their_peers_are_to_be_coached_though_the_step_looks_ordinary():
    hits = usual()
    hits[3, :2] = 16
    trouble, hot, hidden = found(desk(hits))
    assert (hot, hidden, trouble.verdict[3]) == ([], [3], Verdict.COACHING)
    assert trouble.few_agents.number[3] == 2


def test_newcomers_far_above_other_newcomers_are_to_be_trained():
    hits, band = usual(), np.full((STEPS, AGENTS), SETTLED)
    band[:, :6] = 2
    hits[3, :6] = 10
    trouble, hot, hidden = found(desk(hits, band))
    assert (hot + hidden, trouble.verdict[3]) == ([3], Verdict.TRAINING)


def test_one_bad_newcomer_is_not_trouble_of_newcomers():
    hits, band = usual(), np.full((STEPS, AGENTS), SETTLED)
    band[:, :6] = 2
    hits[3, 0] = 20
    trouble, *_ = found(desk(hits, band))
    assert trouble.newcomers.chance[3] > 0.05
    assert trouble.verdict[3] != Verdict.TRAINING


def test_who_is_confused_everywhere_is_no_news_at_any_step():
    hits = usual()
    hits[:, 0] = 5
    _, hot, hidden = found(desk(hits))
    assert (hot, hidden) == ([], [])


def test_where_agents_are_not_recorded_a_hotspot_is_found_and_its_verdict_unclear():
    nobody = desk(usual()).where(np.zeros(STEPS * AGENTS, dtype=bool))
    hits = np.full(STEPS, 40.0)
    hits[3] = 160
    counts = Counts(
        *(nobody.step, nobody.agent, nobody.band, nobody.visits, nobody.hits),
        *(STEPS, 0),
        loose_visits=np.full(STEPS, 800.0),
        loose_hits=hits,
    )
    trouble, hot, hidden = found(counts)
    assert (hot, hidden, trouble.verdict[3]) == ([3], [], Verdict.UNCLEAR)


def test_the_few_are_judged_by_the_binomial_tail_of_their_rank():
    hits = np.full((STEPS, AGENTS), 0.0)
    hits[0, 0] = 40.0
    counts = desk(hits)
    due = Expected(counts.visits * 0.05, counts.visits * 0.05, np.ones(6), np.full(STEPS, 1e12), 1e-4)
    # All but one show less than expected, so only the first rank counts; ranks 1, 2 and 3 are paid for.
    alone = binom.sf(39, 40, 0.05)
    assert few_agents(counts, due).chance[0] == pytest.approx(3 * binom.sf(0, AGENTS, alone), rel=1e-3)


def test_the_newcomer_ratio_is_that_of_the_aspirin_trial():
    # A. Agresti, An Introduction to Categorical Data Analysis, 2nd ed. 2007, § 2.2.2: 189 of 11,034
    # under placebo, 104 of 11,037 under aspirin: 1.82, 95 % interval 1.43 to 2.31. Everybody is seen once.
    hits = np.concatenate([np.arange(11034) < 189, np.arange(11037) < 104]).astype(float)
    agent = np.arange(len(hits))
    counts = Counts(agent * 0, agent, agent * 0, np.ones(len(hits)), hits, 1, len(hits))
    ratio = [float(values[0]) for values in newcomer_ratio(counts, agent < 11034)]
    assert [round(value, 2) for value in ratio] == [1.82, 1.43, 2.31]


def test_the_spread_of_ordinary_steps_is_recovered():
    rng = np.random.default_rng(7)
    mean, spread = 0.05, 0.3
    strength = (1 - mean) / (spread**2 * mean) - 1
    rates = rng.beta(mean * strength, (1 - mean) * strength, 2000)
    visits = np.full(2000, 3000.0)
    hits = rng.binomial(3000, rates).astype(float)
    hits[:60], visits[:60] = 900, 3000
    known = ordinary(hits, visits, np.ones(2000))
    assert known.spread == pytest.approx(spread, rel=0.05)
    assert known.baseline == pytest.approx(np.median(rates), rel=0.03)


def test_evidence_is_about_groups_of_five_or_more():
    few = desk(usual()).where(np.arange(STEPS * AGENTS) % AGENTS < 4)
    known = evidence(few, np.full(STEPS, 0.05), np.full(STEPS, 2))
    for name in ("agents_above_share", "icc", "newcomer_ratio", "top_fifth_share"):
        assert np.isnan(getattr(known, name)).all()
    assert known.agents.tolist() == [4] * STEPS


@examples(15)
@given(st.integers(0, 10_000))
def test_neither_the_order_of_rows_nor_the_names_of_agents_matter(seed):
    counts, _ = OtherDesk(steps=12, agents=15, planted=1, most_visits=1500).draw(seed)
    rng = np.random.default_rng(seed)
    renamed, order = rng.permutation(counts.agents), rng.permutation(len(counts.step))
    other = Counts(
        counts.step[order],
        renamed[counts.agent][order],
        *(values[order] for values in (counts.band, counts.visits, counts.hits)),
        *(counts.steps, counts.agents),
    )
    one, two = step_trouble(counts), step_trouble(other)
    assert (one.hotspot == two.hotspot).all()
    assert (one.hidden == two.hidden).all()
    assert one.low == pytest.approx(two.low)
    assert ((one.low <= one.rate + 1e-12) & (one.rate <= one.high + 1e-12)).all()
    assert not (one.hotspot & one.hidden).any()


def test_the_chance_of_newcomers_pays_for_the_bands_looked_at():
    # The aspirin trial again: the normal chance of its ratio is that of 4.9 standard errors.
    hits = np.concatenate([np.arange(11034) < 189, np.arange(11037) < 104]).astype(float)
    agent = np.arange(len(hits))
    band = np.where(agent < 11034, 0, SETTLED)
    trial = Counts(agent * 0, agent, band, np.ones(len(hits)), hits, 1, len(hits))
    alone = evidence(trial, np.full(1, 0.01), np.array([2])).newcomer_chance[0]
    error = np.log(2.31 / 1.43) / (2 * 1.96)
    assert alone == pytest.approx(4 * norm.sf(np.log(1.82) / error), rel=0.15)
    agreed = evidence(trial, np.full(1, 0.01), np.array([2]), np.array([0.2]))
    assert agreed.newcomer_chance[0] == 0.2


def test_at_calm_desks_nothing_is_learnt_with_practice():
    calm = replace(OtherDesk(steps=20, agents=30, planted=0, newness=1.0), newcomers=0.4)
    called = 0
    for seed in range(20):
        counts, _ = calm.draw(seed)
        trouble = step_trouble(counts)
        shown = evidence(counts, trouble.baseline, trouble.newcomers.within, trouble.practice_chance)
        called += bool((np.nan_to_num(adjusted(shown.newcomer_chance), nan=1.0) <= 0.05).any())
    assert called <= 1
