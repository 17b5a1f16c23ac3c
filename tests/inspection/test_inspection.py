"""What `inspect --write-mapping` writes for exports of helpdesks is right, loads, and gives their facts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.inspection.comparison import is_good, outcome
from tests.inspection.expectation import Expectation, expectations

ALL = expectations()
OF_SYSTEM: dict[str, list[Expectation]] = defaultdict(list)
for _expectation in ALL:
    OF_SYSTEM[_expectation.system].append(_expectation)

NOT_YET: dict[str, str] = {
    "freshdesk": "the guess gives no reply and loses agent and team; conversations do not load",
    "intercom": "neither file loads",
    "jira": "the guess sees no instant in 12/Mar/26 9:41 AM, and takes the state for an activity",
    "servicenow": "the guess loses agent and team; changes of fields do not load",
    "zendesk": "the guess loses agent and team; JSON and changes of fields do not load",
}
"""Systems for which the guess is not good enough, and why."""


def of_this_machine(expectation: Expectation) -> Expectation:
    if not expectation.source.exists():
        pytest.skip(f"{expectation.file} is not on this machine")
    return expectation


@pytest.mark.parametrize("expectation", ALL, ids=lambda expectation: expectation.name)
def test_an_expectation_speaks_of_every_column_and_agrees_with_its_file(expectation: Expectation) -> None:
    roles = of_this_machine(expectation).columns_with_roles
    assert [name for name, names in roles.items() if not names] == []
    if not expectation.event:
        return
    ours = {name for name in expectation.columns if name.startswith(":")}  # which the XES reader adds
    assert set(expectation.columns) - ours <= set(expectation.rows[0])
    ticket = next(name for name, names in roles.items() if "ticket_id" in names)
    right = [event for rule in expectation.event for event in expectation.right_events(rule, ticket)]
    facts = expectation.facts
    assert facts.first is None or facts.first in {event.instant for event in right}
    assert facts.last is None or facts.last in {event.instant for event in right}
    assert facts.tickets == len({event.ticket for event in right})


@pytest.mark.parametrize("system", OF_SYSTEM)
def test_what_inspect_writes_is_right(system: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if system in NOT_YET:
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError, reason=NOT_YET[system]))
    results = []
    for number, expectation in enumerate(OF_SYSTEM[system]):
        folder = tmp_path / str(number)
        folder.mkdir()
        results.append(outcome(of_this_machine(expectation), folder))
    assert is_good(results), [vars(result) | {"expectation": ""} for result in results if not result.is_right]
