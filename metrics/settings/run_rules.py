"""How run ids are to be read: a setting."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RunRules(BaseModel):
    """What makes events with one run id one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unique: Literal["source", "ticket"] | None = Field(
        default=None,
        description='Within what a run id is unique: with "source" one id is one run, in whatever tickets; '
        'with "ticket" each ticket has its own. Without it, one id is one run if it is in at most 3 tickets, '
        "not of different customers, one after the other.",
    )
