"""A table with a row per ticket: what its columns may mean, an event for each time it was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from etl.contract.kinds import Actor, Kind
from etl.mapping.inspect.column_names import DONE_BY
from etl.mapping.inspect.logs import recorded_at
from etl.mapping.inspect.mapping_guess import MappingGuess
from etl.mapping.inspect.names import OCCURRED, RECORDED, moment_of
from etl.mapping.inspect.profile import Profile
from etl.mapping.inspect.ratings import Rating, rating
from etl.mapping.inspect.time_values import Duration, duration_of
from etl.mapping.mapping import Mapping, RowEvent
from etl.mapping.sections import File
from etl.mapping.value_from import ColumnValue
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


def guess_tickets(profile: Profile, ticket: str, file: File) -> MappingGuess | None:
    """A mapping that takes an event from each time of a ticket; None if the table has none."""
    moments = list(_moments(profile))
    if not moments:
        return None
    first = moments[0][1]
    moments = [(kind, column) for kind, column in moments if _goes_with(profile, first, column)]
    table = _Tickets(profile, ticket, moments)
    events = [table.event(kind, column) for kind, column in moments if kind != Kind.RATED]
    spans = list(table.durations())
    events += [table.event_after(first, kind, span) for kind, span in spans]
    columns: dict[str, ColumnValue] = {"ticket_id": ticket, "occurred_at": first}
    because = {"ticket_id": Message("guess.name", {"column": ticket})}
    because["occurred_at"] = Message("guess.row_per_ticket")
    if recorded := recorded_at(profile, first):
        columns["recorded_at"] = recorded
        because["recorded_at"] = Message("guess.name", {"column": recorded})
    assumed = [*_of_forms(profile, [column for _, column in moments])]
    assumed += [
        Message("guess.moment", {"column": column, "kind": kind.value})
        for kind, column in moments
        if kind != Kind.RATED
    ]
    assumed += [
        Message("guess.duration", {"column": span.column, "kind": kind.value, "unit": span.unit})
        for kind, span in spans
    ]
    score, values = rating(profile), dict[str, dict[str, str]]()
    if score and (rated := table.rated(score)):
        events.append(rated)
        assumed.append(_rating_message(score, table))
        values = {"score": score.values} if score.values else {}
    kinds = table.kinds | {kind for kind, _ in spans}
    missing = [kind.value for kind in (Kind.OPENED, Kind.SOLVED) if kind not in kinds]
    if missing and not (missing == ["solved"] and Kind.CLOSED in kinds):
        assumed.append(Message("guess.no_moment", {"kinds": missing}))
    return MappingGuess(Mapping(columns=columns, values=values, file=file, event=events), because, assumed)


def _rating_message(score: Rating, table: _Tickets) -> Message:
    """What is taken for a rating, and when it was given where no column says that."""
    values = {"column": score.column, "top": score.top}
    if Kind.RATED in table.kinds:
        return Message("guess.rated", values)
    return Message("guess.rated_at", {**values, "moment": table.rated_at})


@dataclass(frozen=True)
class _Tickets:
    """A table of tickets under guess, its ticket's column and its moments."""

    profile: Profile
    ticket: str
    moments: list[tuple[Kind, str]]

    @cached_property
    def kinds(self) -> set[Kind]:
        """What its times tell."""
        return {kind for kind, _ in self.moments}

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Columns that say something of a ticket, by their contract name."""
        attributes: dict[str, str] = {}
        for ours in ("customer_id", "agent_id", "team", "channel", "reason", "priority"):
            if column := self.profile.attribute(ours, {self.ticket, *attributes.values()}):
                attributes[ours] = column
        return attributes

    def event(self, kind: Kind, column: str) -> RowEvent:
        """The event that happened at a time of the row."""
        return self._event(kind, column, column, self.profile.unless(column))

    def event_after(self, opened: str, kind: Kind, span: Duration) -> RowEvent:
        """The event that happened so long after the opening."""
        unless = {**self.profile.unless(opened), span.column: self.profile.empty_texts(span.column)}
        return self._event(kind, span.column, span.after(opened), unless)

    def durations(self) -> Iterator[tuple[Kind, Duration]]:
        """What a duration tells of which the table has no time."""
        for kind in (Kind.REPLIED, Kind.SOLVED):
            is_open = Kind.OPENED in self.kinds and kind not in self.kinds
            if is_open and (span := duration_of(self.profile, kind)):
                yield kind, span

    @property
    def rated_at(self) -> str | None:
        """The column that says when a rating was given, or else when the ticket was solved or closed."""
        moments = dict(self.moments)
        times = (moments.get(kind) for kind in (Kind.RATED, Kind.SOLVED, Kind.CLOSED))
        return next(filter(None, times), None)

    def rated(self, score: Rating) -> RowEvent | None:
        """A rating stands at its own time, else at the solve that it is about."""
        column = self.rated_at
        if column is None:
            return None
        unless = self.profile.unless(column)
        if not score.values:
            unless[score.column] = self.profile.empty_texts(score.column)
        columns = {"ticket_id": self.ticket, "occurred_at": column, "score": score.column}
        if score.top_column:
            columns["scale_max"] = score.top_column
        return RowEvent(
            kind=Kind.RATED,
            when={score.column: list(score.values)} if score.values else {},
            unless=unless,
            columns=columns,
            constants={} if score.top_column else {"scale_max": str(score.top)},
        )

    def _event(self, kind: Kind, column: str, at: ColumnValue, unless: dict[str, list[str]]) -> RowEvent:
        wanted = ATTRIBUTES_OF.get(kind, ())
        if kind == Kind.CLOSED and Kind.SOLVED not in self.kinds:
            wanted = _OF_AGENT
        own = {ours: self.attributes[ours] for ours in wanted if ours in self.attributes}
        if kind == Kind.ASSIGNED and {"first", "initially"} & set(self.profile.names[column].split()):
            own = {}  # the agent of now need not be the first
        if by := self._done_by(kind):
            own["agent_id"] = by
        return RowEvent(
            kind=kind,
            unless=unless,
            columns={"ticket_id": self.ticket, "occurred_at": at, **own},
            constants={"actor": Actor.AGENT.value} if kind == Kind.REPLIED else {},
        )

    def _done_by(self, kind: Kind) -> str | None:
        pattern = DONE_BY.get(kind)
        for name, text in self.profile.names.items():
            if pattern and pattern.match(text) and self.profile.heights[name]:
                return name
        return None


def _moments(profile: Profile) -> Iterator[tuple[Kind, str]]:
    """Times that tell an event; of several for one kind, the one of the surest name."""
    candidates: dict[Kind, list[tuple[int, str]]] = {}
    for name in profile.forms:
        if moment := moment_of(profile.names[name]):
            place, kind = moment
            candidates.setdefault(kind, []).append((place, name))
    if Kind.OPENED not in candidates:
        general = [name for name in profile.forms if profile.names[name] in OCCURRED]
        general = [name for name in general if not RECORDED.match(profile.names[name])]
        if general and profile.fill(general[0]) > _MOSTLY:
            candidates[Kind.OPENED] = [(0, general[0])]
    for kind in Kind:
        columns = sorted(candidates.get(kind, []))
        first_or_last = [
            c for c in columns if {"first", "last", "initially"} & set(profile.names[c[1]].split())
        ]
        several = first_or_last if kind in _REPEATED and len(first_or_last) > 1 else columns[:1]
        if kind == Kind.ASSIGNED:
            several = columns
        yield from ((kind, name) for _, name in several)


def _goes_with(profile: Profile, first: str, column: str) -> bool:
    """Whether a column tells times as the first does, and mostly no earlier ones."""
    if profile.has_clock(first) and not profile.has_clock(column):
        return False  # a day alone would begin before the ticket
    begin, end = profile.instants(first), profile.instants(column)
    earlier = (end < begin).drop_nulls()
    return earlier.is_empty() or float(earlier.mean() or 0) < _MOSTLY  # type: ignore[arg-type]


def _of_forms(profile: Profile, columns: list[str]) -> list[Message]:
    """What the forms of times assume; that of the zone once, since it holds for all."""
    assumed: dict[str, Message] = {}
    for column in columns:
        for message in profile.forms[column].assumed:
            assumed.setdefault(message.code, message)
    return list(assumed.values())
