"""What `inspect --write-mapping` writes for exports of helpdesks is right, loads, and gives their facts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from dashboard.language.mapping_text import mapping_text
from etl.contract.instants import Bounds
from etl.errors import UnreadableFile
from etl.mapping.inspect import inspect, write_mapping
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.sources import READERS, kind_of
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from tests.inspection.comparison import NOW, is_good, outcome, outcome_of
from tests.inspection.expectation import HERE, SHARED, Expectation, expectations
from tests.lengths import LONG

ALL = expectations()
OF_SYSTEM: dict[str, list[Expectation]] = defaultdict(list)
for _expectation in ALL:
    OF_SYSTEM[_expectation.system].append(_expectation)

NOT_YET: dict[str, str] = {}
"""Systems for which the guess is not good enough, and why."""

ENOUGH_ROWS = 1_000_000
"""Bytes of a file above which only `make test-long` loads it."""


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


def every_file() -> list[Path]:
    """All files that can be read: those with an expectation, and all that lie beside them."""
    folders = [HERE, SHARED / "data", SHARED / "cases"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in paths if kind_of(path) in READERS]


FILES = every_file()


@pytest.mark.sweep(15)
@pytest.mark.parametrize("number", range(len(FILES)))
def test_what_inspect_writes_loads_or_nothing_is_written(number: int, tmp_path: Path) -> None:
    path = FILES[number]
    if path.stat().st_size > ENOUGH_ROWS and not LONG:
        pytest.skip("large")
    try:
        inspection = inspect(path, bounds=Bounds.of_load(NOW))
    except UnreadableFile:
        return
    if inspection.problem:  # no mapping to start from, only how the file is written
        assert inspection.mapping == Mapping(file=inspection.mapping.file), path
        return
    write_mapping(mapping_text(inspection), tmp_path / "mapping.toml")
    with open_writer(tmp_path / "warehouse") as connection:
        archive = Archive(tmp_path / "warehouse" / "archive")
        mapping = read_mapping(tmp_path / "mapping.toml")
        report = load([path], connection, archive, now=NOW, mapping=mapping).files[0]
    assert report.error is None, path
    assert report.loaded > 0, (path, report.reasons)


@pytest.mark.sweep(9)
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


@pytest.mark.sweep(3)
@pytest.mark.parametrize(("expectation", "mapping"), BY_HAND, ids=[pair[0].name for pair in BY_HAND])
def test_a_mapping_made_by_hand_meets_it(expectation: Expectation, mapping: Path, tmp_path: Path) -> None:
    result = outcome_of(mapping, expectation, tmp_path)
    assert result.is_right, vars(result) | {"expectation": ""}
