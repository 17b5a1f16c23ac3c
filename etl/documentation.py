"""The contract as Markdown tables, derived from its model, so that docs and code cannot disagree."""

from __future__ import annotations

from pathlib import Path

from etl.contract.events import ALWAYS, COLUMNS, WHEN_RATED, Column
from etl.contract.gate import rules
from etl.contract.kinds import DEFAULT_ACTOR, RUN_KINDS, STEP_KINDS, Kind
from etl.messages import rejection

_TYPE_NAMES = {
    "text": "text",
    "instant": "timestamp, UTC, microseconds",
    "whole": "integer",
    "number": "float",
    "kind": "one of the kinds below",
    "actor": "customer, agent, bot or system",
}


def columns_table() -> str:
    """One row per column of the contract."""
    lines = ["| column | type | required | meaning |", "| --- | --- | --- | --- |"]
    for name, column in COLUMNS.items():
        meaning = column.description
        lines.append(f"| `{name}` | {_TYPE_NAMES[column.type]} | {_required(column)} | {meaning} |")
    return "\n".join(lines)


def kinds_table() -> str:
    """One row per kind of event."""
    lines = ["| kind | of a | actor unless stated |", "| --- | --- | --- |"]
    for kind in Kind:
        actor = DEFAULT_ACTOR[kind].value if kind in DEFAULT_ACTOR else "must be stated"
        lines.append(f"| `{kind}` | {'step' if kind in STEP_KINDS else 'ticket'} | {actor} |")
    return "\n".join(lines)


def rules_table() -> str:
    """One row per rule, in the order in which a row is held against them."""
    lines = ["| rule | a row is rejected when |", "| --- | --- |"]
    lines += [f"| `{rule.name}` | {rejection(rule.name)} |" for rule in rules()]
    return "\n".join(lines)


def _required(column: Column) -> str:
    if column.required_for == ALWAYS.kinds:
        return "yes"
    if column.required_for == WHEN_RATED.kinds:
        return "for `rated`"
    if column.required_for == STEP_KINDS - RUN_KINDS:
        return "for step kinds, not for `run_…`"
    return "for step kinds" if column.required_for else "no"


TABLES = {"columns": columns_table, "kinds": kinds_table, "rules": rules_table}


def filled_in(page: str) -> str:
    """A page with its tables, which stand between `<!-- name -->` and `<!-- /name -->`, made anew."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n{table()}\n{end}{after}"
    return page


if __name__ == "__main__":
    page = Path(__file__).parents[1] / "docs" / "EVENTS.md"
    page.write_text(filled_in(page.read_text("utf-8")), "utf-8")
