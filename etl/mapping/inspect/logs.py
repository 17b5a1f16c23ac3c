"""A table with a row per event: what its columns and activities may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from etl.contract.kinds import STEP_KINDS, Actor, Kind
from etl.mapping.fit import RUN_COLUMNS
from etl.mapping.inspect.activities import Meanings, meanings
from etl.mapping.inspect.authors import is_message, sides_of
from etl.mapping.inspect.column_names import ROW_IDS, TRANSITIONS
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.names import ENDS, OCCURRED, OF_ROW, RECORDED, STARTS, moment_of
from etl.mapping.inspect.partial_steps import PartialSteps, partial_steps
from etl.mapping.inspect.profile import Profile
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File
from etl.messages import Message
from etl.sources.table import PLACE

ONE_RUN = Message("guess.one_run")
_MOST_ACTIVITIES = 300
_NEARLY_ALL, _MOSTLY = 0.9, 0.5
_LOG_COLUMNS = (
    *("customer_id", "agent_id", "team", "channel", "reason", "priority"),
    *("run_id", "workflow", "version", "step", "seq"),
)


@dataclass(frozen=True)
class Log:
    """A log under guess: its ticket's column, the one that names what was done, and when it happened."""

    profile: Profile
    ticket: str
    activity: str
    at: str


def occurred_at(profile: Profile, ticket: str) -> str | None:
    """When the event of a row happened: a time of nearly every row that changes within a ticket."""
    filled = [name for name in profile.forms if profile.fill(name) >= _NEARLY_ALL]
    filled = filled or [name for name in profile.forms if profile.fill(name) >= _MOSTLY]
    moving = [name for name in filled if not _is_one_per(profile, ticket, name)]
    moving = moving or filled
    by_name = {OF_ROW.sub("", profile.names[name]): name for name in reversed(moving)}
    by_name |= {profile.names[name]: name for name in reversed(moving)}
    surest = next((by_name[text] for text in OCCURRED if text in by_name), None)
    others = [name for name in moving if not RECORDED.match(profile.names[name])]
    return surest or next(iter([*others, *moving]), None)


def guess_log(log: Log, file: File, source: str) -> MappingGuess:
    """A mapping by which each activity is a step, and some of them tell what became of the ticket."""
    profile, log = log.profile, _at_its_end(log)
    taken, columns = {log.ticket, log.activity, log.at}, {"ticket_id": log.ticket, "occurred_at": log.at}
    for ours in _LOG_COLUMNS:
        if column := profile.attribute(ours, taken | set(columns.values())):
            columns[ours] = column
    if row_id := _row_id(profile, log.ticket):
        columns["event_id"] = row_id
    if recorded := recorded_at(profile, log.at):
        columns["recorded_at"] = recorded
    opened = opened_column(profile, log.ticket, log.at)
    steps = partial_steps(profile, log.activity)
    of_tickets = _in_order(log)
    if steps:
        columns |= steps.columns
        of_tickets = of_tickets.filter(~pl.col("activity").is_in(list(steps.activities)))
    means = meanings(of_tickets, opens=opened is None, has_places=True)
    form = profile.forms[log.at]
    because = {ours: Message("guess.name", {"column": theirs}) for ours, theirs in columns.items()}
    because["activity"] = Message("guess.activity", {"column": log.activity})
    constants, of_workflow = workflow_constants(columns, source)
    events, assumed = [], [*form.assumed, *([] if steps else [ONE_RUN]), *means.assumed]
    if opened:
        events.append(opened_event(profile, log.ticket, opened, columns))
        assumed.append(Message("guess.moment", {"column": opened, "kind": Kind.OPENED.value}))
    written = Mapping(constants=constants, file=file)
    changes: dict[str, object] = {"columns": columns}
    if steps:
        changes |= {"activity": log.activity, "activities": _activities_of_some_steps(steps, means)}
        by_place = _by_place(log, means)
        events += [RowEvent(kind=kind, when=when) for kind, when in by_place if kind not in STEP_KINDS]
        assumed.append(Message("guess.partial_steps", {"column": steps.columns["step"]}))
    elif start := _start(profile, log):
        events += _spans(log, columns, start, means)
        changes["columns"] = {
            ours: theirs for ours, theirs in columns.items() if ours in {"ticket_id", "recorded_at"}
        } | {"occurred_at": start}
        assumed.append(Message("guess.start_and_end", {"start": start, "end": log.at}))
        because.pop("activity")
    elif transition := _transition(profile):
        events += _transitions(log, transition, means)
        changes["columns"] = {**columns, "step": log.activity}
        because.pop("activity")
    else:
        changes |= {"activity": log.activity, "activities": _activities(means)}
        events += [RowEvent(kind=kind, when=when) for kind, when in _by_place(log, means)]
    events += [_reply(columns, actor, {log.activity: names}) for actor, names in means.replies.items()]
    events += [_reply(columns, actor, when) for actor, when in _written_by(log, means)]
    mapping = written.model_copy(update={**changes, "event": events})
    return MappingGuess(mapping, because, [*assumed, *of_workflow])


