"""What the docs say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etl.documentation import filled_in
from etl.mapping.mapping import read_mapping
from tests import architecture_picture

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def test_the_contract_page_is_the_contract() -> None:
    page = (ROOT / "docs" / "EVENTS.md").read_text("utf-8")
    assert page == filled_in(page), "run `make docs`"


def test_the_pictures_of_the_architecture_are_those_of_the_imports() -> None:
    page = architecture_picture.PAGE.read_text("utf-8")
    assert page == architecture_picture.filled_in(page), "run `make docs`"


@pytest.mark.parametrize("package", ["", *architecture_picture.PACKAGES])
def test_no_folder_imports_itself_by_way_of_others(package: str) -> None:
    arrows = architecture_picture.edges(package)
    assert [box for box in arrows if box in architecture_picture.reachable(box, arrows)] == []


def test_the_mapping_in_the_docs_is_a_mapping(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "EVENTS.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    (tmp_path / "example.toml").write_text(example)
    assert read_mapping(tmp_path / "example.toml").time.zone == "Europe/Rome"


@pytest.mark.parametrize(
    "mapping", sorted((ROOT / "data" / "mappings").glob("*.toml")), ids=lambda path: path.name
)
def test_the_committed_mappings_are_valid(mapping: Path) -> None:
    read = read_mapping(mapping)
    assert read.activities or read.event


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_make_targets_named_in_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
        assert named <= targets, f"{page.name} names {named - targets}"
