"""What is built holds what runs: installed elsewhere, from an empty folder and a clean home, all works.

Building and installing takes a minute, so `make test-wheel` runs this, not `make test`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.browsing import ROOT, address_of, first_page
from tests.dashboard.test_end_of_server import (
    assert_nothing_is_left,
    press_ctrl_c,
    send_sigterm,
    started,
)

pytestmark = pytest.mark.wheel
OURS = {"commands", "dashboard", "etl", "metrics", "stepsight.py", "stepsight_data"}
SHIPPED = ("commands", "dashboard", "etl", "metrics", "data")
EVENTS = """event_id,occurred_at,ticket_id,kind,actor,customer_id
e1,2026-03-02T09:00Z,a,opened,,ada
e2,2026-03-02T09:10Z,a,replied,agent,ada
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows or would add, apart from whatever else lies in the checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    folder = tmp_path_factory.mktemp("source")
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / "data" / "warehouse").mkdir()  # as after a load in the checkout, which must not be packed
    (folder / "data" / "warehouse" / "secret.json").write_text("{}")
    (folder / "data" / "warehouse.key").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def built(source: Path) -> Path:
    """The folder of a source distribution and of the wheel that is built from it."""
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(build, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return source / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def command(wheel: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`stepsight` in an environment of the pinned requirements and the wheel, and nothing else."""
    environment = tmp_path_factory.mktemp("elsewhere") / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    install = [
        environment / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*install, "--require-hashes", "-r", source / "requirements.txt"], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    yield environment / "bin" / "stepsight"
    shutil.rmtree(environment)  # more than a gigabyte, which pytest would keep


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, Any]:
    """An empty current folder, a clean home, and an environment that knows nothing of the checkout."""
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return {"cwd": folder, "env": {"HOME": str(home), "PATH": os.defpath, "PYTHONUTF8": "1"}}


def run(command: Path, *arguments: str, **surroundings: Any) -> str:
    done = subprocess.run([command, *arguments], capture_output=True, text=True, **surroundings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_our_packages_and_nothing_else(wheel: Path, source: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in held} == OURS
    files = {
        str(path.relative_to(source))
        for folder in SHIPPED
        for path in (source / folder).rglob("*")
        if path.is_file() and "warehouse" not in path.parts and path.suffix != ".key"
    }
    named = {f"stepsight_{name}" if name.startswith("data/") else name for name in files}
    assert held == named | {"stepsight.py"}


def test_the_source_distribution_holds_no_loaded_data_and_no_tests(built: Path) -> None:
    (packed,) = built.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        names = archive.getnames()
    assert not [name for name in names if "warehouse/secret" in name or name.endswith(".key")]
    assert not [name for name in names if name.split("/")[1:2] == ["tests"]]
    assert [name for name in names if name.endswith("/requirements.txt")]


def test_it_is_all_there(command: Path, surroundings: dict[str, Any]) -> None:
    assert run(command, "--version", **surroundings).startswith("stepsight 0.")
    found = json.loads(run(command, "doctor", "--port", "0", "--json", **surroundings))
    assert found["ok"]
    packages = run(command.parent / "python", "-m", "pip", "list", **surroundings)
    for tool in ("pytest", "mypy", "ruff", "playwright", "hypothesis"):
        assert f"\n{tool} " not in packages


def test_the_sample_opens_and_sigterm_ends_it(command: Path, surroundings: dict[str, Any]) -> None:
    with started([command, "demo", "--port", "0"], **surroundings) as process:
        address = address_of(process)
        first_page(address)
        send_sigterm(process)
        assert_nothing_is_left(process, address)
    assert process.returncode == 0
    data = Path(surroundings["env"]["HOME"]) / ".local" / "share" / "stepsight"
    assert sorted(path.name for path in data.iterdir()) == ["demo", "demo.key"]
    assert list(surroundings["cwd"].iterdir()) == []


def test_a_file_is_loaded_measured_and_served_until_ctrl_c(
    command: Path, surroundings: dict[str, Any]
) -> None:
    home = Path(surroundings["env"]["HOME"])
    (home / "events.csv").write_text(EVENTS)
    run(command, "load", str(home / "events.csv"), **surroundings)
    names = ("first_response_minutes", "tickets_opened")
    rows = json.loads(run(command, "metrics", *names, "--format", "json", **surroundings))
    assert {row["metric"]: row["value"] for row in rows} == {
        "first_response_minutes": 10,
        "tickets_opened": 1,
    }
    key = home / ".local" / "share" / "stepsight" / "warehouse.key"
    assert key.stat().st_mode & 0o777 == 0o600
    with started([command, "serve", "--port", "0"], **surroundings) as process:
        address = address_of(process)
        first_page(address)
        press_ctrl_c(process)
        assert_nothing_is_left(process, address)
    assert process.returncode == 0


def test_nothing_is_written_where_it_is_installed(command: Path) -> None:
    (packages,) = (command.parents[1] / "lib").glob("python*/site-packages")
    installed = {path.name for path in (packages / "stepsight_data").iterdir()} - {"__pycache__"}
    assert installed == {"__init__.py", "desk_tables", "sample", "mappings", "workflows"}
    assert not (packages / "data").exists()
    assert not (packages / "tests").exists()
