"""How often an agent had been at a step: sentences, and a second way of counting."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from etl.contract.events import SCHEMA
from metrics.query.scope import Scope
from metrics.statistics.counts import BANDS, SETTLED
from metrics.steps.counts import step_counts
from tests.lengths import examples
from tests.metrics.histories import START, at, rows, warehouse

Visit = tuple[datetime, str, str, str]
"""When, by whom, at which step of which version."""


def history(*visits: Visit) -> pl.DataFrame:
    """One run of one visit per ticket; it ends a minute later."""
    found: list[dict[str, Any]] = []
    for number, (when, agent, step, version) in enumerate(visits):
        for kind, later in (("entered", 0), ("run_finished", 1)):
            row = {
                "ticket_id": f"t{number:04}",
                "event_id": f"{number:04}{kind}",
                "kind": kind,
                "run_id": f"r{number}",
            }
            row |= {"workflow": "w", "version": version, "step": step, "agent_id": agent, "seq": later}
            row |= {"occurred_at": when + timedelta(minutes=later)}
            found.append({name: row.get(name) for name in SCHEMA})
    return pl.DataFrame(found, schema=SCHEMA)


def practice(*visits: Visit) -> dict[str, int]:
    """Practice by ticket, where it is known."""
    found = rows(warehouse(history(*visits)), "visits_with_experience").drop_nulls("practice")
    return dict(found.select("ticket_id", "practice").sort("ticket_id").rows())


def test_of_who_was_there_when_the_data_began_nobody_knows_the_practice():
    assert practice((START, "old", "ask", "1"), (at("9d"), "old", "ask", "1")) == {}


def test_who_came_later_is_new():
    found = practice((START, "old", "ask", "1"), *((at(f"6d{n}h"), "new", "ask", "1") for n in range(7)))
    assert list(found.values()) == [0, 0, 0, 0, 0, 5, 5]


def test_to_a_step_that_began_later_everybody_is_new():
    found = practice((START, "old", "ask", "1"), (at("8d"), "old", "pay", "1"))
    assert found == {"t0001": 0}


def test_visits_to_an_earlier_version_count_as_practice():
    earlier = [(at(f"6d{n}h"), "new", "ask", "1") for n in range(5)]
    found = practice((START, "old", "ask", "1"), *earlier, (at("9d"), "new", "ask", "2"))
    assert found["t0006"] == 5


def test_a_period_forgets_nothing_of_the_practice_before_it():
    visits = [(START, "old", "ask", "1"), *((at(f"6d{n}h"), "new", "ask", "1") for n in range(20))]
    connection = warehouse(history(*visits, (at("9d"), "new", "ask", "1")))
    found = step_counts(connection, Scope(start=at("9d").date())).counts
    assert (found.band.tolist(), found.visits.tolist()) == ([BANDS.index(20)], [1])


@examples(3, long=100)
@given(st.integers(0, 10**6), st.integers(1, 160))
def test_counts_by_step_agent_and_practice_agree_with_a_second_way_of_counting(seed, number):
    luck = Random(seed)  # noqa: S311 - nothing secret
    visits = [
        (
            START + timedelta(hours=luck.randrange(24 * 14)),
            luck.choice(["a", "b"]),
            luck.choice(["ask", "ask", "pay"]),
            luck.choice(["1", "2"]),
        )
        for _ in range(number)
    ]
    found = step_counts(warehouse(history(*visits)), Scope())
    names = found.steps.select("version", "step").rows()
    counts = found.counts
    rows = list(zip(counts.step, counts.agent, counts.band, counts.visits, strict=True))
    numbered = (
        {(*names[step], agents[agent], band): n for step, agent, band, n in rows}
        for agents in permutations(sorted({agent for _, agent, _, _ in visits}))
    )
    assert _by_hand(visits) in numbered
    assert counts.all_visits.sum() == number


def _by_hand(visits: list[Visit]) -> dict[tuple[str, str, str, int], float]:
    begins = min(when for when, *_ in visits)
    expected: dict[tuple[str, str, str, int], float] = {}
    for when, agent, step, version in visits:
        came = min(w for w, a, _, _ in visits if a == agent)
        opened = min(w for w, _, s, _ in visits if s == step)
        is_known = max(came, opened) - begins >= timedelta(days=5)
        # At one instant nobody was there before the other: ties count from the same place.
        before = sorted(w for w, a, s, _ in visits if (a, s) == (agent, step))
        earlier = max((band for band in BANDS if len(before) > band and before[band] <= when), default=0)
        band = BANDS.index(earlier) if is_known else SETTLED
        key = (version, step, agent, band)
        expected[key] = expected.get(key, 0) + 1
    return expected
