"""What `inspect --write-mapping` writes for exports of helpdesks is right, loads, and gives their facts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.inspection.comparison import is_good, outcome, outcome_of
from tests.inspection.expectation import Expectation, expectations
from tests.lengths import LONG

ALL = expectations()
OF_SYSTEM: dict[str, list[Expectation]] = defaultdict(list)
for _expectation in ALL:
    OF_SYSTEM[_expectation.system].append(_expectation)

NOT_YET: dict[str, str] = {
    "freshdesk": "the guess gives no reply and loses agent and team; conversations do not load",
    "intercom": "neither file loads",
    "cases": "replies, ratings, sources, dates in two columns and JSON in an object are not guessed",
    "contract": "02.03.2026 09:00:00 +05:30 is not read; a run without a step at its ends is rejected",
    "jira": "the guess sees no instant in 12/Mar/26 9:41 AM, and takes the state for an activity",
    "servicenow": "the guess loses agent and team; changes of fields do not load",
    "public-logs": "tickets open where a name suggests it, not where they begin; few runs end",
    "zendesk": "the guess loses agent and team; JSON and changes of fields do not load",
}
"""Systems for which the guess is not good enough, and why."""


def of_this_machine(system: str) -> list[Expectation]:
    """The expectations of a system whose files are there and short enough; skips the test where none is."""
    files = [one for one in OF_SYSTEM[system] if one.source.exists() and (LONG or not one.large)]
    if not files:
        pytest.skip(f"the files of {system} are not on this machine")
    return files


@pytest.mark.parametrize("system", OF_SYSTEM)
def test_expectations_speak_of_every_column_and_agree_with_their_file(system: str) -> None:
    for expectation in of_this_machine(system):
        roles = expectation.columns_with_roles
        assert [name for name, names in roles.items() if not names] == [], expectation.name
        if expectation.event:
            ours = {name for name in expectation.columns if name.startswith(":")}  # which the XES reader adds
            assert set(expectation.columns) - ours <= set(expectation.rows[0]), expectation.name
            assert facts_by_the_rules(expectation) == [], expectation.name


def facts_by_the_rules(expectation: Expectation) -> list[str]:
    """What the facts say otherwise than the rows do, by the rules."""
    ticket = next(name for name, names in expectation.columns_with_roles.items() if "ticket_id" in names)
    right = {event for rule in expectation.event for event in expectation.right_events(rule, ticket)}
    instants, facts = {event.instant for event in right}, expectation.facts
    wrong = [f"no event at {fact}" for fact in (facts.first, facts.last) if fact and fact not in instants]
    tickets = len({event.ticket for event in right})
    return wrong if tickets == facts.tickets else [*wrong, f"{tickets} tickets"]


@pytest.mark.parametrize("system", OF_SYSTEM)
def test_what_inspect_writes_is_right(system: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if system in NOT_YET:
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError, reason=NOT_YET[system]))
    results = []
    for number, expectation in enumerate(of_this_machine(system)):
        folder = tmp_path / str(number)
        folder.mkdir()
        results.append(outcome(expectation, folder))
    assert is_good(results), [vars(result) | {"expectation": ""} for result in results if not result.is_right]


BY_HAND = [
    (expectation, mapping)
    for expectation in ALL
    if (mapping := expectation.path.parent / f"{expectation.file}.mapping.toml").exists()
]


@pytest.mark.parametrize(("expectation", "mapping"), BY_HAND, ids=[pair[0].name for pair in BY_HAND])
def test_a_mapping_made_by_hand_meets_it(expectation: Expectation, mapping: Path, tmp_path: Path) -> None:
    result = outcome_of(mapping, expectation, tmp_path)
    assert result.is_right, vars(result) | {"expectation": ""}
