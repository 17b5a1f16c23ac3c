"""High error rate: refused inputs, changed answers, required steps skipped."""

import pytest

from metrics.query.scope import Scope
from metrics.warnings.counting import visits
from metrics.warnings.errors import erring_steps, error_rates
from tests.metrics.histories import definition, only, rows, warehouse

SHOP = definition("ask > pay", "pay > done required", "done is end")
LINES = (
    "a entered @0m step=ask",
    "a answered @1m value=yes",
    "a entered @2m step=pay",
    "a went_back @3m value=ask",
    "a entered @3m step=ask",
    "a answered @4m value=no",
    "a entered @5m step=pay",
    "a input_rejected @6m",
    "a skipped @7m",
    "a entered @8m step=done",
    "a run_finished @9m",
)


def rates(*lines, definitions=SHOP):
    found = error_rates(visits(warehouse(*lines, definitions=definitions), Scope()))
    return {name: (reading.value, reading.n) for name, reading in found.items()}


def test_each_error_is_of_the_visits_it_can_be_told_of():
    assert rates(*LINES) == {
        "any error": (0.4, 5),
        "input refused": (0.2, 5),
        "answer changed": (0.2, 5),
        "required step skipped": (0.2, 5),
    }


def test_without_a_definition_skipping_is_not_known():
    found = rates(*LINES, definitions=())
    assert found["required step skipped"] == (None, 0)
    assert found["any error"] == (0.4, 5)


def test_a_skip_belongs_to_the_visit_in_which_it_fell():
    found = rows(warehouse(*LINES, definitions=SHOP), "visits_with_errors").sort("visit_number")
    assert found["skipped_required"].to_list() == [False, False, False, True, False]


def test_the_surest_step_comes_first():
    calm = [f"c{n} {rest}" for n in range(9) for rest in ("entered @0m step=ask", "run_finished @1m")]
    found = erring_steps(visits(warehouse(*LINES, *calm, definitions=SHOP), Scope()))
    columns = ("step", "visits", "errors", "refused", "changed", "skipped")
    assert found.select(columns).rows() == [("pay", 2, 1, 1, 0, 1), ("ask", 11, 1, 0, 1, 0)]
    assert (found["low"] < found["share"]).all()
    assert (found["share"] < found["high"]).all()


def test_an_agent_seen_often_widens_the_interval():
    def desk(agents):
        return [
            f"t{n} {rest} agent=a{n % agents}"
            for n in range(60)
            for rest in (
                "entered @0m step=ask",
                *(["input_rejected @0m"] if n % agents == 0 or n % 6 == 5 else []),
                "run_finished @1m",
            )
        ]

    few, many = (
        error_rates(visits(warehouse(*desk(agents)), Scope()))["input refused"] for agents in (6, 60)
    )
    assert few.high - few.low > many.high - many.low


def test_an_empty_warehouse_has_no_rates():
    assert error_rates(visits(warehouse(), Scope()))["any error"].value is None
    assert erring_steps(visits(warehouse(), Scope())).is_empty()
    assert only(erring_steps(visits(warehouse(*LINES), Scope())).filter(step="pay")).errors == 1
    assert rates(*LINES)["any error"][0] == pytest.approx(0.4)
