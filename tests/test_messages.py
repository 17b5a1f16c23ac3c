"""Errors and findings are codes with values: every code has a template, and every template fits it."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from dashboard import language
from dashboard.language.messages import STYLE, say
from etl import errors
from etl.contract.gate import rules
from etl.contract.kinds import Actor
from etl.errors import InvalidMapping, StepsightError, UnreadableFile
from etl.health.finding import check_message
from etl.health.run_checks import CHECKS
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.messages import (
    TEMPLATES,
    Message,
    field_error,
    field_problem,
    message_of,
    os_reason,
    rejection,
    some_names,
)
from etl.messages.english import FORMATS
from etl.messages.nouns import NOUNS
from etl.store.load_report import FileReport
from tests.in_language import in_language

ROOT = Path(__file__).parents[1]
PACKAGES = ("etl", "metrics", "dashboard", "commands")
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
MAKERS = {"field_error", *ERRORS}
OF_A_FILE = ("activity_unknown", "wrong_number_of_fields", "damaged_row", "not_a_json_object")
"""Rules that a row breaks before the contract is asked."""
OF_A_CHECK = ("name", "why", "todo", "fine")
SAMPLES = {
    "": "x",
    "term": "x",
    "parts": ["x"],
    "date": "2026-03-02",
    "instant": "2026-03-02T09:00:00+00:00",
    "percent": 0.25,
}


def blanks(code: str) -> dict[str, str]:
    """The kind of each blank of a template."""
    return {name: kind or "" for _, name, kind, _ in Formatter().parse(TEMPLATES[code]) if name}


def sample(code: str) -> Message:
    return Message(code, {name: SAMPLES.get(kind, 3) for name, kind in blanks(code).items()})


def made() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a message is made, its code, and the names of its values where they stand there."""
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            match node.func.id, node.args:
                case name, [ast.Constant(value=str(code))] if name in MAKERS:
                    names = {keyword.arg for keyword in node.keywords}
                    yield where, code, None if None in names else {str(name) for name in names}
                case "Message", [ast.Constant(value=str(code))]:
                    yield where, code, set()
                case "notable", [_, ast.Constant(value=str(code)), ast.Name()]:
                    yield where, code, None
                case ("Message", [ast.Constant(value=str(code)), ast.Dict(keys=keys)]) | (
                    "notable",
                    [_, ast.Constant(value=str(code)), ast.Dict(keys=keys)],
                ):
                    plain = [key.value for key in keys if isinstance(key, ast.Constant)]
                    yield where, code, {str(key) for key in plain} if len(plain) == len(keys) else None


def test_every_message_made_is_in_the_table_with_just_its_values() -> None:
    wrong = [
        (where, code, sorted(names ^ set(blanks(code))) if names is not None and code in TEMPLATES else "")
        for where, code, names in made()
        if code not in TEMPLATES or (names is not None and not names >= set(blanks(code)))
    ]
    assert wrong == []


