"""What the docs say is what the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from commands import main
from etl.documentation import filled_in
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.sources import READERS
from metrics.settings.model import Settings
from tests import architecture_picture

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
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
    examples = re.findall(r"```toml\n(.*?)```", page, re.S)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.toml").write_text(example)
    whole, *parts = [read_mapping(tmp_path / f"{number}.toml") for number in range(len(examples))]
    assert whole.time.zone == "Europe/Rome"
    assert [bool(part.joins) + 2 * bool(part.tables) for part in parts] == [1, 2]


@pytest.mark.parametrize(
    "mapping", sorted((ROOT / "data" / "mappings").glob("*.toml")), ids=lambda path: path.name
)
def test_the_committed_mappings_are_valid(mapping: Path) -> None:
    read = read_mapping(mapping)
    assert read.activities or read.event or read.tables


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


def anchors(page: Path) -> set[str]:
    """What a link to a heading of a page may be called."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_to_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]*)\)", page.read_text("utf-8")):
        there = page.parent / target if target else page
        assert there.suffix != ".md" or anchor in anchors(there), f"{page.name} links to {target}#{anchor}"


def test_the_readme_leads_to_every_page_of_the_docs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8") + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [
        page.name for page in PAGES if page.parent == ROOT / "docs" and f"docs/{page.name}" not in readme
    ] == []


FILE = re.compile(r"`((?:etl|metrics|dashboard|commands|tests|docs|data|benchmarks)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_named_in_the_docs_exist(page: Path) -> None:
    named = {name for name in FILE.findall(page.read_text("utf-8")) if name not in MADE_BY_USE}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


MADE_BY_USE = {"data/demo", "data/warehouse", "data/warehouse.key", "dashboard/pages/"}
"""And a folder that there must not be."""


def spoken() -> Iterator[tuple[str, str]]:
    """Every piece of code in the docs that may name a command: a line of a block, or between backticks."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in re.findall(r"```(?:sh|console)?\n(.*?)```", text, re.S):
            for line in block.splitlines():
                yield page.name, line.split(" #")[0]
        for code in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S)):
            yield page.name, code


COMMAND = re.compile(r"(?:^|/|\s)stepsight((?: --settings \S+)?(?: [a-z][a-z-]*){1,2})(.*)$")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
OTHERS_OPTIONS = {"--require-hashes", "--no-deps"}
"""Those of pip and such."""


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts}


def commands() -> dict[str, click.Command]:
    """Every command by its name, those of a group as well: `workflows add`."""
    root = typer.main.get_command(main.app)
    context = click.Context(root)
    found: dict[str, click.Command] = {"": root}
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        found[name] = command
        for part, member in getattr(command, "commands", {}).items():
            found[f"{name} {part}"] = member
    return found


def test_commands_named_in_the_docs_exist_with_their_options() -> None:
    known = commands()
    every = set().union(*(options(command) for command in known.values())) | {"--help"}
    wrong = []
    for page, code in spoken():
        if match := COMMAND.search(code):
            first, *rest = re.sub(r"--settings \S+", "", match[1]).split()
            both = f"{first} {rest[0]}" if rest else first
            command = known.get(both) or known.get(first)
            if command is None:
                wrong.append(f"{page}: stepsight {first}")
                continue
            unknown = set(OPTION.findall(match[2])) - options(command) - options(known[""]) - {"--help"}
        else:
            unknown = set(OPTION.findall(code)) - every - OTHERS_OPTIONS
        wrong += [f"{page}: {code}: {option}" for option in sorted(unknown)]
    assert wrong == []


def test_every_command_is_in_the_docs() -> None:
    text = " ".join(code for _, code in spoken())
    assert [name for name in commands() if name and not re.search(rf"\b{name.split()[-1]}\b", text)] == []


ON_EVERY_PAGE = {"Saved views and annotations", "On every page"}


def test_every_page_of_the_dashboard_is_described_and_every_one_described_is_there() -> None:
    tree = ast.parse((ROOT / "dashboard" / "app.py").read_text("utf-8"))
    titles = {
        node.args[2].args[0].value  # _page(name, icon, _(title), _(help))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_page"
    }
    assert len(titles) == len(list((ROOT / "dashboard" / "views").glob("*/view.py")))
    headings = set(re.findall(r"^## (.+)$", (ROOT / "docs" / "PAGES.md").read_text("utf-8"), re.M))
    assert headings - ON_EVERY_PAGE == titles


def test_variables_named_in_the_docs_are_read() -> None:
    code = "".join(
        path.read_text("utf-8")
        for name in ("commands", "dashboard", "tests")
        for path in (ROOT / name).rglob("*.py")
    )
    for page in PAGES:
        for name in set(re.findall(r"\bSTEPSIGHT_[A-Z_]+\b", page.read_text("utf-8"))):
            field = name.removeprefix("STEPSIGHT_").lower().split("__")[0]
            assert f'"{name}"' in code or field in Settings.model_fields, f"{page.name} names {name}"


def test_tables_of_the_settings_named_in_the_docs_exist() -> None:
    tables = {*Settings.model_fields, *Mapping.model_fields}
    for page in PAGES:
        named = set(re.findall(r"`\[\[?([a-z_]+)[\].]", page.read_text("utf-8"))) - {"tool"}
        assert named <= tables, f"{page.name} names {named - tables}"


@pytest.mark.parametrize("ending", READERS)
def test_every_format_that_is_read_is_named_to_people(ending: str) -> None:
    assert f"`{ending}`" in (ROOT / "docs" / "LOADING.md").read_text("utf-8")


def test_a_decision_takes_five_lines_and_stands_in_the_table_of_contents() -> None:
    text = (ROOT / "docs" / "DECISIONS.md").read_text("utf-8")
    entries = re.findall(r"^### (.+)\n((?:.+\n)+)", text, re.M)
    assert [title for title, body in entries if body.count("\n") > 5] == []
    titles = re.findall(r"^###? (.+)$", text, re.M)
    assert re.findall(r"^ *- \[(.+)\]\(#", text, re.M) == titles
    assert len(set(titles)) == len(titles)
