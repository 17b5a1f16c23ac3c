"""What a reader of pages can bring about and mend is said in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path

import pytest

from dashboard.language import speak
from dashboard.sentences import refusals
from dashboard.sentences.forms import read_back
from etl import errors
from etl.errors import StepsightError

ROOT = Path(__file__).parents[2]
MET_ON_PAGES = [
    "dashboard/notes/notebook.py",
    "dashboard/uploading/uploads.py",
]
ON_THE_COMMAND_LINE = ("There is no file ", "{} cannot be read: {}.")
REFUSALS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}


def messages(path: Path) -> Iterator[str]:
    """What a module raises, each value put in as a word."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            match node.args:
                case [ast.JoinedStr(values=parts)]:
                    yield "".join(
                        f"{part.value}" if isinstance(part, ast.Constant) else "{}" for part in parts
                    )
                case [ast.Constant(value=text)]:
                    yield f"{text}"


def in_french(message: object) -> str:
    def run() -> str:
        speak("fr")
        return refusals.said(message)

    return copy_context().run(run)


@pytest.mark.parametrize("module", MET_ON_PAGES)
def test_every_message_that_comes_up_on_pages_has_its_form(module: str) -> None:
    said = [text for text in messages(ROOT / module) if not text.startswith(ON_THE_COMMAND_LINE)]
    assert said
    for text in said:
        whole = text.replace("A {} has", "A name has").replace("process{}.", "process.").replace("{}", "7")
        assert read_back(whole, refusals.FORMS), text


def test_a_message_is_said_with_what_it_names() -> None:
    error = StepsightError("log.csv is empty. Export it again, or leave it out.")
    assert refusals.said(error) == str(error)
    assert in_french(error).startswith("log.csv est vide")
    busy = (
        "The warehouse /w is being written by another process (process 12). "
        "Wait until it has finished, then try again."
    )
    assert "(processus 12)" in in_french(busy)


def test_a_sentence_within_a_message_is_said_as_well() -> None:
    lacking = (
        "log.csv has no column 'a', 'b'; it has 'x', 'y'. "
        "Name its columns in a mapping and load it with --mapping."
    )
    assert "'a', 'b'" in in_french(lacking)
    assert "Name its" not in in_french(lacking)


def test_a_message_of_no_form_stays_as_it_is() -> None:
    assert (
        in_french("Something that only an operator can mend.") == "Something that only an operator can mend."
    )
