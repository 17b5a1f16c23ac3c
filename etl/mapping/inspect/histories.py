"""A history of fields: a row for each change, with the name of the field and its new value."""

from __future__ import annotations

import re

import polars as pl

from etl.contract.kinds import Kind
from etl.mapping.inspect.activities import meanings
from etl.mapping.inspect.logs import ONE_RUN, workflow_constants
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.names import names, words
from etl.mapping.inspect.profile import Profile
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File
from etl.messages import Message

_FIELD = re.compile(r"^(?:changed )?(?:field|field ?name|field id|attribute|attribute name|property)$")
_NEW = re.compile(r"^(?:new ?value|value|to|to string|to value|new|after|new string)$")
_STATUS = frozenset(names("status, state, incident state, ticket status, issue status, case status"))
_ASSIGNED = re.compile(r"^(?:assignee|assigned|assigned to|assignment group|group|team|owner|agent)(?: id)?$")
# ServiceNow writes the states of its incidents as numbers.
_SERVICENOW = re.compile(r"^(?:sys |documentkey$)")
_SERVICENOW_STATES = {"6": [Kind.SOLVED], "7": [Kind.CLOSED, Kind.RUN_FINISHED]}


def guess_history(profile: Profile, ticket: str, at: str, file: File, source: str) -> MappingGuess | None:
    """A step per state of a ticket, and what the states tell; None for a table of another kind."""
    field = next((name for name, text in profile.names.items() if _FIELD.match(text)), None)
    value = next((name for name, text in profile.names.items() if _NEW.match(text)), None)
    if field is None or value is None:
        return None
    fields = profile.texts(field)
    status = [text for text in fields if words(text) in _STATUS]
    if not status:
        return None
    rows = profile.rows.with_columns(at=profile.instants(at)).with_row_index("place")
    changes = rows.filter(pl.col(field).cast(pl.String).is_in(status)).sort("at", "place")
    log = changes.select(ticket=pl.col(ticket).cast(pl.String), activity=pl.col(value).cast(pl.String))
    is_servicenow = any(_SERVICENOW.match(text) for text in profile.names.values())
    means = meanings(log.drop_nulls(), overrides=_SERVICENOW_STATES if is_servicenow else {})
    columns = {"ticket_id": ticket, "occurred_at": at}
    step = {**columns, "step": value}
    events = [RowEvent(kind=Kind.ENTERED, when={field: status}, unless={value: [""]}, columns=step)]
    for kind in Kind:
        if texts := means.activities_of(kind):
            own = step if kind == Kind.RUN_FINISHED else columns
            events.append(RowEvent(kind=kind, when={field: status, value: texts}, columns=own))
    if assigned := [text for text in fields if _ASSIGNED.match(words(text))]:
        events.append(RowEvent(kind=Kind.ASSIGNED, when={field: assigned}, columns=columns))
    constants, of_workflow = workflow_constants(columns, source)
    form = profile.forms[at]
    mapping = Mapping(
        columns=columns,
        constants=constants,
        file=file,
        event=events,
    )
    because = {ours: Message("guess.name", {"column": theirs}) for ours, theirs in columns.items()}
    history = Message("guess.history", {"field": field, "value": value})
    return MappingGuess(mapping, because, [*form.assumed, history, ONE_RUN, *means.assumed, *of_workflow])
