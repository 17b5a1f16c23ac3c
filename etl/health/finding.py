"""A finding: what a check saw, how bad it is, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from etl.health.limits import Limits


class Severity(StrEnum):
    """How much a finding wants attention; the worst comes first."""

    SUSPICIOUS = "suspicious"
    LOOK = "look"
    OK = "ok"


class Finding(BaseModel):
    """One thing a check saw, in words for the reader and numbers for scripts."""

    model_config = ConfigDict(frozen=True)

    check: str
    severity: Severity
    source: str | None = Field(description="The file, or the family of files; null: the whole warehouse.")
    load_id: int | None = Field(description="The load it concerns, where it concerns one.")
    seen: str = Field(description="What was seen, in a sentence.")
    why: str = Field(description="Why it matters.")
    todo: str = Field(description="What to do.")
    is_known: bool = Field(description="False where the data cannot tell.")
    numbers: dict[str, Any] = Field(description="What was counted.")


@dataclass(frozen=True)
class Judgement:
    """What a check says about one source; `row` is what it was said from."""

    severity: Severity
    seen: str
    source: str | None = None
    row: dict[str, Any] = field(default_factory=dict)


Row = dict[str, Any]
Judge = Callable[[Sequence[Row], Limits], list[Judgement]]


@dataclass(frozen=True)
class Check:
    """One check: `checks/<name>.sql` counts, `judge` says what the counts mean.

    `judge` leaves out what it cannot judge. `fine` is said when all it judged is as it should be, `not_known`
    when there was nothing that it could judge.
    """

    name: str
    why: str
    todo: str
    fine: str
    not_known: str
    judge: Judge
