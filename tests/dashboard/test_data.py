"""What is cached is keyed by plain values and bounded."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboard.queries import warehouse

DASHBOARD = Path(__file__).parents[2] / "dashboard"
CHARTS = DASHBOARD / "kit" / "charts" / "chart_cache.py"
DATA = sorted({*(DASHBOARD / "queries").glob("*.py"), *DASHBOARD.glob("views/*/queries.py"), CHARTS})
CACHES = {"cache_data", "cache_resource"}
PLAIN = {
    "str | None",
    "str",
    "int",
    "tuple[str, ...]",
    "CustomDimensions",
    "Scope",
    "Scope | None",
    "tuple[Scope, ...]",
    "Which",
    "By",
    "Of",
    "HotspotRules",
}


def cached_functions(path: Path) -> list[tuple[ast.FunctionDef, ast.Call]]:
    tree = ast.parse(path.read_text("utf-8"))
    return [
        (function, decorator)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in CACHES
    ]


def test_only_data_and_charts_are_cached() -> None:
    caching = {path for path in DASHBOARD.rglob("*.py") if "@st.cache" in path.read_text("utf-8")}
    assert caching <= set(DATA)


def test_no_cached_function_takes_a_frame_and_every_cache_is_bounded() -> None:
    found = [each for path in DATA for each in cached_functions(path)]
    assert found
    for function, decorator in found:
        keys = [argument for argument in function.args.args if not argument.arg.startswith("_")]
        assert all(argument.annotation for argument in keys)
        kinds = {ast.unparse(argument.annotation) for argument in keys if argument.annotation}
        assert kinds <= PLAIN
        assert "max_entries" in {keyword.arg for keyword in decorator.keywords}


def test_numbers_made_with_the_settings_of_now_do_not_lag(
    warehouses: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(warehouses["one ticket"]))
    monkeypatch.delenv("STEPSIGHT_SETTINGS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert not warehouse.is_lagging(warehouse.snapshot())
    (tmp_path / "stepsight.toml").write_text('[runs]\nunique = "ticket"\n')
    assert warehouse.is_lagging(warehouse.snapshot())
