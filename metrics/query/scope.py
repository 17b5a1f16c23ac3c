"""What the reader looks at: one frozen object that filters every query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator
from sqlglot import exp

from etl.contract.names import name_of
from etl.contract.time_zones import zone
from etl.errors import InvalidRequest
from metrics.catalog.dimensions import ZONE, CustomDimensions, Days, column, dimension

Where = tuple[tuple[str, tuple[str, ...]], ...]


class Scope(BaseModel):
    """Period (local days, both inclusive), filters, instant of knowledge. Frozen, hashable, order-free.

    `dimensions`: those of the settings. `where`: dimension and its allowed values; the empty text stands for
    "not recorded". `small_groups`: whether numbers of fewer agents than pages show may be given, too.
    `cohort`: every metric falls into periods by the ticket's opening instead of its own date.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: date | None = None
    end: date | None = None
    time_zone: str = "UTC"
    as_of: AwareDatetime | None = None
    dimensions: CustomDimensions = ()
    where: Where = ()
    small_groups: bool = False
    cohort: bool = False

    @field_validator("where", mode="after")
    @classmethod
    def _sorted(cls, where: Where, context: ValidationInfo) -> Where:
        allowed: dict[str, set[str]] = {}
        for name, values in where:
            wanted = dimension(name, context.data.get("dimensions", ()))
            allowed.setdefault(wanted.name, set()).update(map(name_of, values))
        return tuple((name, tuple(sorted(allowed[name]))) for name in sorted(allowed) if allowed[name])

    @field_validator("time_zone", mode="after")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            zone(name)
        except LookupError as error:
            raise InvalidRequest("zone.unknown", name=name) from error
        return name

    @model_validator(mode="after")
    def _in_order(self) -> Scope:
        if self.start and self.end and self.start > self.end:
            raise InvalidRequest("period.reversed", start=self.start, end=self.end)
        return self

    def previous(self) -> Scope | None:
        """The period of equal length just before; None where this one has an open end."""
        if not (self.start and self.end):
            return None
        length = self.end - self.start + timedelta(days=1)
        return self.model_copy(update={"start": self.start - length, "end": self.end - length})

    def across_steps(self) -> Scope:
        """The scope without its choice of workflows and steps."""
        where = tuple((name, values) for name, values in self.where if name not in _OF_STEPS)
        return self.model_copy(update={"where": where})


_OF_STEPS = ("workflow", "version", "step", "title", "kind")


@dataclass(frozen=True)
class Over:
    """What a condition applies to: the fact and its date column."""

    fact: str
    date: str


@dataclass(frozen=True)
class Part:
    """One thing a scope can say: when it is set, and its condition for the engine."""

    is_set: Callable[[Scope], bool]
    condition: Callable[[Scope, Over], exp.Expr]


def _place(name: str, type_name: str) -> exp.Expr:
    return exp.cast(exp.Placeholder(this=name), type_name)


def _at(relation: type[exp.Binary], date: str, name: str) -> exp.Expr:
    return relation(this=exp.column(date), expression=_place(name, "timestamptz"))


def _where_condition(scope: Scope, over: Over) -> exp.Expr:
    conditions: list[exp.Expr] = []
    for name, values in scope.where:
        expression = column(name, fact=over.fact, date=over.date, custom=scope.dimensions)
        places = [_place(f"where_{name}_{n}", "text") for n, value in enumerate(values) if value]
        matches: list[exp.Expr] = [exp.cast(expression, "text").isin(*places)] if places else []
        if "" in values:
            matches.append(exp.Is(this=expression.copy(), expression=exp.null()))
        conditions.append(exp.paren(exp.or_(*matches)))
    return exp.and_(*conditions)


PARTS: tuple[Part, ...] = (
    Part(lambda scope: scope.start is not None, lambda _, over: _at(exp.GTE, over.date, "begins_at")),
    Part(lambda scope: scope.end is not None, lambda _, over: _at(exp.LT, over.date, "ends_at")),
    Part(
        lambda scope: (scope.start or scope.end) is not None or scope.cohort,
        lambda _, over: exp.Not(this=exp.Is(this=exp.column(over.date), expression=exp.null())),
    ),
    Part(lambda scope: bool(scope.where), _where_condition),
)
"""`as_of` has no condition here: which events are known is settled before any row is looked at
(`metrics.facts.relations.compose`)."""


def date_column(scope: Scope, own_date: str) -> str:
    """The instant by which a row falls into periods: its own, or the ticket's arrival for a cohort."""
    return "arrived_at" if scope.cohort else own_date


def days(scope: Scope) -> Days | None:
    """The local days of the rows in the scope, where both ends are known and few clock changes between."""
    if not (scope.start and scope.end) or scope.end - scope.start > _FEW_CHANGES:
        return None
    first, last = date.fromordinal(_FIRST), date.fromordinal(_LAST)
    return scope.time_zone, max(scope.start, first), min(scope.end, last)


def conditions(scope: Scope, over: Over) -> list[exp.Expr]:
    """What a row must meet to be in the scope; its values are the query's parameters of the same names."""
    return [part.condition(scope, over) for part in PARTS if part.is_set(scope)]


def _begins_at(day: date | None, time_zone: str, *, after: int = 0) -> datetime | None:
    """The instant at which a local day begins, or the one so many days on.

    The engine compares instants a hundred times faster than it works out the local days of rows. Where a
    clock skips midnight, the day begins with the change; where it shows midnight twice, with the first.
    """
    if day is None:
        return None
    there = min(max(day.toordinal() + after, _FIRST), _LAST)
    return datetime.combine(date.fromordinal(there), time(0), zone(time_zone)).astimezone(UTC)


_FEW_CHANGES = timedelta(days=2000)
# The days of the calendar whose beginning is in the calendar in UTC, too, whatever the zone.
_FIRST, _LAST = date.min.toordinal() + 1, date.max.toordinal() - 1


def parameters(scope: Scope, query: exp.Query) -> dict[str, object]:
    """The scope's values for exactly those parameters that the query names."""
    values: dict[str, object] = {
        ZONE: scope.time_zone,
        "begins_at": _begins_at(scope.start, scope.time_zone),
        "ends_at": _begins_at(scope.end, scope.time_zone, after=1),
    }
    for name, allowed in scope.where:
        values |= {f"where_{name}_{n}": value for n, value in enumerate(allowed)}
    placeholders = {place.name for place in query.find_all(exp.Placeholder)}
    return {name: value for name, value in values.items() if name in placeholders}
