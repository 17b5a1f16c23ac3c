"""The first or last row says what it says; where that is unknown, no later row stands in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tests.metrics.histories import only, rows, warehouse

ROOT = Path(__file__).parents[3]
SKIP_NULLS = (exp.ArgMin, exp.ArgMax, exp.AnyValue)
"""Aggregates that pass over a row whose value is null and take another row's."""
NEVER_NULL = {
    *("kind", "actor", "workflow", "version", "step", "score / scale_max"),  # the contract asks for them
    *("seq", "entered_seq"),  # given where the source has none
    *(
        "schedule",
        "target_us",
        "is_business",
        "pauses_for_customer",
        "pauses_on_hold",
        "hour",
        "moved",
        "keys",
    ),  # worked out, or of the settings
}
SAME_IN_EVERY_ROW = {
    *("title", "kind", "next", "workflow_title"),  # of a step, or of a workflow version
    *("source", "custom", "channel", "reason", "priority", "arrived_at"),  # of a ticket
    *("settling_days", "is_family", "family", "events", "exact_any"),  # of all, or of a source
    *("nearer_as_given", "nearer_if_swapped", "fits_as_given", "fits_if_swapped"),
    *("low_days", "high_days", "span_days"),
}


def texts() -> Iterator[tuple[str, str]]:
    """Every text with such an aggregate that may be SQL, and where it stands."""
    for file in (file for package in ("etl", "metrics", "dashboard") for file in (ROOT / package).rglob("*")):
        text = file.read_text("utf-8") if file.suffix in (".sql", ".py") else ""
        if not any(name in text.lower() for name in ("arg_m", "any_value", "min_by", "max_by")):
            continue
        if file.suffix == ".sql":
            yield file.name, text
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{file.name}:{node.lineno}", node.value


def aggregates(place: str, text: str) -> list[exp.Expr]:
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError:
        if place.endswith(".sql"):
            raise
        return []  # a sentence
    return [node for each in statements if each for node in each.find_all(*SKIP_NULLS)]


def is_safe(node: exp.Expr) -> bool:
    """Whether passing over nulls cannot change the answer, or is what the text says it does."""
    value = node.this
    query = node.find_ancestor(exp.Select)
    conditions = [node.find_ancestor(exp.Filter), query and query.args.get("where")]
    tests = [test for each in conditions if each for test in each.find_all(exp.Is)]
    if any(isinstance(test.parent, exp.Not) and test.this == value for test in tests):
        return True
    if isinstance(value, exp.Coalesce) and isinstance(value.expressions[-1], exp.Literal):
        return True
    names = {column.name for column in value.find_all(exp.Column)}
    if isinstance(node, exp.AnyValue):
        return names <= SAME_IN_EVERY_ROW
    return value.sql() in NEVER_NULL or names <= NEVER_NULL


def test_nothing_takes_the_value_of_another_row_than_the_one_it_names() -> None:
    uses = [(place, node) for place, text in texts() for node in aggregates(place, text)]
    assert len(uses) > 30
    assert [f"{place}: {node.sql(dialect='duckdb')}" for place, node in uses if not is_safe(node)] == []


def test_the_first_visit_has_the_practice_and_the_team_or_nobody_knows() -> None:
    connection = warehouse(
        "a entered @0m step=ask agent=old",
        "a run_finished @1m agent=old",
        "z entered @10d step=ask",  # nobody knows who, nor of which team
        "z entered @10d1m step=find",
        "z entered @10d2m step=ask agent=new team=red",
        "z run_finished @10d3m agent=new",
    )
    outcome = only(rows(connection, "step_outcomes").filter(ticket_id="z", step="ask"))
    assert (outcome.practice, outcome.team) == ("unknown", None)
    assert only(rows(connection, "run_paths").filter(ticket_id="z")).team is None


def test_what_is_done_after_the_first_solve_is_not_held_against_how_the_ticket_ended() -> None:
    connection = warehouse(
        "a opened @0m",
        "a entered @1m step=ask",
        "a run_finished @2m",
        "a solved @3m",
        "a reopened @1h",
        "a entered @2h run=again step=ask",
        "a asked_help @2h1m run=again",
        "a entered @2h2m run=again step=find",
        "a run_finished @2h3m run=again",
        "a solved @3h",
    )
    outcome = only(rows(connection, "step_outcomes"))
    assert (outcome.step, outcome.is_confused, outcome.is_reopened) == ("ask", False, True)


def test_what_is_entered_at_the_instant_of_the_solve_counts_if_it_comes_first() -> None:
    connection = warehouse(
        *("a opened @0m", "a entered @3m step=ask", "a solved @3m", "a entered @3m step=find"),
    )
    assert rows(connection, "step_outcomes")["step"].to_list() == ["ask"]
