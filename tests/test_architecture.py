"""The house stands as docs/DECISIONS.md says: one direction, thin pages, and nobody pastes SQL together.

Who may import whom is written in `pyproject.toml`, under `[tool.importlinter]`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PACKAGES = ("etl", "metrics", "dashboard", "commands")
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE|CREATE (TEMP )?(TABLE|VIEW)|ATTACH|COPY|WITH \w+ AS)\s+\S",
    re.S,
)
FRAME_OPERATIONS = re.compile(
    "agg|cast|count|drop|drop_nulls|explode|fill_null|filter|group_by|head|item|iter_rows|join|null_count|"
    "rename|rows?|select|slice|sort|sum|tail|to_dicts|to_list|to_series|unique|with_columns"
)


@cache
def trees() -> dict[str, ast.Module]:
    """Every module by its file."""
    folders = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    paths = [ROOT / "stepsight.py", *folders]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def walked(name: str) -> list[tuple[str, ast.AST]]:
    """Every node of a module, and where it stands."""
    return [(f"{name}:{getattr(node, 'lineno', 1)}", node) for node in ast.walk(trees()[name])]


def nodes(folder: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Every node of the modules below a folder, and where it stands."""
    for name in trees():
        if name.startswith(folder):
            yield from walked(name)


def test_imports_keep_the_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", [*sys.path])
    broken = lint_imports(no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def pasted(node: ast.AST) -> str:
    """The text of a template into which something is put."""
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            sides = [side.value for side in (left, right) if isinstance(side, ast.Constant)]
            return "".join(side for side in sides if isinstance(side, str))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format" | "join")):
            return text
    return ""


def test_no_sql_is_pasted_together() -> None:
    assert [f"{where} {text[:60]!r}" for where, node in nodes() if SQL.search(text := pasted(node))] == []


def test_a_view_holds_no_frame_operation() -> None:
    offences = []
    for name, tree in trees().items():
        if not name.endswith("/view.py"):
            continue
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        modules = {alias.asname or alias.name for node in imports for alias in node.names}
        if "pl" in modules:
            offences.append(f"{name} imports polars")
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))) if owner in modules:
                    pass  # a function of a module
                case ast.Call(func=ast.Attribute(attr=method)) if FRAME_OPERATIONS.fullmatch(method):
                    offences.append(f"{name}:{node.lineno} {method}")
    assert offences == []


def test_a_page_ends_by_an_exception_of_ours() -> None:
    """After `st.stop` Streamlit sends nothing more: what stands for a page that loads would stay."""
    calls = [
        where
        for where, node in nodes("dashboard/")
        if isinstance(node, ast.Attribute) and node.attr == "stop"
    ]
    assert calls == []


def test_the_dashboard_neither_writes_sql_nor_groups_frames() -> None:
    offences = []
    for where, node in nodes("dashboard/"):
        match node:
            case ast.Attribute(attr="group_by" | "group_by_dynamic" | "execute" | "rolling"):
                offences.append(f"{where} {node.attr}")
            case ast.Constant(value=str(text)) if re.search(r"\bSELECT\b.+\bFROM\b", text, re.S):
                offences.append(f"{where} {text[:60]!r}")
    assert offences == []