def test_every_template_is_of_a_message_that_is_made() -> None:
    texts = {
        node.value
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.parent != ROOT / "etl" / "messages" or path.name == "reasons.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    texts |= {rejection(name).code for name in (*OF_A_FILE, *(rule.name for rule in rules()))}
    texts |= {check_message(check.name, part).code for check in CHECKS for part in OF_A_CHECK}
    texts |= {check_message(check.name, "unknown").code for check in CHECKS}
    for check in CHECKS:  # what its query calls things
        query = (ROOT / "etl" / "health" / "checks" / f"{check.name}.sql").read_text("utf-8")
        texts |= {f"health.{check.name}.{name}" for name in re.findall(r"'(\w+)'", query)}
    texts |= {f"health.clock_skew.{actor}" for actor in Actor}
    assert [code for code in TEMPLATES if code not in texts] == []


@pytest.mark.parametrize("spoken", language.languages())
def test_every_message_is_worded_in_every_language(spoken: str) -> None:
    texts = in_language(spoken, lambda: {code: say(sample(code)) for code in TEMPLATES})
    assert {code: text for code, text in texts.items() if not text or set(text) & set("{}")} == {}


def test_a_blank_is_of_a_kind_that_can_be_written() -> None:
    kinds = {"", "parts", *FORMATS}
    assert [code for code in TEMPLATES if not set(blanks(code).values()) <= kinds] == []


def test_a_date_is_not_taken_for_a_number_of_days() -> None:
    assert not set(SAMPLES) & set(NOUNS)
    assert FORMATS["date"]("2026-03-02") == "2 Mar 2026"
    assert FORMATS["day"](2) == "2 days"


@pytest.mark.parametrize(
    ("hour", "text"),
    [(9.25, "09:15"), (23, "23:00"), (8.2, "08:12"), (9.1, "09:06"), (14.7, "14:42"), (23.999, "00:00")],
)
def test_a_time_of_the_day_is_said_in_hours_and_minutes(hour: float, text: str) -> None:
    assert FORMATS["clock"](hour) == text


@pytest.mark.parametrize("kind", FORMATS)
def test_pages_and_json_write_the_same_english(kind: str) -> None:
    """What a page shows and the text beside a code in JSON are the same."""
    texts = {"term": ["x"], "date": ["2026-03-02"], "instant": ["2026-03-02T23:59:30+00:00"]}
    for value in texts.get(kind, [0, 1, 0.3, -2.5, 1e-9, 0.999, 1234.5678901]):
        assert STYLE.formats[kind](value) == FORMATS[kind](value)


def test_what_is_next_to_nothing_has_no_digits() -> None:
    assert [FORMATS["number"](value) for value in (1e-9, 0.0004, 2.5, 10000)] == [
        "0",
        "0.0004",
        "2.5",
        "10,000",
    ]


def test_a_message_comes_back_from_json_as_it_was() -> None:
    inner = Message("os.other", {"number": 7})
    message = Message("os.other", {"number": inner, "at": datetime(2026, 3, 2, 9, tzinfo=UTC)})
    data: dict[str, Any] = message.as_data()
    assert data["values"] == {
        "number": {"code": "os.other", "values": {"number": 7}},
        "at": "2026-03-02T09:00:00+00:00",
    }
    assert str(message_of(data)) == str(message) == "system error system error 7"


def test_an_error_can_be_raised_again_with_its_message() -> None:
    with pytest.raises(UnreadableFile, match="system error 5") as caught:
        raise UnreadableFile.of(Message("os.other", {"number": 5}))
    assert isinstance(caught.value, StepsightError)


def test_what_data_says_never_takes_effect_on_a_screen() -> None:
    message = Message("os.other", {"number": "a\x1b[31m\u202eb\nc"})
    assert str(message) == r"system error a\x1b[31m\u202eb\nc"


def test_a_field_problem_that_is_not_known_is_still_a_sentence() -> None:
    for type_, context, says in (
        ("a_type_of_tomorrow", {}, "the value does not fit"),
        ("less_than_equal", {"le": 10000.0}, "expected at most 10,000"),
        ("too_short", {"min_length": 1}, "expected at least 1 entry"),
    ):
        assert str(field_problem({"type": type_, "ctx": context})) == says


def test_a_validator_of_ours_says_what_is_wrong_with_a_code() -> None:
    with pytest.raises(ValidationError) as caught:
        Mapping.model_validate({"time": {"zone": "Mars {x}"}})
    problem = field_problem(caught.value.errors()[0])
    assert (problem.code, problem.values) == ("mapping.unknown_zone", {"zone": "Mars {x}"})
    assert isinstance(field_error("mapping.unknown_zone", zone="{x}"), ValueError)


def test_a_message_in_a_model_is_data_when_it_is_dumped_and_comes_back() -> None:
    report = FileReport(path="a.csv", error=Message("file.empty", {"file": "a.csv"}))
    dumped = json.loads(report.model_dump_json())["error"]
    assert dumped == report.model_dump()["error"]
    assert (dumped["code"], dumped["values"]) == ("file.empty", {"file": "a.csv"})
    assert dumped["text"].startswith("a.csv is empty.")
    assert FileReport.model_validate_json(report.model_dump_json()) == report


def test_names_are_quoted_one_by_one_and_cut_short() -> None:
    assert str(some_names(["a", "b'c"])) == """'a', "b'c\""""
    assert str(some_names([str(number) for number in range(5)], most=2)) == "'0', '1' and 3 more"
    assert str(some_names([])) == "none"


def test_what_the_system_says_through_a_library_is_found() -> None:
    assert str(os_reason(duckdb.IOException(f"IO Error: {os.strerror(errno.ENOSPC)}"))) == "no space left"
    assert str(os_reason(duckdb.FatalException("something else"))) == "see the reason with STEPSIGHT_LOG=info"
    assert str(os_reason(OSError(errno.ENOTCONN, "x"))) == f"system error {errno.ENOTCONN}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = 1\nb = = 2", "line 2, column 5 cannot be read"),
        (b"a = ", "it ends too early"),
        (b"\xff", "it is not a text in UTF-8"),
    ],
)
def test_where_a_text_stops_being_toml_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "m.toml").write_bytes(content)
    with pytest.raises(InvalidMapping, match=f"is not TOML: {says}"):
        read_mapping(tmp_path / "m.toml")
