"""What a metric is: data, from which cards, selectors, exports and documentation derive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from etl.messages import Message


@dataclass(frozen=True)
class Metric:
    """One metric over one fact.

    `among`: SQL condition for the rows it is about. `value`: for a share, the condition of a hit among
    them; for a median, the column, whose nulls are left out; for a survival, the column with the time and,
    in `over`, the one that tells whether it is over; a count has none. `date`: the instant by which a row
    falls into a period. `quantile`: 0.5 for the median. A metric that is not built yet has no fact.
    """

    name: str
    title: str
    question: str
    definition: str
    unit: Literal["minutes", "share", "count"]
    better: Literal["lower", "higher"] | None
    kind: Literal["median", "share", "count", "survival"]
    fact: str = ""
    date: str = ""
    among: str = "true"
    value: str = ""
    over: str = ""
    quantile: float = 0.5

    @property
    def available(self) -> bool:
        """Whether it can be measured yet."""
        return bool(self.fact)

    @property
    def title_message(self) -> Message:
        """Its title, as a message."""
        return Message("metric.title", {"metric": self.name, "title": self.title})
