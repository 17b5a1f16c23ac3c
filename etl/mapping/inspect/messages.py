"""A table with a row per message of a ticket, or per rating of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.contract.kinds import Actor, Kind
from etl.mapping.inspect.activities import by_name
from etl.mapping.inspect.authors import MESSAGE, TRUE, is_message, sides_of
from etl.mapping.inspect.column_names import PRIVATE, PUBLIC, ROW_IDS
from etl.mapping.inspect.logs import opened_column, opened_event, recorded_at
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.names import words
from etl.mapping.inspect.profile import Profile
from etl.mapping.inspect.ratings import rating
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File
from etl.messages import Message

_TYPE = re.compile(r"^(?:(?:conversation|message|part|comment|event|entry) )*(?:type|kind)$")
_AUTHOR = re.compile(r"^(?:(?:message|comment|part) )?(?:author|sender|user|from)(?: user)? id$")
_OPENED_AGAIN = re.compile(r"^(?:re ?)?open(?:ed)?$")


def guess_messages(profile: Profile, ticket: str, at: str, file: File) -> MappingGuess | None:
    """A reply per row, where a column says who wrote it; None if none does."""
    sides = sides_of(profile)
    if sides is None:
        return None
    columns = _columns(profile, ticket, at)
    kind_of_row = _type_column(profile)
    own = {ours: theirs for ours, theirs in columns.items() if ours not in {"recorded_at", "agent_id"}}
    when, unless = _publicity(profile)
    if kind_of_row:
        texts = profile.texts(kind_of_row)
        replies = [text for text in texts if is_message(text)]
        when = {**when, kind_of_row: replies}
    author = next((name for name, text in profile.names.items() if _AUTHOR.match(text)), None)
    events, values = [], dict[str, dict[str, str]]()
    own.pop("customer_id", None)
    if author:
        for actor, said_by in sides.texts.items():
            more = {"agent_id": author} if actor == Actor.AGENT else {}
            events.append(
                RowEvent(
                    kind=Kind.REPLIED,
                    when={**when, sides.column: said_by},
                    unless=unless,
                    columns={**own, **more},
                    constants={"actor": actor},
                )
            )
    else:
        by_text = {text: actor for actor, texts in sides.texts.items() for text in texts if text != actor}
        values = {"actor": by_text} if by_text else {}
        columns_of_reply = {**own, "actor": sides.column}
        events.append(RowEvent(kind=Kind.REPLIED, when=when, unless=unless, columns=columns_of_reply))
    assumed = [*profile.forms[at].assumed, Message("guess.messages", {"column": sides.column})]
    if kind_of_row:
        events += _others(profile, kind_of_row, own)
    if opened := opened_column(profile, ticket, at):
        events.append(opened_event(profile, ticket, opened, {}))
        assumed.append(Message("guess.moment", {"column": opened, "kind": Kind.OPENED.value}))
    columns = {ours: columns[ours] for ours in ("ticket_id", "occurred_at", "recorded_at") if ours in columns}
    mapping = Mapping(columns=columns, values=values, file=file, event=events)
    return MappingGuess(mapping, _because(columns), assumed)


def guess_ratings(profile: Profile, ticket: str, at: str, file: File) -> MappingGuess | None:
    """A rating per row; None if no column says how good it is."""
    score = rating(profile)
    if score is None:
        return None
    columns = {**_columns(profile, ticket, at), "score": score.column}
    if score.top_column:
        columns["scale_max"] = score.top_column
    mapping = Mapping(
        columns=columns,
        constants={} if score.top_column else {"scale_max": str(score.top)},
        values={"score": score.values} if score.values else {},
        file=file,
        event=[RowEvent(kind=Kind.RATED, when={score.column: list(score.values)} if score.values else {})],
    )
    assumed = [
        *profile.forms[at].assumed,
        Message("guess.rated", {"column": score.column, "top": score.top}),
    ]
    return MappingGuess(mapping, _because(columns), assumed)


def is_of_messages(profile: Profile) -> bool:
    """Whether rows are messages, though nothing says whose: their texts are public or not."""
    return any(PRIVATE.match(text) or PUBLIC.match(text) for text in profile.names.values())


def _type_column(profile: Profile) -> str | None:
    """The column that tells messages from notes and from what else is done."""
    for name, text in profile.names.items():
        if _TYPE.match(text) and any(MESSAGE.search(words(each)) for each in profile.texts(name)):
            return name
    return None


def _others(profile: Profile, kind_of_row: str, own: dict[str, str]) -> Iterator[RowEvent]:
    """What rows tell that are no messages: an assignment, a closing."""
    by_kind: dict[Kind, list[str]] = {}
    for text in profile.texts(kind_of_row):
        kinds = {Kind.REOPENED} if _OPENED_AGAIN.match(words(text)) else by_name(text)
        for kind in sorted(kinds - {Kind.RUN_FINISHED}):
            by_kind.setdefault(kind, []).append(text)
    for kind, texts in by_kind.items():
        columns = {ours: theirs for ours, theirs in own.items() if ours != "customer_id"}
        yield RowEvent(kind=kind, when={kind_of_row: texts}, columns=columns)


def _columns(profile: Profile, ticket: str, at: str) -> dict[str, str]:
    columns = {"ticket_id": ticket, "occurred_at": at}
    row_ids = {
        profile.names[name]: name
        for name in profile.names
        if name not in {ticket, *profile.forms} and profile.distinct[name] == profile.rows.height
    }
    if row_id := next((row_ids[text] for text in ROW_IDS if text in row_ids), None):
        columns["event_id"] = row_id
    if recorded := recorded_at(profile, at):
        columns["recorded_at"] = recorded
    for ours in ("customer_id", "agent_id", "team", "channel"):
        if column := profile.attribute(ours, set(columns.values())):
            columns[ours] = column
    return columns


def _publicity(profile: Profile) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Which rows are public, by a column that says so."""
    for name, text in profile.names.items():
        yes = [each for each in profile.texts(name) if each.lower() in TRUE]
        if PUBLIC.match(text) and yes:
            return {name: yes}, {}
        if PRIVATE.match(text) and yes:
            return {}, {name: yes}
    return {}, {}


def _because(columns: dict[str, str]) -> dict[str, Message]:
    return {ours: Message("guess.name", {"column": theirs}) for ours, theirs in columns.items()}
