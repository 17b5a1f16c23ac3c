"""Workflow definitions: how a version of a guided workflow is meant to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import duckdb
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from etl.contract.names import Name
from etl.errors import InvalidDefinition
from etl.messages import Message, field_problem, os_reason


class StepType(StrEnum):
    """What a step asks of the agent."""

    QUESTION = "question"
    INSTRUCTION = "instruction"
    FORM = "form"
    DECISION = "decision"
    ESCALATION = "escalation"
    END = "end"


NonemptyName = Annotated[Name, Field(min_length=1)]
Item = TypeVar("Item")


class Step(BaseModel):
    """One step of a workflow version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: NonemptyName
    title: NonemptyName
    type: StepType
    next: tuple[NonemptyName, ...] = Field(default=(), description="The steps that may follow.")
    required: bool = Field(default=False, description="May not be skipped (compliance).")
    returns_by_design: bool = Field(
        default=False, description="Coming back to it is meant, and so is another answer then."
    )
    customer_decides: bool = Field(
        default=False, description="The answer is the customer's, who may change it: no sign of confusion."
    )
    searches_by_design: bool = Field(
        default=False, description="Searching the knowledge base here is meant, not confusion."
    )
    help_by_design: bool = Field(
        default=False, description="Asking somebody here is meant, as for an approval: no sign of confusion."
    )
    waits_by_design: bool = Field(
        default=False, description="Waiting here is meant, as for the customer: no sign of confusion."
    )
    expected_seconds: float | None = Field(
        default=None, gt=0, description="How long an untroubled visit may take."
    )
    expected_confusion: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="The share of confused visits that is ordinary here, for desks of few steps.",
    )


MARKS = tuple(name for name, field in Step.model_fields.items() if field.annotation is bool)
"""What a definition says of a step with yes or no: that it is required, and what is by design."""


class Definition(BaseModel):
    """One workflow version; its first step is where a run starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workflow: NonemptyName
    version: NonemptyName
    title: NonemptyName
    steps: tuple[Step, ...] = Field(min_length=1)


_FILE = TypeAdapter(list[Definition])


def read_definitions(path: Path) -> list[Definition]:
    """The definitions in a JSON file, none of which contradicts itself.

    Raises:
        InvalidDefinition: unreadable, not of the expected form, or contradictory; the place is named.
    """
    try:
        definitions = _FILE.validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidDefinition("definition.not_readable", path=path, reason=os_reason(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or Message("definition.top")
        raise InvalidDefinition(
            "definition.wrong", path=path, place=place, problem=field_problem(first)
        ) from error
    if not definitions:
        raise InvalidDefinition("definition.none", path=path)
    for workflow, version in _repeated((each.workflow, each.version) for each in definitions):
        raise InvalidDefinition("definition.twice", path=path, workflow=workflow, version=version)
    for definition in definitions:
        _refuse_contradictions(definition, path)
    return definitions


def names_in(definitions: Iterable[Definition]) -> frozenset[str]:
    """The names that definitions state: of workflows, versions and steps."""
    return frozenset(
        name
        for each in definitions
        for name in (each.workflow, each.version, *(step.id for step in each.steps))
    )


def _refuse_contradictions(definition: Definition, path: Path) -> None:
    ids = [step.id for step in definition.steps]
    where = {"path": path, "workflow": definition.workflow, "version": definition.version}
    for step_id in _repeated(ids):
        raise InvalidDefinition("definition.step_twice", **where, step=step_id)
    for step in definition.steps:
        for following in step.next:
            if following not in ids:
                raise InvalidDefinition(
                    "definition.unknown_next", **where, step=step.id, next=following, steps=ids
                )
    leads_to = {step.id: step.next for step in definition.steps}
    reached, waiting = set[str](), [ids[0]]
    while waiting:
        if (step_id := waiting.pop()) not in reached:
            reached.add(step_id)
            waiting.extend(leads_to[step_id])
    if unreachable := [name for name in ids if name not in reached]:
        raise InvalidDefinition("definition.unreachable", **where, first=ids[0], steps=unreachable)


def _repeated(names: Iterable[Item]) -> list[Item]:
    return [name for name, times in Counter(names).items() if times > 1]


def as_frame(definitions: list[Definition]) -> pl.DataFrame:
    """One row per step of a workflow version, as the table `workflow_steps` holds it."""
    rows = [
        (
            definition.workflow,
            definition.version,
            definition.title,
            position,
            *(step.id, step.title, step.type.value, list(step.next)),
            *(getattr(step, name) for name in MARKS),
            *(step.expected_seconds, step.expected_confusion),
        )
        for definition in definitions
        for position, step in enumerate(definition.steps)
    ]
    return pl.DataFrame(rows, schema=_WORKFLOW_STEPS, orient="row")


_WORKFLOW_STEPS = pl.Schema(
    {
        **dict.fromkeys(("workflow", "version", "workflow_title"), pl.String()),
        "position": pl.Int32(),
        **dict.fromkeys(("step", "title", "type"), pl.String()),
        "next": pl.List(pl.String),
        **dict.fromkeys(MARKS, pl.Boolean()),
        **dict.fromkeys(("expected_seconds", "expected_confusion"), pl.Float64()),
    }
)


def store_definitions(connection: duckdb.DuckDBPyConnection, definitions: list[Definition]) -> None:
    """Put definitions into the warehouse, each in place of an older one of the same workflow version.

    Tickets that ran one of these versions become stale: what is off the path depends on the definition.
    """
    connection.register("added_steps", as_frame(definitions))
    connection.execute(
        "DELETE FROM workflow_steps WHERE (workflow, version) IN (SELECT workflow, version FROM added_steps)"
    )
    connection.execute("INSERT INTO workflow_steps BY NAME SELECT * FROM added_steps")
    connection.execute(
        "INSERT INTO stale_tickets SELECT DISTINCT ticket_id FROM events "
        "WHERE (workflow, version) IN (SELECT workflow, version FROM added_steps)"
    )
    connection.unregister("added_steps")
