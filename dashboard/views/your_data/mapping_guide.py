"""A mapping put together from a few questions: which column is which, and what the activities mean."""

from __future__ import annotations

from collections.abc import Mapping as Members
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from etl.contract.events import COLUMNS
from etl.contract.kinds import Kind
from etl.errors import InvalidMapping
from etl.mapping.inspect import Inspection
from etl.mapping.inspect.tickets import ATTRIBUTES_OF
from etl.mapping.mapping import Mapping
from etl.messages import field_problem

NEEDED = ("ticket_id", "occurred_at", "kind")
USEFUL = ("customer_id", "agent_id", "team", "channel", "reason", "priority")
OF_STEPS = ("run_id", "workflow", "version", "step", "value")
OTHERS = ("actor", "score", "scale_max", "event_id", "seq", "hits", "recorded_at")
COLUMNS_TO_MAP = (*NEEDED, *USEFUL, *OF_STEPS, *OTHERS)
MOST_ACTIVITIES = 40
_OF_ROWS = frozenset({"ticket_id", "occurred_at", "recorded_at"})


@dataclass(frozen=True)
class Choices:
    """What a reader said; columns by their contract name, None for "not in the file"."""

    columns: Members[str, str | None]
    activity: str | None = None
    activities: Members[str, Sequence[Kind]] = field(default_factory=dict)
    zone: str | None = None
    form: str | None = None


def guessed(inspection: Inspection) -> Choices:
    """What the guess would answer."""
    mapping = inspection.mapping
    theirs = {column.name for column in inspection.columns}
    return Choices(
        columns=_guessed_columns(mapping, theirs),
        activity=mapping.activity,
        activities=mapping.activities,
        zone=mapping.time.zone,
        form=mapping.time.format,
    )


def _guessed_columns(mapping: Mapping, theirs: Set[str]) -> dict[str, str | None]:
    """The column of each question: of the rows, or else of the first event that has one of its own."""
    columns: dict[str, Any] = {}
    for event in reversed(mapping.event):
        columns |= event.columns or {}
    columns |= {name: name for name in theirs - mapping.constants.keys()} if mapping.takes_columns else {}
    columns |= {**mapping.columns}
    return {name: value if isinstance(value := columns.get(name), str) else None for name in COLUMNS_TO_MAP}


def mapped(guess: Mapping, choices: Choices, theirs: Sequence[str]) -> Mapping:
    """The guess with the reader's answers in its place; what was not asked stays as it was.

    Raises:
        InvalidMapping: the answers contradict the contract, such as a time zone that is none.
    """
    new = guess.model_dump(mode="json")
    before = _guessed_columns(guess, set(theirs))
    columns = {name: column for name, column in guess.columns.items() if name not in COLUMNS_TO_MAP}
    # A column that has the contract's name already needs no line.
    columns |= {name: column for name, column in choices.columns.items() if column and column != name}
    made_of = {name: value for name, value in new["columns"].items() if not isinstance(value, str)}
    new["columns"] = made_of | {
        name: column for name, column in columns.items() if name in COLUMNS and column in theirs
    }
    if new["event"] and not choices.activity and all(event["columns"] for event in new["event"]):
        # No event takes the others.
        new["columns"] = {name: value for name, value in new["columns"].items() if name in _OF_ROWS}
    new["constants"] = {
        name: value for name, value in guess.constants.items() if not choices.columns.get(name)
    }
    new["event"] = [
        event | {"columns": _answered(event["kind"], event["columns"], before, choices)}
        if event["columns"]
        else event
        for event in new["event"]
    ]
    new["activity"] = choices.activity
    if choices.activity:
        new["columns"].pop("kind", None)
        activities = {
            name: [str(kind) for kind in kinds]
            for name, kinds in choices.activities.items()
            if kinds or guess.activities.get(name) == []  # which the guess takes for nothing
        }
        new["activities"] = activities or {"*": [Kind.ENTERED.value]}
    else:
        new["activities"] = {}
    new["time"] = {"zone": choices.zone or None, "format": choices.form or None}
    try:
        return Mapping.model_validate(new)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidMapping("mapping.answers", place=place, problem=field_problem(first)) from error


def _answered(
    kind: str, columns: Members[str, Any], first: Members[str, str | None], choices: Choices
) -> dict[str, Any]:
    """The columns of an event that a row of a table of tickets tells; each has a time of its own.

    What the reader changed is changed where the event had the same, and added to the events that it says
    something of. No question is about times of events, nor about what is made of several columns.
    """
    changed = {name: column for name, column in choices.columns.items() if column != first.get(name)}
    answers = dict(columns)
    for name, column in changed.items():
        is_same = name in columns and columns[name] == first.get(name)
        is_new = name not in columns and name in ATTRIBUTES_OF.get(Kind(kind), ())
        if name != "occurred_at" and (is_same or is_new):
            answers[name] = column
    return {name: column for name, column in answers.items() if column}
