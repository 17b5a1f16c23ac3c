"""What a metric is: one entry of data, from which cards, selectors, exports and documentation derive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from etl.messages import Message
from metrics.replay.event_effects import Rule

Kind = Literal["median", "share", "count", "survival", "mean"]
Unit = Literal["minutes", "share", "count"]
PageList = Literal["overview", "compare", "satisfaction", "targets", "in_and_out", "reasons", "run_clocks"]
"""The lists of metrics that pages show."""

_NOT_ABOUT = Message("explain.not_about")
_UNDATED = Message("explain.undated")
_HEARD_LATE = Message("explain.heard_late")


@dataclass(frozen=True)
class Date:
    """The instant by which a row falls into a period.

    `called`: what a reader calls its day. `undated`: why a row has none. `help`: what stands at the column of
    a table that shows it.
    """

    column: str
    called: Message
    undated: Message = _UNDATED
    help: str = "The instant by which a ticket falls into a period."


@dataclass(frozen=True)
class Among:
    """Which rows of its fact a metric is about, as an SQL condition, and why the others are not."""

    condition: str
    otherwise: Message = _NOT_ABOUT


ALL_ROWS = Among("true")
NO_ARRIVAL = Among("arrived_at IS NULL", Message("explain.arrival_unknown"))
RECORDS_REPLIES = "is_reply_recorded"
RECORDS_REOPENINGS = "is_reopening_recorded"
NO_REOPENINGS = Among("NOT is_reopening_recorded", Message("explain.no_reopenings_recorded"))
NO_REPLIES = Among("NOT is_reply_recorded", Message("explain.no_replies_recorded"))
ANSWERED_EARLY = Among("is_answered_early", Message("explain.answered_early"))


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric over one fact.

    `absent`: why a ticket has no row in the fact. `hits`: for a share, the SQL condition of a hit. `value`:
    for a median or a mean the SQL of the number whose nulls are left out, for a survival the column with the
    time; `without_value` says why it is null, and `is_over` is the column that tells whether the time is
    over. A count has none of them. `rule`: what each event of a ticket does to the number; metrics of visits
    and of runs have none. `apart`: rows that are not in it for a reason of their own, the first that holds.
    `recorded`: for a count, the SQL condition that holds for one row at least, of whatever date, or nobody
    knows the count and it is null. `cluster`: for a share, the column whose rows resemble one another, so
    that its interval is wider. `lists`: the lists of pages that show it, and its place there. `quantile`: 0.5
    for the median.
    """

    name: str
    title: str
    question: str
    definition: str
    kind: Kind
    unit: Unit
    better: Literal["lower", "higher"] | None
    fact: str
    absent: Message = _NOT_ABOUT
    date: Date
    among: Among = ALL_ROWS
    hits: str = ""
    cluster: str = ""
    value: str = ""
    without_value: Message = _HEARD_LATE
    is_over: str = ""
    rule: Rule | None = None
    apart: tuple[Among, ...] = ()
    recorded: str = ""
    lists: Mapping[PageList, int] = field(default_factory=dict)
    quantile: float = 0.5

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def title_message(self) -> Message:
        """Its title, as a message."""
        return Message("metric.title", {"metric": self.name, "title": self.title})
