"""How tickets with a confused visit end: pooled over strata, against published and independent values."""

from itertools import chain

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, t

from commands.lines import outcome_lines
from metrics.statistics.stratified import association, mean_difference, risk_difference, risk_ratio
from metrics.steps.outcomes import associations, compared_links, outcome_links
from tests.lengths import examples
from tests.metrics.histories import warehouse

ONE_GROUP = np.zeros(2, dtype=np.int64)
# Deaths under tolbutamide and placebo, younger than 55 and older: University Group Diabetes Program, as in
# K. J. Rothman and others, Modern Epidemiology, 3rd ed. 2008, chapter 15.
TOLBUTAMIDE = [np.array(pair, dtype=float) for pair in ((8, 22), (106, 98), (5, 16), (120, 85))]


def test_the_risk_difference_of_the_diabetes_trial_is_the_one_published():
    found = risk_difference(*TOLBUTAMIDE, ONE_GROUP, 1)
    assert found.estimate[0] == pytest.approx(0.035, abs=0.0005)
    # The variance for large strata, stratum by stratum (Greenland and Robins, 1985), is almost the same here.
    a, n1, b, n0 = TOLBUTAMIDE
    weight = n1 * n0 / (n1 + n0)
    variance = (weight**2 * (a * (n1 - a) / n1**3 + b * (n0 - b) / n0**3)).sum() / weight.sum() ** 2
    assert (found.high[0] - found.low[0]) / 2 / 1.959964 == pytest.approx(variance**0.5, rel=0.02)


def test_the_risk_ratio_of_the_diabetes_trial_is_the_one_published():
    found = risk_ratio(*TOLBUTAMIDE, ONE_GROUP, 1)
    assert found.estimate[0] == pytest.approx(1.33, abs=0.005)
    assert (found.low[0], found.high[0]) == pytest.approx((0.80, 2.20), abs=0.005)


def test_the_test_of_association_is_that_of_the_berkeley_admissions():
    # Men admitted and applied, women likewise, by department: P. J. Bickel and others, Science 187,
    # 1975. R's mantelhaen.test(UCBAdmissions, correct = FALSE) gives a statistic of 1.5246.
    table = np.array(
        [
            *((512, 825, 89, 108), (353, 560, 17, 25), (120, 325, 202, 593)),
            *((138, 417, 131, 375), (53, 191, 94, 393), (22, 373, 24, 341)),
        ],
        dtype=float,
    )
    found = association(*table.T, np.zeros(6, dtype=np.int64), 1)
    assert found[0] == pytest.approx(chi2.sf(1.5246, 1), abs=1e-4)


def test_the_corrected_test_of_association_is_half_a_case_less_sure():
    # 4 of 20 against 16 of 22, by hand: half a case less, the variance over n - 1.
    pair = [np.array([float(x)]) for x in (4, 20, 16, 22)]
    spread = 20 * 22 * 20 * 22 / (42**2 * 41)
    beyond = abs(4 - 20 * 20 / 42) - 0.5
    found = association(*pair, np.zeros(1, dtype=np.int64), 1, corrected=True)
    assert found[0] == pytest.approx(chi2.sf(beyond**2 / spread, 1))


def test_too_few_cases_are_not_tested():
    pair = [np.array([float(x)]) for x in (3, 4, 0, 30)]
    assert np.isnan(association(*pair, np.zeros(1, dtype=np.int64), 1)[0])


VALUES = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(-50, 50)), min_size=8, max_size=40)


@examples(50)
@given(VALUES)
def test_the_mean_difference_is_the_least_squares_one_beside_a_constant_per_stratum(rows):
    def sums(side, power):
        return np.array(
            [sum(v**power for s, e, v in rows if s == k and e == side) for k in range(4)], dtype=float
        )

    pairs = [(sums(True, power), sums(False, power)) for power in (1, 2, 0)]
    found = mean_difference(*pairs, np.zeros(4, dtype=np.int64), 1)
    design = np.array(
        [[float(s == k) for k in sorted({r[0] for r in rows})] + [float(e)] for s, e, _ in rows]
    )
    values = np.array([float(v) for *_, v in rows])
    degrees = len(rows) - design.shape[1]
    if np.linalg.matrix_rank(design) < design.shape[1] or degrees < 1:
        assert np.isnan(found.estimate[0])
        return
    solution, *_ = np.linalg.lstsq(design, values)
    assert found.estimate[0] == pytest.approx(solution[-1], abs=1e-7)
    left = values - design @ solution
    error = np.sqrt(left @ left / degrees * np.linalg.inv(design.T @ design)[-1, -1])
    assert found.high[0] - found.estimate[0] == pytest.approx(t.ppf(0.975, degrees) * error, abs=1e-4)


