"""Every text there is to translate: those of the pages, and those that metrics and messages bring along.

`python -m dashboard.catalogue` (`make texts`) brings every language's file up to date: new texts are added
untranslated, texts that are gone are dropped, what is translated stays as it is.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard import language
from etl.messages import TEMPLATES
from etl.messages.nouns import NOUNS
from metrics import clock_stories, counting_stories, explaining, moments, replays
from metrics.catalog import CATALOG
from metrics.dimensions import DIMENSIONS
from metrics.signs import SIGNS

TOLD = (clock_stories, counting_stories, explaining, moments, replays)
"""Modules whose sentences and phrases reach a reader as they stand there."""
WIDTH = 110
SAID = re.compile(r"[A-Z][^_]* .*\.|the day .*|elapsed time.*|opening hours|none")
Text = str | tuple[str, ...]


def texts() -> dict[Text, str]:
    """Every text, a pair where it depends on a number, and where it stands."""
    found: dict[Text, str] = {}
    for text, where in [
        *_of_pages(),
        *_of_metrics(),
        *_of_messages(),
        *_told(),
        *_composed(),
    ]:
        found.setdefault(text, where)
    return found


def up_to_date(known: Catalog) -> Catalog:
    """A language's catalogue with exactly the texts there are."""
    fresh = Catalog(locale=known.locale, fuzzy=False)
    for text, where in texts().items():
        said = known.get(text[0] if isinstance(text, tuple) else text)
        string = said.string if said and said.id == text else ""
        comments = said.user_comments if said else ()
        fresh.add(text, string, auto_comments=[where], user_comments=comments)
    return fresh


def _of_pages() -> Iterator[tuple[Text, str]]:
    here = Path(__file__).parent
    for file in sorted(here.rglob("*.py")):
        where = f"dashboard/{file.relative_to(here).as_posix()}"
        for text in _looked_up(ast.parse(file.read_text("utf-8"))):
            yield text, where


def _looked_up(tree: ast.Module) -> Iterator[Text]:
    """The texts handed to `_`, `N_` and `ngettext` as they stand there, not what they find in a variable."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        match call.func.id, call.args:
            case (("_" | "N_"), [ast.IfExp(body=one, orelse=other)]):
                yield from (str(each.value) for each in (one, other) if isinstance(each, ast.Constant))
            case (("_" | "N_"), [ast.Constant(value=text)]):
                yield str(text)
            case "ngettext", [ast.Constant(value=one), ast.Constant(value=many), *_number]:
                yield str(one), str(many)


def _of_metrics() -> Iterator[tuple[Text, str]]:
    for metric in CATALOG.values():
        if metric.available:
            for text in (metric.title, metric.question, metric.definition):
                yield text, "metrics/catalog.py"
    for dimension in DIMENSIONS.values():
        yield dimension.title, "metrics/dimensions.py"
    for sign in SIGNS:
        for text in (sign.name.replace("_", " "), sign.sentence):
            yield text, "metrics/signs.py"


def _of_messages() -> Iterator[tuple[Text, str]]:
    for one, many in NOUNS.values():
        yield (one, many), "etl/messages/nouns.py"
    for template in TEMPLATES.values():
        yield template, "etl/messages"


def _told() -> Iterator[tuple[Text, str]]:
    for module in TOLD:
        file = Path(str(module.__file__))
        for text in _phrases(ast.parse(file.read_text("utf-8"))):
            yield text, f"metrics/{file.name}"


def _phrases(tree: ast.Module) -> Iterable[str]:
    """What a module says to a reader as it stands: whole sentences, and what completes one."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    said = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings | parts
    )
    return (text for text in said if SAID.fullmatch(text))


def _composed() -> Iterator[tuple[Text, str]]:
    """What metrics say of events with words put in."""
    yield "From here on it is the customer's turn.", "metrics/clock_stories.py"
    yield "Only what the agent does counts.", "metrics/counting_stories.py"
    for number in (1, 2, 3):
        for told in combinations(("reason", "channel", "workflow run"), number):
            yield f"It tells the {', '.join(told)}.", "metrics/counting_stories.py"


def as_file(catalogue: Catalog) -> bytes:
    """A language's file: only what depends on the texts, so that it changes when they do."""
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in _header(catalogue).items())
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + body.getvalue()


def _header(catalogue: Catalog) -> dict[str, str]:
    return {
        "Language": str(catalogue.locale),
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": catalogue.plural_forms,
    }


def main() -> None:
    """Bring every language's file up to date."""
    for code in language.languages():
        if code != language.ENGLISH:
            fresh = up_to_date(language.read(code))
            (language.TEXTS / f"{code}.po").write_bytes(as_file(fresh))


if __name__ == "__main__":
    main()
