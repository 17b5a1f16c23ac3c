"""Long onboarding: newcomers against veterans at the same steps."""

import polars as pl
import pytest

from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings.counting import visits
from metrics.warnings.onboarding import VETERAN, needed
from metrics.warnings.onboarding import learning as learning_of
from tests.metrics.histories import warehouse

AS_GOOD = WarningLimits().as_good_factor

VETERANS = [f"v{n}" for n in range(6)]
NEW = [f"n{n}" for n in range(6)]


def visit(ticket, agent, day, *, helped, minutes):
    lines = [f"{ticket} entered @{day}d step=ask agent={agent}"]
    lines += [f"{ticket} asked_help @{day}d agent={agent}"] if helped else []
    return [*lines, f"{ticket} run_finished @{day}d{minutes}m agent={agent}"]


def desk(*, slow=4, until=10):
    """Veterans from the first day; newcomers come on day 20, and err and linger for their first visits."""
    lines = []
    for n, agent in enumerate(VETERANS):
        for k in range(60):
            lines += visit(f"{agent}-{k}", agent, k // 2, helped=(k + n) % 5 == 0, minutes=2)
    for n, agent in enumerate(NEW):
        for k in range(30):
            new = k < until
            often = 2 if new else 5
            lines += visit(
                f"{agent}-{k}", agent, 20 + k, helped=(k + n) % often == 0, minutes=slow if new else 2
            )
    return warehouse(*lines)


def learning(connection, scope):
    return learning_of(visits(connection, scope))


@pytest.fixture(scope="module")
def bands():
    return learning(desk(), Scope())


def test_a_band_compares_newcomers_with_veterans_at_the_same_step(bands):
    first = bands.row(0, named=True)
    assert (first["practice"], first["visits"], first["agents"]) == (0, 30, 6)
    # Of 30 visits 15 confused; veterans have one in five, and take half as long.
    assert first["confusion"] == pytest.approx(15 / 6)
    assert first["time"] == pytest.approx(2)
    later = bands.filter(practice=10).row(0, named=True)
    assert (later["visits"], later["confusion"]) == (60, pytest.approx(1))
    assert later["time"] == pytest.approx(1)


def test_the_interval_holds_the_ratio(bands):
    known = bands.filter(pl.col("confusion").is_not_null())
    assert known.select((pl.col("confusion_low") <= pl.col("confusion")).all()).item()
    assert known.select((pl.col("confusion") <= pl.col("confusion_high")).all()).item()


def test_the_visits_needed_are_where_newcomers_are_as_good_from_then_on(bands):
    time = needed(bands, "time", AS_GOOD)
    assert (time.value, time.low, time.high, time.n) == (10, 10, 10, 180)
    sure = needed(bands, "confusion", AS_GOOD)
    assert sure.value == 10
    assert sure.low <= 10 <= sure.high


def test_those_who_were_there_when_the_data_began_are_no_newcomers(bands):
    assert bands["visits"].sum() == len(NEW) * 30


def told(*ratios):
    """Bands with these ratios (low, value, high)."""
    rows = [
        {"practice": p, "visits": 10, "time_low": r[0], "time": r[1], "time_high": r[2]}
        for p, r in zip((0, 5, 10, 20), ratios, strict=True)
    ]
    schema = {"practice": pl.Int64, "visits": pl.Int64} | dict.fromkeys(
        ("time_low", "time", "time_high"), pl.Float64
    )
    return needed(pl.DataFrame(rows, schema=schema), "time", AS_GOOD)


def test_what_is_not_sure_widens_both_ends():
    clear, unsure, fine = (2.0, 3.0, 4.0), (0.9, 1.4, 2.0), (0.8, 1.0, 1.2)
    assert (told(clear, unsure, fine, fine).low, told(clear, unsure, fine, fine).high) == (5, 10)
    assert told(clear, unsure, fine, fine).value == 10
    assert (told(fine, fine, fine, fine).value, told(fine, fine, fine, fine).high) == (0, 0)
    late = told(fine, fine, fine, clear)
    assert (late.value, late.low, late.high) == (VETERAN, VETERAN, VETERAN)
    assert told(fine, fine, fine, (None, None, None)).high == VETERAN
    assert fine[2] < AS_GOOD


def test_fewer_than_five_newcomers_are_not_told():
    few = desk()
    few_bands = learning(few, Scope(where=(("step", ("nowhere",)),)))
    assert needed(few_bands, "time", AS_GOOD).value is None
    assert needed(learning(warehouse(), Scope()), "confusion", AS_GOOD).value is None


def test_a_group_of_four_newcomers_is_not_shown():
    lines = []
    for agent in VETERANS:
        for k in range(60):
            lines += visit(f"{agent}-{k}", agent, k // 2, helped=k % 5 == 0, minutes=2)
    for agent in NEW[:4]:
        for k in range(30):
            lines += visit(f"{agent}-{k}", agent, 20 + k, helped=True, minutes=9)
    bands = learning(warehouse(*lines), Scope())
    assert bands["agents"].to_list() == [None] * 4
    assert bands["confusion"].is_null().all()
    assert bands["time"].is_null().all()