def session_keys(tree: ast.AST) -> Iterator[ast.expr]:
    """Each expression by which something of the session is read, set or looked for."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="session_state"), slice=key):
                yield key
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="session_state")), args=[key, *_]):
                yield key
            case ast.Compare(left=key, comparators=[ast.Attribute(attr="session_state")]):
                yield key


def test_the_keys_of_a_session_stand_in_one_file() -> None:
    """Else they are the key of a widget that a caller handed over."""
    offences = []
    for name, tree in trees().items():
        handed_over = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        for key in session_keys(tree):
            match key:
                case ast.Attribute(value=ast.Name(id="state")):
                    pass
                case ast.Call(func=ast.Attribute(value=ast.Name(id="state"))):
                    pass
                case ast.Name(id=parameter) if parameter in handed_over:
                    pass
                case _:
                    offences.append(f"{name}:{key.lineno} {ast.unparse(key)}")
    assert offences == []


# `_` is the usual name of the function that translates.
PRIVATE = re.compile(r"_[a-z]\w*", re.I)
PRIVATE_OF_PYTHON = {
    "atexit._run_exitfuncs",  # a process that ends by force removes what readers sent first
    "os._exit",  # the only way to end a process whose threads still wait for a query
}


def test_nobody_uses_what_another_module_keeps_to_itself() -> None:
    offences = []
    for where, node in nodes():
        match node:
            case ast.ImportFrom(module=module, names=names):
                parts = [*(module or "").split("."), *(alias.name for alias in names)]
                offences += [f"{where} import {part}" for part in parts if PRIVATE.fullmatch(part)]
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                pass
            case ast.Attribute(attr=name) if PRIVATE.fullmatch(name):
                if ast.unparse(node) not in PRIVATE_OF_PYTHON:
                    offences.append(f"{where} {ast.unparse(node)}")
    assert offences == []


def imported(module: str, name: str) -> list[str]:
    """The files that import a name of a module."""
    return sorted(
        {
            where.rpartition(":")[0]
            for where, node in nodes()
            if isinstance(node, ast.ImportFrom)
            and node.module == module
            and any(alias.name == name for alias in node.names)
        }
    )


def test_a_scope_passes_the_gate_for_small_groups() -> None:
    """Its filters bind values that only `metrics.query` hands out, and there every way to rows asks first."""
    users = imported("metrics.query.scope", "parameters")
    assert users == [f"metrics/query/{name}.py" for name in ("agents", "measure", "periods", "run_in_scope")]
    sums = imported("metrics.query.measure", "cells_in")
    assert sums == ["metrics/tickets/contributions.py"]  # with small groups in them, for sums alone


def test_neither_page_nor_command_reads_rows_by_a_query() -> None:
    """They ask functions of `metrics` with a scope; what writes or checks a warehouse is no answer."""
    for name in ("run_query", "frame", "run_in_scope", "list_in_scope"):
        users = imported("metrics.query.run", name) + imported("metrics.query.run_in_scope", name)
        assert [file for file in users if not file.startswith("metrics/")] == []
    offences = [
        where
        for where, node in nodes()
        if isinstance(node, ast.Attribute | ast.ImportFrom)
        and where.startswith(("dashboard/", "commands/"))
        and (
            getattr(node, "attr", "") in {"sql", "execute", "executemany", "run_query", "run_in_scope"}
            or getattr(node, "module", "") == "metrics.query.run_in_scope"
        )
    ]
    assert offences == []


def test_only_the_command_line_passes_the_gate() -> None:
    offences = [
        where
        for where, node in nodes()
        if isinstance(node, ast.keyword)
        and node.arg == "small_groups"
        and not where.startswith(("commands/scopes.py", "commands/query_context.py", "commands/numbers.py"))
    ]
    assert offences == []


def test_metrics_open_no_file_and_read_no_clock() -> None:
    forbidden = {"open", "now", "today", "utcnow", "getenv", "connect"}
    offences = []
    for where, node in nodes("metrics/"):
        match node:
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if called in forbidden:
                offences.append(f"{where} {called}")
    assert offences == []


def test_a_file_holds_one_idea() -> None:
    offences = []
    for name, tree in trees().items():
        if len((ROOT / name).read_text("utf-8").splitlines()) > 300:
            offences.append(f"{name} is longer than 300 lines")
        if Path(name).stem in {"utils", "helpers", "common", "base", "misc"}:
            offences.append(f"{name} is not named for what it holds")
        if not ast.get_docstring(tree):
            offences.append(f"{name} does not say what it is for")
    assert offences == []


def test_every_relation_starts_with_its_grain() -> None:
    facts = (ROOT / "metrics" / "facts").rglob("*.sql")
    assert [path.name for path in facts if not path.read_text("utf-8").startswith("-- One row")] == []
