"""What the lines of the evaluation count, on a few rows; and a desk on which they must say something."""

import polars as pl
import pytest

from tests.evaluation import calm, cost_coverage, few_steps, least_effect, report
from tests.evaluation.calm import OUTCOMES, PLANTED
from tests.evaluation.generators import QUEUES, queues
from tests.evaluation.jobs import Jobs
from tests.evaluation.scoring import Share


def test_a_share_has_the_interval_of_wilson():
    # E. B. Wilson's interval of 1 of 20 is 0.9 % to 23.6 %.
    assert Share(1, 20).interval == pytest.approx((0.0089, 0.2361), abs=1e-4)
    assert str(Share(1, 20)) == "0.050 (1 of 20; 0.009 to 0.236)"
    assert str(Share(0, 0)) == "–"


def findings(*counts: int) -> list[pl.DataFrame]:
    return [
        pl.DataFrame({"line": ["learnt"], "findings": [number], "among": [among]})
        for number, among in zip(counts[::2], counts[1::2], strict=True)
    ]


def test_a_desk_counts_once_however_much_is_found_and_not_where_nothing_could_be():
    desks = findings(0, 10, 3, 10, 0, 0)
    assert calm.share_of_desks(desks, "learnt") == Share(1, 2)
    assert calm.share_of_findings(desks, "learnt") == Share(3, 20)


def test_an_interval_is_held_against_the_mean_of_the_other_desks():
    key = {"workflow": "w", "version": "1", "step": "s"}
    costs = [10.0, 10.0, 10.0, 10.0, 10.0, 16.0]
    desks = [
        pl.DataFrame(
            {
                **key,
                "confused": [500],
                "cost_hours_per_week": [cost],
                "cost_hours_per_week_low": [cost - 2],
                "cost_hours_per_week_high": [cost + 2],
            }
        )
        for cost in costs
    ]
    # Five desks of 10 hours lie within 2 hours of the others' mean of 11.2, the one of 16 does not.
    assert cost_coverage.coverage(desks, 500, 1000) == Share(5, 6)
    assert cost_coverage.coverage(desks, 501, 1000) == Share(0, 0)
    assert cost_coverage.coverage(desks[:4], 500, 1000) == Share(0, 0)
    assert cost_coverage.share_with_interval(desks, 500, 500) == Share(6, 6)


def test_a_hotspot_that_is_not_known_is_neither_false_nor_found():
    rows = pl.DataFrame({"hotspot": [None, None, True], "is_planted": [False, True, True]})
    assert few_steps.share_of_false([rows]) == Share(0, 1)
    assert few_steps.share_called([rows]) == Share(1, 2)
    assert few_steps.share_unknown([rows]) == Share(2, 3)


def test_what_matters_is_two_points_and_half_of_the_baseline():
    for cases in least_effect.CASES.values():
        for case in cases:
            assert case.matters == (case.rate - case.base >= max(0.02, case.base / 2))


def test_of_planted_steps_it_is_counted_how_many_reach_what_matters_by_their_observed_rate():
    rows = {"visits": [900, 100], "confused": [18, 7], "baseline": [0.01, 0.02], "reached": [0, 2]}
    desks = [
        pl.DataFrame(rows | {"called": [0, 1], "planted": [3, 3], "others_called": [0, 0], "others": [9, 9]})
    ]
    assert least_effect.share_reached(desks) == Share(2, 6)
    assert least_effect.share_called(desks) == Share(1, 6)
    assert least_effect.observed(desks) == "1.5% and 2.5%"


def test_each_job_is_done_once_and_has_its_own_name():
    jobs = report.needed(Jobs(2, 3), report.PARTS)
    assert len({job.name for job in jobs}) == len(jobs)
    assert len(report.needed(Jobs(2, 3), ["hotspots", "versions"])) < len(jobs)


def test_where_one_of_each_is_planted_each_line_has_a_finding():
    with queues(1, PLANTED) as connection:
        rows = calm.findings(connection, outcomes=OUTCOMES[QUEUES])
    assert set(rows.filter(pl.col("findings") > 0)["line"]) == set(calm.LINES)
