"""Names are the words of CONTRIBUTING.md: a short list that may name nothing in production code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("etl", "metrics", "dashboard", "commands")
MODULES = [ROOT / "stepsight.py", *(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))]
LISTS = {
    "past tense: say what it holds": """
        asked chosen drawn due few found given kept known named picked said seen shown told usual whole
    """,
    "participles and gerunds: say what it holds, or what it does": """
        asking awaited changing contenting drawing erring examining exporting judging laying laying_out
        leading narrowing observing responding saying serving tenured
    """,
    "words of ours for what the field has a word for": """
        clock_stories counting_stories erring_visits judged_visits ledger matter matter_moments matters
        open_spells replays signed_visits solved_matters start_anew stories story
    """,
    "names of nothing": "helpers misc utils",
}
"""A word goes onto a list when nothing is called by it any more; kinds and columns are texts, not names."""
NOT_A_NAME = {word: name for name, words in LISTS.items() for word in words.split()}


def names(module: str, tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What a module names, and where: itself, classes, functions, arguments, values and attributes."""
    yield module, 1
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno


def offences(module: str, tree: ast.AST) -> list[str]:
    """The names of a module that are on a list, whatever their case."""
    words = [(name, line, NOT_A_NAME.get(name.strip("_").lower())) for name, line in names(module, tree)]
    return [f"{line} {name} ({why})" for name, line, why in words if why]


@pytest.mark.parametrize(
    "code",
    [
        *("def asking(): ...", "class _Story: ...", "STORIES = 1", "lambda ledger: 1", "import a as utils"),
        *("for told in (): ...", "self.kept = 1", "def f(*, _chosen): ...", "class Found: ..."),
    ],
)
def test_an_offence_is_noticed(code: str) -> None:
    assert len(offences("module", ast.parse(code))) == 1


def test_nothing_is_called_by_a_word_that_is_no_name() -> None:
    wrong = []
    for path in MODULES:
        name = path.relative_to(ROOT).as_posix()
        module = path.parent.name if path.name == "__init__.py" else path.stem
        wrong += [f"{name}:{each}" for each in offences(module, ast.parse(path.read_text("utf-8")))]
    assert wrong == []
