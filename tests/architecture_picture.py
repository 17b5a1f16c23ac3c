"""The pictures in docs/ARCHITECTURE.md, drawn from the imports (`make docs`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "ARCHITECTURE.md"
PACKAGES = ("commands", "dashboard", "metrics", "etl")
SPLIT = {
    "etl.privacy.__init__": "",
    "etl.privacy.account_numbers": "pseudonyms",
    "etl.privacy.contact_details": "pseudonyms",
    "etl.privacy.mail_addresses": "pseudonyms",
    "etl.privacy.phone_numbers": "pseudonyms",
    "etl.privacy.plain_numbers": "pseudonyms",
    "etl.privacy.shapes": "pseudonyms",
    "etl.privacy.text_rules": "pseudonyms",
    "etl.privacy.typed_text": "pseudonyms",
    "etl.privacy.key_file": "pseudonyms",
    "etl.privacy.pseudonyms": "pseudonyms",
    "etl.privacy.erasure": "erasure",
    "etl.privacy.notes_erasure": "erasure",
    "etl.privacy.person": "erasure",
    "etl.privacy.person_export": "erasure",
    "etl.privacy.rekey": "erasure",
    "etl.privacy.texts_of_erased": "erasure",
    "etl.privacy.words_in_text": "erasure",
}
"""Modules of one folder that stand on different floors."""
Edges = dict[str, set[str]]


@cache
def modules() -> dict[str, Path]:
    """Every module by its dotted name."""
    paths = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def imported(tree: ast.AST) -> Iterator[str]:
    """What a module imports, wherever it says so."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)


@cache
def imports() -> list[tuple[str, str]]:
    """Pairs of modules' names: who imports, and what."""
    return [
        (name, target)
        for name, path in modules().items()
        for target in imported(ast.parse(path.read_text("utf-8")))
        if target.partition(".")[0] in PACKAGES
    ]


def place(name: str, package: str = "") -> str:
    """The box of a module: its package, or within a package its folder or file there."""
    parts = name.split(".")
    if not package:
        return parts[0]
    if parts[0] != package or len(parts) < 2 or parts[1] == "__init__":
        return ""
    return SPLIT.get(".".join(parts[:3]), parts[1])


def boxes(package: str) -> set[str]:
    """The boxes of a package, or the packages."""
    return {place(name, package) for name in modules()} - {""}


def edges(package: str) -> Edges:
    """From each box those it imports."""
    known = boxes(package)
    arrows: Edges = {box: set() for box in known}
    for source, target in imports():
        one, other = place(source, package), place(target, package)
        if one in known and other in known and one != other:
            arrows[one].add(other)
    return arrows


def reachable(start: str, arrows: Edges) -> set[str]:
    """Every box that is reached from one, itself only by a circle."""
    reached: set[str] = set()
    ahead = [*arrows[start]]
    while ahead:
        box = ahead.pop()
        if box not in reached:
            reached.add(box)
            ahead += arrows[box]
    return reached


def reduced(arrows: Edges) -> Edges:
    """The same without arrows that a longer way implies; there must be no circle."""
    below = {box: reachable(box, arrows) for box in arrows}
    return {
        box: {target for target in targets if not any(target in below[other] for other in targets)}
        for box, targets in arrows.items()
    }


def picture(package: str) -> str:
    """A Mermaid flow chart of the boxes of a package, or of the packages."""
    arrows = reduced(edges(package))
    boxes_and_arrows = [f"{box}_[{box}]" for box in sorted(arrows)]
    boxes_and_arrows += [f"{box}_ --> {target}_" for box in sorted(arrows) for target in sorted(arrows[box])]
    return "\n".join(["```mermaid", "flowchart TD", *(f"  {line}" for line in boxes_and_arrows), "```"])


def filled_in(page: str) -> str:
    """The page with its pictures, which stand between `<!-- name -->` and `<!-- /name -->`, made anew."""
    for name in ("packages", "etl", "metrics", "dashboard"):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        after = rest.partition(end)[2]
        drawn = picture("" if name == "packages" else name)
        page = f"{before}{start}\n{drawn}\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled_in(PAGE.read_text("utf-8")), "utf-8")
