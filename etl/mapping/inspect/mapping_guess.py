"""A guess: a mapping, why, and what it assumes."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.mapping.mapping import Mapping
from etl.messages import Message


@dataclass(frozen=True)
class MappingGuess:
    """A mapping to start from. `because`: contract column → why; `assumed`: what the file does not say."""

    mapping: Mapping
    because: dict[str, Message] = field(default_factory=dict)
    assumed: list[Message] = field(default_factory=list)