def workflow_constants(columns: dict[str, str], source: str) -> tuple[dict[str, str], list[Message]]:
    """The name of the workflow, if the table does not say, and the assumption in it."""
    name = re.sub(r"\..*$", "", source) or "workflow"
    constants = {key: value for key, value in (("workflow", name), ("version", "1")) if key not in columns}
    return constants, [Message("guess.workflow", {"name": name})] if "workflow" in constants else []


def opened_column(profile: Profile, ticket: str, at: str) -> str | None:
    """A time of the opening that every row of a ticket repeats."""
    openings = sorted(
        (moment[0], name)
        for name in profile.forms
        if (moment := moment_of(profile.names[name])) and moment[1] == Kind.OPENED and name != at
    )
    for _, name in openings:
        if profile.fill(name) >= _NEARLY_ALL and _is_one_per(profile, ticket, name):
            return name
    return None


def opened_event(profile: Profile, ticket: str, opened: str, columns: dict[str, str]) -> RowEvent:
    """The opening, from the columns that say it on every row."""
    of_ticket = {ours: columns[ours] for ours in ("customer_id",) if ours in columns}
    return RowEvent(
        kind=Kind.OPENED,
        unless=profile.unless(opened),
        columns={"ticket_id": ticket, "occurred_at": opened, **of_ticket},
    )


def recorded_at(profile: Profile, at: str) -> str | None:
    """When rows were last changed, if each says it."""
    for name, form in profile.forms.items():
        if RECORDED.match(profile.names[name]) and name != at and form.fits == 1:
            return name
    return None


def _is_one_per(profile: Profile, ticket: str, name: str) -> bool:
    """Whether the rows of a ticket agree in a column, in a table where tickets have several."""
    pairs = profile.rows.select(t=pl.col(ticket), v=pl.col(name)).drop_nulls().unique()
    tickets = pairs["t"].n_unique()
    return profile.rows.height > tickets and pairs.height <= tickets * 1.02


def _row_id(profile: Profile, ticket: str) -> str | None:
    for wanted in ROW_IDS:
        for name, text in profile.names.items():
            is_unique = profile.distinct[name] == profile.rows.height
            if text == wanted and name != ticket and name not in profile.forms and is_unique:
                return name
    return None


def _in_order(log: Log) -> pl.DataFrame:
    rows = log.profile.rows
    frame = pl.DataFrame(
        {
            "ticket": rows[log.ticket].cast(pl.String),
            "activity": rows[log.activity].cast(pl.String),
            "at": log.profile.instants(log.at),
        }
    )
    return frame.with_row_index("place").drop_nulls().sort("at", "place")


def _activities(means: Meanings) -> dict[str, list[Kind]]:
    others = {name: [kind for kind in kinds if kind != Kind.OPENED] for name, kinds in means.kinds.items()}
    listed: dict[str, list[Kind]] = {name: [Kind.ENTERED, *kinds] for name, kinds in others.items() if kinds}
    return {**listed, "*": [Kind.ENTERED]}


def _by_place(log: Log, means: Meanings) -> Iterator[tuple[Kind, dict[str, list[str]]]]:
    """What the first and the last row of a ticket tell, and on which condition."""
    first, last = {PLACE: ["first", "only"]}, {PLACE: ["last", "only"]}
    openers = means.activities_of(Kind.OPENED)
    if openers:
        yield Kind.OPENED, first if means.opens_first else {**first, log.activity: openers}
    if means.ends_last:
        yield Kind.CLOSED, last
        yield Kind.RUN_FINISHED, last


def _by_name(log: Log, means: Meanings) -> Iterator[tuple[Kind, dict[str, list[str]]]]:
    """What activities tell by their names, wherever they stand."""
    for kind in Kind:
        if kind != Kind.OPENED and (names := means.activities_of(kind)):
            yield kind, {log.activity: names}