@examples(50)
@given(st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=2, max_size=2))
def test_shares_stay_shares_and_exchanging_the_groups_turns_the_difference_round(cells):
    a, more, b, others = np.array(cells, dtype=float).T
    n1, n0 = a + more, b + others
    there, back = (risk_difference(*args, ONE_GROUP, 1) for args in ((a, n1, b, n0), (b, n0, a, n1)))
    assert there.estimate[0] == pytest.approx(-back.estimate[0], nan_ok=True)
    assert there.high[0] == pytest.approx(-back.low[0], nan_ok=True)
    assert not abs(there.estimate[0]) > 1 + 1e-12


def case(ticket, *, confused, reopened, channel="chat", opened="", entered="", day=0):
    steps = [("opened", 0, f"channel={channel} {opened}"), ("entered", 1, f"step=ask {entered}")]
    steps += [("asked_help", 2, "")] if confused else []
    steps += [("run_finished", 3, ""), ("solved", 60 if confused else 30, "")]
    steps += [("reopened", 90, ""), ("solved", 120, "")] if reopened else []
    return [f"{ticket} {kind} @{day}d{minute}m {rest}" for kind, minute, rest in steps]


CHANNELS = ("chat", "mail", "phone")


def links(*cases):
    found = outcome_links(warehouse(*chain.from_iterable(cases)))
    return {row["outcome"]: row for row in found.to_dicts()}


def test_confused_tickets_are_reopened_more_often():
    found = links(
        *(case(f"c{n}", confused=True, reopened=n < 15, channel=CHANNELS[n % 3]) for n in range(20)),
        *(case(f"o{n}", confused=False, reopened=n < 2, channel=CHANNELS[n % 3]) for n in range(20)),
    )["reopened"]
    assert (found["n_confused"], found["n_others"]) == (20, 20)
    assert (found["confused"], found["others"]) == (0.75, 0.1)
    assert found["difference"] == pytest.approx(0.65, abs=0.01)
    assert found["ratio"] == pytest.approx(7.5, rel=0.05)
    assert found["association"] == "more often"


@pytest.mark.parametrize(
    "of_one",
    [{"opened": "customer=c"}, {"entered": "agent=a"}, {"day": 5}],
    ids=["customer", "agent", "day"],
)
def test_what_one_agent_customer_or_day_alone_has_is_no_association(of_one):
    found = links(
        *(
            case(f"c{n}", confused=True, reopened=n < 15, channel=CHANNELS[n % 3], **of_one)
            for n in range(20)
        ),
        *(case(f"o{n}", confused=False, reopened=n < 2, channel=CHANNELS[n % 3]) for n in range(20)),
    )["reopened"]
    assert found["difference"] == pytest.approx(0.65, abs=0.01)
    assert found["association"] == "none shown"
    ends = ("difference_low", "difference_high", "ratio_low", "ratio_high")
    assert [found[name] for name in ends] == [None] * 4


@pytest.mark.parametrize(("confused", "others", "channels"), [(9, 30, 3), (30, 9, 3), (30, 30, 2)], ids=str)
def test_too_few_tickets_or_strata_compare_nothing(confused, others, channels):
    found = links(
        *(
            case(f"c{n}", confused=True, reopened=n % 4 > 0, channel=CHANNELS[n % channels])
            for n in range(confused)
        ),
        *(
            case(f"o{n}", confused=False, reopened=n == 1, channel=CHANNELS[n % channels])
            for n in range(others)
        ),
    )
    for outcome in ("reopened", "resolution time"):
        assert found[outcome]["n_confused"] == confused
        assert [found[outcome][name] for name in ("association", "ratio", "ratio_low", "p")] == [None] * 4


