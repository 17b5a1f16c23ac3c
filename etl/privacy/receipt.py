"""The receipt of an erasure: when, and how much went, without saying whose it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Counts:
    """How much was taken out. `notes`: of readers; `mentions`: cells of other tickets, pseudonyms now.

    `file_names`: of loads, with a sign in the place of ids now.
    """

    tickets: int
    events: int
    rejected_rows: int
    notes: int
    mentions: int
    file_names: int

    @property
    def places(self) -> int:
        """All places beside the customer's own events that had an id."""
        return self.rejected_rows + self.notes + self.mentions + self.file_names


def receipt_of(act: str, now: datetime, what: dict[str, str | None], counts: Counts) -> tuple[str, str]:
    """The name of the receipt's file, and its text."""
    content = (
        {"act": act}
        | what
        | {
            "at": now.isoformat(),
            "tickets_removed": counts.tickets,
            "events_removed": counts.events,
            "rejected_rows_removed": counts.rejected_rows,
            "notes_removed": counts.notes,
            "mentions_replaced": counts.mentions,
            "file_names_changed": counts.file_names,
        }
    )
    text = json.dumps(content, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{act}-{now:%Y%m%dT%H%M%S}-{digest}.json", text
