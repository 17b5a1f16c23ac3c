"""The house stands as docs/DECISIONS.md says: one direction, thin pages, and nobody pastes SQL together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("etl", "metrics", "dashboard", "commands")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE|CREATE (TEMP )?(TABLE|VIEW)|ATTACH|COPY|WITH \w+ AS)\s+\S",
    re.S,
)
ids = [str(path.relative_to(ROOT)) for path in MODULES]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


MAY_NOT_IMPORT = {
    "etl": {"metrics", "dashboard", "commands", "stepsight", "streamlit", "plotly"},
    "metrics": {"dashboard", "commands", "stepsight", "streamlit", "plotly", "os", "time", "random"},
    "dashboard": {"commands", "stepsight", "sqlglot"},
    "commands": {"stepsight", "streamlit", "sqlglot"},
}


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_imports_run_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert not MAY_NOT_IMPORT[package] & set(imported(path))


@pytest.mark.parametrize("path", [ROOT / "stepsight.py", *MODULES], ids=["stepsight.py", *ids])
def test_no_sql_is_pasted_together(path: Path) -> None:
    for node in ast.walk(tree(path)):
        pasted = ""
        if isinstance(node, ast.JoinedStr):
            pasted = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            sides = [side.value for side in (node.left, node.right) if isinstance(side, ast.Constant)]
            pasted = "".join(side for side in sides if isinstance(side, str))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "join"}
        ):
            text = node.func.value
            pasted = text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
        assert not SQL.search(pasted), f"{path.name}:{node.lineno} pastes SQL together: {pasted[:60]!r}"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name == "view.py"], ids=lambda path: path.name
)
def test_a_page_is_thin(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 45


@pytest.mark.parametrize("path", [p for p in MODULES if "dashboard" in p.parts], ids=lambda path: path.name)
def test_the_dashboard_neither_writes_sql_nor_groups_frames(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"group_by", "group_by_dynamic", "execute", "rolling"}, (
                f"{path.name}:{node.lineno}"
            )
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\bSELECT\b.+\bFROM\b", node.value, re.S), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.parent.name == "metrics"], ids=lambda path: path.name
)
def test_metrics_open_no_file_and_read_no_clock(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in {"open", "now", "today", "utcnow", "getenv", "connect"}, (
                f"{path.name}:{node.lineno}"
            )


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300
    assert path.stem not in {"utils", "helpers", "common", "base", "misc"}
    assert ast.get_docstring(tree(path)), f"{path.name} does not say what it is for"


def test_every_relation_starts_with_its_grain() -> None:
    for path in (ROOT / "metrics" / "facts").rglob("*.sql"):
        assert path.read_text("utf-8").startswith("-- One row"), f"{path.name} does not state its grain"
