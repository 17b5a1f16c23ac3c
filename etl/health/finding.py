"""A finding: what a check saw, how bad it is, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from etl.health.limits import Limits
from etl.messages import Message


class Severity(StrEnum):
    """How much a finding wants attention; the worst comes first."""

    SUSPICIOUS = "suspicious"
    LOOK = "look"
    OK = "ok"


class Finding(BaseModel):
    """One thing a check saw, as data: what it says is worded where somebody reads it."""

    model_config = ConfigDict(frozen=True)

    check: str
    severity: Severity
    source: str | None = Field(description="The file, or the family of files; null: the whole warehouse.")
    load_id: int | None = Field(description="The load it concerns, where it concerns one.")
    message: Message = Field(description="What was seen.")
    is_known: bool = Field(description="False where the data cannot tell.")
    numbers: dict[str, Any] = Field(description="What was counted.")

    @property
    def title(self) -> Message:
        """What the check is called."""
        return of_check(self.check, "name")

    @property
    def why(self) -> Message:
        """Why it matters."""
        return of_check(self.check, "why")

    @property
    def todo(self) -> Message:
        """What to do."""
        return of_check(self.check, "todo")

    def as_data(self) -> dict[str, Any]:
        """Everything for scripts, with each message as its code, its values and its English sentence."""
        messages = {"message": self.message, "why": self.why, "todo": self.todo}
        return self.model_dump(mode="json") | {name: part.as_data() for name, part in messages.items()}


def of_check(check: str, part: str) -> Message:
    """What is said of a check whatever it finds: its `name`, `why`, `todo`, `fine` or `unknown`."""
    return Message(f"health.{check}.{part}")


@dataclass(frozen=True)
class Judgement:
    """What a check says about one source; `row` is what it was judged by. Without a message all is fine."""

    severity: Severity
    message: Message | None = None
    source: str | None = None
    row: dict[str, Any] = field(default_factory=dict)


def fine(row: Row, message: Message | None = None) -> Judgement:
    """The counts of a source are as they should be."""
    return Judgement(Severity.OK, message, row.get("source"), row)


def notable(row: Row, message: Message, *, is_bad: bool) -> Judgement:
    """The counts of a source are suspicious, or else need a look."""
    return Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, message, row.get("source"), row)


Row = dict[str, Any]
Judge = Callable[[Sequence[Row], Limits], list[Judgement]]


@dataclass(frozen=True)
class Check:
    """One check: `checks/<name>.sql` counts, `judge` says what the counts mean.

    `judge` leaves out what it cannot judge. Where all it judged is as it should be, the check says its
    message `fine`; where there was nothing that it could judge, `unknown`.
    """

    name: str
    judge: Judge