def _at_its_end(log: Log) -> Log:
    """The log with the end of its rows as when they happened, where that seemed to be their start."""
    names = log.profile.names
    ends = [name for name in log.profile.forms if STARTS.match(names[log.at]) and ENDS.match(names[name])]
    end = next((name for name in ends if _is_span(log, log.at, name)), log.at)
    return replace(log, at=end)


def _start(profile: Profile, log: Log) -> str | None:
    """The column of the start, where the other time of a row is its end."""
    if not ENDS.match(profile.names[log.at]):
        return None
    starts = [name for name in profile.forms if STARTS.match(profile.names[name]) and name != log.at]
    return next((name for name in starts if _is_span(log, name, log.at)), None)


def _is_span(log: Log, start: str, end: str) -> bool:
    """Whether rows go from one time to another: none backwards, and not all of a ticket alike."""
    later = (log.profile.instants(start) <= log.profile.instants(end)).drop_nulls()
    is_of_row = not any(_is_one_per(log.profile, log.ticket, name) for name in (start, end))
    return is_of_row and len(later) > 0 and bool(later.all())


def _spans(log: Log, columns: dict[str, str], start: str, means: Meanings) -> list[RowEvent]:
    """A step entered at the start of its row and answered at the end, and what the activities tell."""
    shared = {
        ours: theirs for ours, theirs in columns.items() if ours not in {"recorded_at", "event_id", "seq"}
    }
    of_ticket = {ours: theirs for ours, theirs in shared.items() if ours not in RUN_COLUMNS}
    shared["step"] = log.activity
    conditions: list[tuple[Kind, dict[str, list[str]]]] = [(Kind.ENTERED, {}), (Kind.ANSWERED, {})]
    events = []
    for kind, when in (*conditions, *_by_place(log, means), *_by_name(log, means)):
        at = start if kind in (Kind.ENTERED, Kind.OPENED) else log.at
        own = shared if kind in STEP_KINDS else of_ticket
        events.append(
            RowEvent(kind=kind, when=when, unless=log.profile.unless(at), columns={**own, "occurred_at": at})
        )
    return events


def _transition(profile: Profile) -> str | None:
    """The column that tells starts from completions, if rows are of both."""
    for name, text in profile.names.items():
        if text in TRANSITIONS and {"start", "complete"} <= {each.lower() for each in profile.texts(name)}:
            return name
    return None


def _transitions(log: Log, transition: str, means: Meanings) -> list[RowEvent]:
    texts = log.profile.texts(transition)
    starts = [text for text in texts if text.lower() == "start"]
    ends = [text for text in texts if text.lower() == "complete"]
    events = [
        RowEvent(kind=Kind.ENTERED, when={transition: starts}),
        RowEvent(kind=Kind.ANSWERED, when={transition: ends}),
    ]
    events += [RowEvent(kind=kind, when=when) for kind, when in _by_place(log, means)]
    events += [RowEvent(kind=kind, when={transition: ends, **when}) for kind, when in _by_name(log, means)]
    return events


def _activities_of_some_steps(steps: PartialSteps, means: Meanings) -> dict[str, list[Kind]]:
    """What the activities with a step tell of runs, and the others of tickets."""
    of_tickets: dict[str, list[Kind]] = {
        name: [kind for kind in kinds if kind != Kind.OPENED and kind not in STEP_KINDS]
        for name, kinds in means.kinds.items()
    }
    of_runs = {name: [kind] for kind, names in steps.kinds.items() for name in names}
    return {**of_runs, **{name: kinds for name, kinds in of_tickets.items() if kinds}, "*": []}


def _written_by(log: Log, means: Meanings) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The messages of each side, where a column says of all whose they are, and their names do not."""
    sides, column = sides_of(log.profile), log.profile.rows[log.activity].cast(pl.String)
    by_name = {name for names in means.replies.values() for name in names} | means.kinds.keys()
    messages = [name for name in log.profile.texts(log.activity) if is_message(name) and name not in by_name]
    if sides is None or not messages:
        return
    if log.profile.rows[sides.column].filter(column.is_in(messages)).null_count():
        return
    for actor, texts in sides.texts.items():
        yield actor, {log.activity: messages, sides.column: texts}


def _reply(columns: dict[str, str], actor: str, when: dict[str, list[str]]) -> RowEvent:
    wanted = ["ticket_id", "occurred_at", *(["agent_id", "team"] if actor == Actor.AGENT else [])]
    own: dict[str, str] = {ours: columns[ours] for ours in wanted if ours in columns}
    return RowEvent(kind=Kind.REPLIED, when=when, columns=own, constants={"actor": actor})
