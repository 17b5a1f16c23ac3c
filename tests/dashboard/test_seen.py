"""Whatever a check may say is said in every language, its numbers and days included."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path

import pytest

from dashboard.language import speak
from dashboard.sentences import seen
from dashboard.sentences.forms import read_back

CHECKS = sorted((Path(__file__).parents[2] / "etl" / "health").glob("rules_*.py"))


def in_french(sentence: str) -> str:
    def run() -> str:
        speak("fr")
        return seen.said(sentence)

    return copy_context().run(run)


def sentences(path: Path) -> Iterator[str]:
    """What the checks say, each value put in as a number."""
    tree = ast.parse(path.read_text("utf-8"))
    formats = {
        id(node.format_spec)
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in formats:
            parts = [str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values]
            whole = "".join(parts)
            if len(whole) > 20 and not whole.startswith(";"):
                yield whole


@pytest.mark.parametrize("path", CHECKS, ids=[path.stem for path in CHECKS])
def test_every_sentence_of_a_check_has_its_form(path: Path) -> None:
    said = list(sentences(path))
    assert said
    for sentence in said:
        assert read_back(_whole(sentence), seen.FORMS), sentence


def _whole(sentence: str) -> str:
    """As it is said where it is a beginning, or a part at its end is nothing."""
    return (
        f"{sentence} have no opening."
        if sentence.endswith("(7)")
        else sentence.replace("already7", "already")
    )


def test_numbers_shares_and_spans_are_said_as_the_reader_says_them() -> None:
    sentence = "1,234 events of 5,000 (25 %) lie exactly on 22:00 or 23:00 UTC, as dates without a time do."
    assert in_french(sentence).startswith("1\u202f234 événements sur 5\u202f000 (25\u00a0%)")
    assert "3 jours" in in_french("The newest event, 2026-01-01 10:00 UTC, is 3 days later than its load.")


def test_a_sentence_of_no_form_stays_as_it_is() -> None:
    assert in_french("Something new, never said before.") == "Something new, never said before."
    assert seen.said("3 days of 120 on which it usually has events have none; the first is 2026-01-01.") == (
        "3 days of 120 on which it usually has events have none; the first is 2026-01-01."
    )
