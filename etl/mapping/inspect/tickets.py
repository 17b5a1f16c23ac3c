"""A table with a row per ticket: what its columns may mean, an event for each time it was given."""

from __future__ import annotations

from collections.abc import Iterator

from etl.contract.kinds import Actor, Kind
from etl.mapping.inspect.column_names import DONE_BY
from etl.mapping.inspect.guessed import Guessed
from etl.mapping.inspect.names import OCCURRED, RECORDED, moment_of
from etl.mapping.inspect.profile import Profile
from etl.mapping.inspect.ratings import Rating, rating
from etl.mapping.mapping import File, Mapping, RowEvent, Time
from etl.messages import Message

_OF_TICKET = ("customer_id", "channel", "reason", "priority", "team")
_OF_AGENT = ("agent_id", "team")
ATTRIBUTES_OF: dict[Kind, tuple[str, ...]] = {
    Kind.OPENED: _OF_TICKET,
    Kind.REPLIED: _OF_AGENT,
    Kind.ASSIGNED: _OF_AGENT,
    Kind.SOLVED: _OF_AGENT,
}
"""What each event of a ticket takes from its row, beside ticket and time."""

_MOSTLY = 0.5
_REPEATED = {Kind.ASSIGNED, Kind.SOLVED, Kind.CLOSED}
"""Of these a table may have the first and the last."""


def guess_tickets(profile: Profile, ticket: str, file: File) -> Guessed | None:
    """A mapping that takes an event from each time of a ticket; None if the table has none."""
    moments = list(_moments(profile))
    if not moments:
        return None
    taken = {ticket, *(column for _, column in moments)}
    attributes: dict[str, str] = {}
    for ours in ("customer_id", "agent_id", "team", "channel", "reason", "priority"):
        if column := profile.attribute(ours, taken | set(attributes.values())):
            attributes[ours] = column
    first = moments[0][1]
    moments = [(kind, column) for kind, column in moments if _goes_with(profile, first, column)]
    events, assumed = [], [*profile.forms[first].assumed]
    kinds = {kind for kind, _ in moments}
    for kind, column in moments:
        if kind != Kind.RATED:
            events.append(_event(profile, kind, column, ticket, attributes, kinds))
            assumed.append(Message("guess.moment", {"column": column, "kind": kind.value}))
    values: dict[str, dict[str, str]] = {}
    if score := rating(profile):
        rated = _rated(profile, score, dict(moments), ticket)
        if rated:
            events.append(rated)
            assumed.append(Message("guess.rated", {"column": score.column, "top": score.top}))
            values = {"score": score.values} if score.values else {}
    columns = {"ticket_id": ticket, "occurred_at": first}
    if recorded := _recorded(profile, first):
        columns["recorded_at"] = recorded
    missing = [kind.value for kind in (Kind.OPENED, Kind.SOLVED) if kind not in kinds]
    if missing and not (missing == ["solved"] and Kind.CLOSED in kinds):
        assumed.append(Message("guess.no_moment", {"kinds": missing}))
    because = {name: Message("guess.name", {"column": column}) for name, column in columns.items()}
    because["occurred_at"] = Message("guess.row_per_ticket")
    form = profile.forms[first]
    mapping = Mapping(
        columns=columns,
        values=values,
        time=Time(zone="UTC" if form.needs_zone else None, format=form.format),
        file=file,
        event=events,
    )
    return Guessed(mapping, because, assumed)


def _moments(profile: Profile) -> Iterator[tuple[Kind, str]]:
    """Times that tell an event; of several for one kind, the one of the surest name."""
    found: dict[Kind, list[tuple[int, str]]] = {}
    for name in profile.forms:
        if moment := moment_of(profile.names[name]):
            place, kind = moment
            found.setdefault(kind, []).append((place, name))
    if Kind.OPENED not in found:
        general = [name for name in profile.forms if profile.names[name] in OCCURRED]
        general = [name for name in general if not RECORDED.match(profile.names[name])]
        if general and profile.fill(general[0]) > _MOSTLY:
            found[Kind.OPENED] = [(0, general[0])]
    for kind in Kind:
        columns = sorted(found.get(kind, []))
        first_or_last = [
            c for c in columns if {"first", "last", "initially"} & set(profile.names[c[1]].split())
        ]
        several = first_or_last if kind in _REPEATED and len(first_or_last) > 1 else columns[:1]
        if kind == Kind.ASSIGNED:
            several = columns
        yield from ((kind, name) for _, name in several)


def _goes_with(profile: Profile, first: str, column: str) -> bool:
    """Whether a column is read by the form of the first, and mostly no earlier."""
    if profile.forms[column].format != profile.forms[first].format:
        return False
    begin, end = profile.instants(first), profile.instants(column)
    earlier = (end < begin).drop_nulls()
    return earlier.is_empty() or float(earlier.mean() or 0) < _MOSTLY  # type: ignore[arg-type]


def _event(
    profile: Profile, kind: Kind, column: str, ticket: str, attributes: dict[str, str], kinds: set[Kind]
) -> RowEvent:
    wanted = ATTRIBUTES_OF.get(kind, ())
    if kind == Kind.CLOSED and Kind.SOLVED not in kinds:
        wanted = _OF_AGENT
    own = {ours: attributes[ours] for ours in wanted if ours in attributes}
    if kind == Kind.ASSIGNED and {"first", "initially"} & set(profile.names[column].split()):
        own = {}  # the agent of now need not be the first
    if by := next(
        (
            name
            for name, text in profile.names.items()
            if (by_names := DONE_BY.get(kind)) and by_names.match(text) and profile.heights[name]
        ),
        None,
    ):
        own["agent_id"] = by
    return RowEvent(
        kind=kind,
        unless={column: profile.empty_texts(column)},
        columns={"ticket_id": ticket, "occurred_at": column, **own},
        constants={"actor": Actor.AGENT.value} if kind == Kind.REPLIED else {},
    )


def _rated(profile: Profile, score: Rating, moments: dict[Kind, str], ticket: str) -> RowEvent | None:
    """A rating stands at its own time, else at the solve that it is about."""
    column = next((moments[kind] for kind in (Kind.RATED, Kind.SOLVED, Kind.CLOSED) if kind in moments), None)
    if column is None:
        return None
    unless = {column: profile.empty_texts(column)}
    if not score.values:
        unless[score.column] = profile.empty_texts(score.column)
    columns = {"ticket_id": ticket, "occurred_at": column, "score": score.column}
    if score.top_column:
        columns["scale_max"] = score.top_column
    return RowEvent(
        kind=Kind.RATED,
        when={score.column: list(score.values)} if score.values else {},
        unless=unless,
        columns=columns,
        constants={} if score.top_column else {"scale_max": str(score.top)},
    )


def _recorded(profile: Profile, first: str) -> str | None:
    """When rows were last changed, if each says it in the form of the other times."""
    form = profile.forms[first]
    for name, other in profile.forms.items():
        is_alike = (other.format, other.needs_zone) == (form.format, form.needs_zone)
        if RECORDED.match(profile.names[name]) and name != first and is_alike and other.fits == 1:
            return name
    return None
