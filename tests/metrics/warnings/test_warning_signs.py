"""All five signs together: now, before, beyond their limit, signal or noise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.statistics.intervals import wilson
from metrics.warnings.reading import Reading, difference
from metrics.warnings.signs import MEASURES, SIGNS, _is_beyond, warning_signs
from tests.lengths import examples
from tests.metrics.histories import warehouse


def test_there_are_five_signs_and_every_measure_has_a_row():
    found = warning_signs(warehouse())
    assert len(SIGNS) == 5
    assert {measure.limit for measure in MEASURES} - {""} <= set(WarningLimits.model_fields)
    assert found["measure"].to_list() == [measure.name for measure in MEASURES]
    assert found["value"].is_null().all()
    assert found["is_warning"].is_null().all()
    assert found["change"].is_null().all()


def share(hits, n):
    low, high = wilson([hits], [n])
    return Reading(hits / n, float(low[0]), float(high[0]), n)


def test_the_interval_of_a_difference_is_the_one_published():
    # R. G. Newcombe, Statistics in Medicine 17, 1998, p. 873, table II: 56/70 less 48/80, method 10.
    assert difference(share(56, 70), share(48, 80), doubt=0.05) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@examples(30)
@given(st.integers(0, 50), st.integers(0, 50))
def test_turned_round_the_difference_has_the_other_sign(a, b):
    there, back = difference(share(a, 50), share(b, 50)), difference(share(b, 50), share(a, 50))
    assert there == pytest.approx((-back[1], -back[0]))
    assert there[0] <= a / 50 - b / 50 <= there[1]


def test_what_is_not_known_has_no_difference():
    assert difference(Reading(), share(1, 2)) is None


def run(ticket, day, agent, *, refused):
    lines = [f"{ticket} entered @{day}d step=ask agent={agent}"]
    lines += [f"{ticket} input_rejected @{day}d agent={agent}"] if refused else []
    return [*lines, f"{ticket} run_finished @{day}d1m agent={agent}"]


def test_a_rise_beyond_chance_is_a_signal_and_beyond_the_limit_a_warning():
    lines = [
        line
        for n in range(800)
        for line in run(f"t{n}", n % 14, f"a{n % 9}", refused=n // 14 % (3 if n % 14 >= 7 else 50) == 0)
    ]
    now = Scope(start=date(2026, 3, 9), end=date(2026, 3, 15))
    found = warning_signs(warehouse(*lines), scope=now, before=now.previous())
    errors = found.filter(measure="input refused").row(0, named=True)
    assert errors["value"] > 0.2 > errors["value_before"]
    assert errors["change"] == "signal"
    assert errors["is_warning"] is None  # only the whole has a limit
    assert found.filter(measure="any error")["is_warning"].to_list() == [True]
    lenient = warning_signs(warehouse(*lines), scope=now, limits=WarningLimits(error_share=0.9))
    assert lenient.filter(measure="any error")["is_warning", "limit"].rows() == [(False, 0.9)]
    same = warning_signs(warehouse(*lines), scope=now, before=now)
    assert set(same["change"].drop_nulls()) == {"noise"}


@pytest.mark.parametrize(
    ("unit", "ends", "is_beyond"),
    [
        ("share", (0.06, 0.2), True),
        ("share", (0.01, 0.05), False),
        ("share", (0.0, 1.0), None),
        ("spread", (0.0, None), None),
        ("visits", (10, 50), True),
        ("visits", (0, 5), False),
        ("visits", (0, 10), None),
    ],
)
def test_within_the_limit_is_only_what_lies_there_with_its_whole_interval(unit, ends, is_beyond):
    limit = 10.0 if unit == "visits" else 0.05
    assert _is_beyond(limit, unit, Reading(ends[0], *ends, n=9)) is is_beyond


def test_without_hours_set_by_anybody_nothing_is_after_hours():
    lines = [f"t{n} replied by agent @{n}m agent=a{n % 6}" for n in range(60)]
    connection = warehouse(*lines)
    told = warning_signs(connection).filter(measure="after hours")["value"].to_list()
    assert told == [1.0]
    unset = warning_signs(connection, are_hours_set=False).filter(measure="after hours")
    assert unset["value"].to_list() == [None]


def test_no_agent_is_named_on_the_sample(sample_desk):
    history, connection = sample_desk
    found = warning_signs(connection)
    assert found["value"].is_not_null().all()
    agents = history.events["agent_id"].drop_nulls().unique()
    assert not any(agent in str(found.to_dicts()) for agent in agents)