def row(outcome, p, difference, ratio):
    ends = {"difference": difference, "ratio": ratio}
    return (
        {"workflow": "w", "version": "1", "step": "s", "title": None, "outcome": outcome, "p": p}
        | {
            f"{name}{end}": value
            for name, (low, high) in ends.items()
            for end, value in (("_low", low), ("_high", high), ("", low))
        }
        | {"n_confused": 20, "n_others": 20, "confused": 0.5, "others": 0.5}
    )


def test_no_association_goes_against_its_own_interval():
    rows = pl.DataFrame(
        [
            row("reopened", 0.001, (0.1, 0.3), (1.2, 2.0)),
            row("reopened", 0.001, (-0.01, 0.3), (1.2, 2.0)),
            row("reopened", 0.001, (-0.3, -0.1), (0.5, 0.9)),
            row("resolution time", 0.001, (None, None), (1.2, 2.0)),
            row("resolution time", 0.001, (None, None), (0.9, 2.0)),
        ]
    )
    assert associations(rows, 0.05)["association"].to_list() == [
        *("more often", "none shown", "less often", "longer", "none shown")
    ]


def test_all_outcomes_share_one_control():
    many = [row("low rating", 0.9, (0.1, 0.3), (1.2, 2.0))] * 3
    alone = row("reopened", 0.02, (0.1, 0.3), (1.2, 2.0))
    assert associations(pl.DataFrame([alone]), 0.05)["association"].item() == "more often"
    assert associations(pl.DataFrame([alone, *many]), 0.05)["association"][0] == "none shown"


def test_what_only_lies_in_the_channel_is_no_association():
    phone = [case(f"p{n}", confused=n < 60, reopened=n % 5 == 0, channel="phone") for n in range(80)]
    chat = [case(f"c{n}", confused=n < 20, reopened=n % 5 != 0, channel="chat") for n in range(80)]
    mail = [case(f"m{n}", confused=n < 20, reopened=n % 2 == 0, channel="mail") for n in range(40)]
    found = links(*phone, *chat, *mail)["reopened"]
    assert found["confused"] < found["others"]
    assert found["difference"] == pytest.approx(0)
    assert found["association"] == "none shown"


def test_what_nobody_recorded_is_not_known():
    found = links(case("a", confused=True, reopened=False), case("b", confused=False, reopened=False))
    assert (found["low rating"]["n_confused"], found["low rating"]["difference"]) == (0, None)
    assert found["low rating"]["association"] is None
    assert (found["escalated"]["n_confused"], found["escalated"]["association"]) == (0, None)


def test_the_time_to_resolve_is_told_as_a_ratio_within_strata():
    found = links(
        *(case(f"c{n}", confused=True, reopened=n < 3, channel=CHANNELS[n % 3]) for n in range(18)),
        *(case(f"o{n}", confused=False, reopened=n < 3, channel=CHANNELS[n % 3]) for n in range(18)),
    )["resolution time"]
    assert found["ratio"] == pytest.approx(2 ** (5 / 6), rel=0.01)
    assert found["ratio_low"] < found["ratio"] < found["ratio_high"]


def test_people_read_what_is_shown_first_and_of_what_is_not_compared_only_how_much():
    rows = (("c", "none shown", 0.9), ("b", None, None), ("d", "more often", 0.01), ("a", "longer", 0.02))
    found = pl.DataFrame(rows, schema=["step", "association", "q"], orient="row").with_columns(
        workflow=pl.lit("w"), version=pl.lit("1"), outcome=pl.lit("o")
    )
    assert compared_links(found)["step"].to_list() == ["d", "a", "c"]
    assert outcome_lines(found) == [
        "2 links between confusion and how tickets end are shown, of 3 compared.",
        "1 more has too few tickets to compare; --format csv shows it.",
    ]
    assert outcome_lines(found.clear()) == []


def test_an_empty_warehouse_links_nothing():
    assert outcome_links(warehouse()).is_empty()
