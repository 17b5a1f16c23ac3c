"""The server is made ready for its first reader: what pages import is there before one comes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

from tests.dashboard.browsing import ROOT

MADE_READY = "import sys; from dashboard.server import make_ready; make_ready(); print(*sys.modules)"


def test_all_that_pages_import_is_there_before_the_first_reader(tmp_path: Path) -> None:
    environment = os.environ | {"STEPSIGHT_WAREHOUSE": str(tmp_path)}  # nothing has been loaded there
    ready = subprocess.run(
        [sys.executable, "-c", MADE_READY], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    there = set(ready.stdout.decode().split())
    for view in (ROOT / "dashboard" / "views").glob("*/view.py"):
        wanted = {
            node.module
            for node in ast.walk(ast.parse(view.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        assert wanted <= there, view.parent.name
        assert f"dashboard.views.{view.parent.name}.view" not in there
    assert {"scipy.stats", "scipy.optimize"} <= there
