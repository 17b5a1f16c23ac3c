"""Every text there is to translate: of pages and commands, and those that metrics and messages bring along.

`python -m dashboard.language.catalogue` (`make texts`) brings every language's file up to date: new texts are
added untranslated, texts that are gone are dropped, what is translated stays as it is.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard import language
from etl.messages import TEMPLATES
from etl.messages.english import OVER, UNDER
from etl.messages.kinds import KIND_TITLES
from etl.messages.nouns import NOUNS
from metrics.catalog.dimensions import DIMENSIONS
from metrics.catalog.metrics import CATALOG
from metrics.catalog.runs import RUN_METRICS
from metrics.catalog.signs import SIGNS

ROOT = Path(__file__).parents[2]
PACKAGES = ("dashboard", "commands")
WIDTH = 110
Text = str | tuple[str, ...]


def texts() -> dict[Text, str]:
    """Every text, a pair where it depends on a number, and where it stands."""
    places: dict[Text, str] = {}
    for text, where in [
        *_of_pages(),
        *_of_metrics(),
        *_of_messages(),
    ]:
        places.setdefault(text, where)
    return places


def up_to_date(catalogue: Catalog) -> Catalog:
    """A language's catalogue with exactly the texts there are."""
    fresh = Catalog(locale=catalogue.locale, fuzzy=False)
    for text in texts():
        message = catalogue.get(text[0] if isinstance(text, tuple) else text)
        string = message.string if message and message.id == text else ""
        comments = message.user_comments if message else ()
        fresh.add(text, string, user_comments=comments)
    return fresh


def sources() -> list[Path]:
    """The modules of pages and commands, whose texts stand where they are looked up."""
    return [*sorted(file for name in PACKAGES for file in (ROOT / name).rglob("*.py")), ROOT / "stepsight.py"]


def _of_pages() -> Iterator[tuple[Text, str]]:
    for file in sources():
        where = file.relative_to(ROOT).as_posix()
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
    for metric in (*CATALOG.values(), *RUN_METRICS):
        for text in (metric.title, metric.question, metric.definition, metric.unit, metric.date.help):
            yield text, "metrics/catalog/metrics.py"
    for dimension in DIMENSIONS.values():
        yield dimension.title, "metrics/catalog/dimensions.py"
    for sign in SIGNS:
        for text in (sign.name.replace("_", " "), sign.sentence):
            yield text, "metrics/catalog/signs.py"


def _of_messages() -> Iterator[tuple[Text, str]]:
    for one, many in NOUNS.values():
        yield (one, many), "etl/messages/nouns.py"
    for template in (*TEMPLATES.values(), *KIND_TITLES.values(), UNDER, OVER):
        yield template, "etl/messages"


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
