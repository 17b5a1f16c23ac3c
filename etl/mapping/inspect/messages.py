"""A table with a row per message of a ticket, or per rating of one."""

from __future__ import annotations

from etl.contract.kinds import Actor, Kind
from etl.mapping.inspect.column_names import PRIVATE, PUBLIC, ROLES, ROW_IDS
from etl.mapping.inspect.guessed import Guessed
from etl.mapping.inspect.logs import opened_column, opened_event, recorded_at
from etl.mapping.inspect.names import words
from etl.mapping.inspect.profile import Profile
from etl.mapping.inspect.ratings import rating
from etl.mapping.mapping import File, Mapping, RowEvent, Time
from etl.messages import Message

_ROLES = {
    Actor.AGENT: {
        "agent",
        "admin",
        "staff",
        "support",
        "operator",
        "teammate",
        "employee",
        "outbound",
        "out",
        "outgoing",
    },
    Actor.CUSTOMER: {
        "customer",
        "user",
        "end user",
        "requester",
        "client",
        "contact",
        "lead",
        "visitor",
        "inbound",
        "in",
        "incoming",
    },
    Actor.BOT: {"bot", "ai", "assistant", "virtual agent"},
    Actor.SYSTEM: {"system", "automation", "trigger"},
}
_TRUE = {"true", "yes", "1", "t", "y"}


def actor_words(texts: list[str]) -> dict[str, str]:
    """The words of a column for who did something, and ours."""
    return {text: actor.value for text in texts for actor, known in _ROLES.items() if words(text) in known}


def guess_messages(profile: Profile, ticket: str, at: str, file: File) -> Guessed | None:
    """A reply per row, where a column says who wrote it; None if none does."""
    role = next(
        (
            name
            for name, text in profile.names.items()
            if ROLES.match(text) and (texts := profile.texts(name)) and len(actor_words(texts)) == len(texts)
        ),
        None,
    )
    if role is None:
        return None
    columns = _columns(profile, ticket, at)
    actors = {text: ours for text, ours in actor_words(profile.texts(role)).items() if text != ours}
    when, unless = _publicity(profile)
    events = [
        RowEvent(
            kind=Kind.REPLIED,
            when=when,
            unless=unless,
            columns={**{k: v for k, v in columns.items() if k != "recorded_at"}, "actor": role},
        )
    ]
    assumed = [*profile.forms[at].assumed, Message("guess.messages", {"column": role})]
    if opened := opened_column(profile, ticket, at):
        events.append(opened_event(profile, ticket, opened, columns))
        assumed.append(Message("guess.moment", {"column": opened, "kind": Kind.OPENED.value}))
    mapping = Mapping(
        columns=columns,
        values={"actor": actors} if actors else {},
        time=_time(profile, at),
        file=file,
        event=events,
    )
    return Guessed(
        mapping, {ours: Message("guess.name", {"column": c}) for ours, c in columns.items()}, assumed
    )


def guess_ratings(profile: Profile, ticket: str, at: str, file: File) -> Guessed | None:
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
        time=_time(profile, at),
        file=file,
        event=[RowEvent(kind=Kind.RATED, when={score.column: list(score.values)} if score.values else {})],
    )
    assumed = [*profile.forms[at].assumed, Message("guess.rated", {"column": score.column, "top": score.top})]
    return Guessed(
        mapping, {ours: Message("guess.name", {"column": c}) for ours, c in columns.items()}, assumed
    )


def _columns(profile: Profile, ticket: str, at: str) -> dict[str, str]:
    columns = {"ticket_id": ticket, "occurred_at": at}
    row_ids = {
        profile.names[name]: name
        for name in profile.names
        if name not in {ticket, *profile.forms} and profile.distinct[name] == profile.rows.height
    }
    if found := next((row_ids[text] for text in ROW_IDS if text in row_ids), None):
        columns["event_id"] = found
    if recorded := recorded_at(profile, at):
        columns["recorded_at"] = recorded
    for ours in ("customer_id", "agent_id", "team", "channel"):
        if column := profile.attribute(ours, set(columns.values())):
            columns[ours] = column
    return columns


def _publicity(profile: Profile) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Which rows are public, by a column that says so."""
    for name, text in profile.names.items():
        yes = [each for each in profile.texts(name) if each.lower() in _TRUE]
        if PUBLIC.match(text) and yes:
            return {name: yes}, {}
        if PRIVATE.match(text) and yes:
            return {}, {name: yes}
    return {}, {}


def _time(profile: Profile, at: str) -> Time:
    form = profile.forms[at]
    return Time(zone="UTC" if form.needs_zone else None, format=form.format)
