"""Catalog, signs, limits and facts as Markdown tables, so that docs and code cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from etl.settings.text import as_toml
from metrics.catalog.dimensions import CONTACTS, DIMENSIONS, TICKETS, VISITS
from metrics.catalog.metrics import CATALOG
from metrics.catalog.signs import SIGNS
from metrics.facts.relations import FACT_TABLES, LINKS, OF_AGENTS, SERVED, STORED, relations
from metrics.settings.model import Settings
from metrics.settings.thresholds import Thresholds


def metrics_table() -> str:
    """One row per metric."""
    lines = ["| metric | asks | means | unit | better |", "| --- | --- | --- | --- | --- |"]
    for metric in CATALOG.values():
        better = metric.better or "–"
        lines.append(
            f"| `{metric.name}` | {metric.question} | {metric.definition} | {metric.unit} | {better} |"
        )
    return "\n".join(lines)


def dimensions_table() -> str:
    """One row per dimension, with what can be told by it."""
    lines = ["| dimension | is | tickets | contacts | visits |", "| --- | --- | --- | --- | --- |"]
    for name, dimension in DIMENSIONS.items():
        marks = ["yes" if fact in dimension.facts else "–" for fact in (TICKETS, CONTACTS, VISITS)]
        lines.append(f"| `{name}` | {dimension.title} | {' | '.join(marks)} |")
    return "\n".join(lines)


def signs_table() -> str:
    """One row per sign of confusion."""
    lines = ["| sign | strength | the visit shows it when |", "| --- | --- | --- |"]
    lines += [f"| `{sign.name}` | {sign.strength} | {sign.sentence} |" for sign in SIGNS]
    return "\n".join(lines)


def limits_table() -> str:
    """One row per limit."""
    lines = ["| limit | default | meaning |", "| --- | --- | --- |"]
    for name, field in Thresholds.model_fields.items():
        lines.append(f"| `{name}` | {field.default} | {field.description} |")
    return "\n".join(lines)


def facts_table() -> str:
    """One row per relation, after those it reads."""
    lines = ["| relation | grain | kept |", "| --- | --- | --- |"]
    for name, relation in relations().items():
        storage = (
            "table"
            if name in (*LINKS, *STORED, *SERVED, OF_AGENTS)
            else "small table"
            if name in FACT_TABLES
            else "when asked"
        )
        lines.append(f"| [`{name}`](../metrics/facts/{relation.place}) | {relation.grain} | {storage} |")
    return "\n".join(lines)


TABLES = {
    "metrics": metrics_table,
    "dimensions": dimensions_table,
    "signs": signs_table,
    "limits": limits_table,
    "facts": facts_table,
}


def settings_file() -> str:
    """The settings that hold without a file, as a file."""
    return f"```toml\n{as_toml(Settings())}```"


PAGES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "METRICS.md": TABLES,
    "SETTINGS.md": {"settings": settings_file},
}


def filled_in(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """A page with its tables, which stand between `<!-- name -->` and `<!-- /name -->`, made anew."""
    for name, table in tables.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n{table()}\n{end}{after}"
    return page


if __name__ == "__main__":
    for name, tables in PAGES.items():
        page = Path(__file__).parents[1] / "docs" / name
        page.write_text(filled_in(page.read_text("utf-8"), tables), "utf-8")
