"""A finding: what a check saw, how bad it is, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, computed_field

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
        return check_message(self.check, "name")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def why(self) -> Message:
        """Why it matters."""
        return check_message(self.check, "why")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def todo(self) -> Message:
        """What to do."""
        return check_message(self.check, "todo")


def check_message(check: str, part: str) -> Message:
    """What is said of a check whatever it finds: its `name`, `why`, `todo`, `fine` or `unknown`."""
    return Message(f"health.{check}.{part}")


Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a rule says of one source; `row` is what it went by. Without a message all is fine.

    Where it is not known, the check says so instead of calling other sources fine.
    """

    severity: Severity
    message: Message | None = None
    source: str | None = None
    row: Row = field(default_factory=dict)
    is_known: bool = True


def fine(row: Row, message: Message | None = None) -> Outcome:
    """The counts of a source are as they should be."""
    return Outcome(Severity.OK, message, row.get("source"), row)


def notable(row: Row, code: str, values: Row, *, is_bad: bool) -> Outcome:
    """The counts of a source are suspicious, or else need a look."""
    severity = Severity.SUSPICIOUS if is_bad else Severity.LOOK
    return Outcome(severity, Message(code, values), row.get("source"), row)


@dataclass(frozen=True)
class Check:
    """One check: `checks/<name>.sql` counts, `rule` says what a row of it means; None: it cannot tell.

    `by_source`: the rule is given all rows of a source at once. Where all is as it should be, the check says
    its message `fine`; where the rule could tell of nothing, `unknown`. `subject`: for counts that have rows
    only for what is wrong, a query with a row where there was something to check at all.
    """

    name: str
    rule: Callable[[Any, Limits], Outcome | None]
    by_source: bool = False
    subject: str | None = None
