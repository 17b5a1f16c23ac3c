"""What an erasure took out, as its receipt says; and the receipt of one that was asked for before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from etl.contract.sources import candidate_ids
from etl.messages import Message
from etl.store.archive import Archive, LoadRecord
from etl.store.erasure_plan import Receipt
from etl.store.ticket_groups import Retention


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


_NAMES = {
    "tickets": "tickets_removed",
    "events": "events_removed",
    "rejected_rows": "rejected_rows_removed",
    "notes": "notes_removed",
    "mentions": "mentions_replaced",
    "file_names": "file_names_changed",
}
"""What receipts call the counts."""


@dataclass(frozen=True)
class Erased:
    """What was taken out. `receipt`: the file that says so, without saying whom. `origin`: of which source.

    `is_customer`: whether any row had the id as its customer. The receipt is written once readers have a new
    snapshot and nobody has an older one open.
    """

    counts: Counts
    receipt: Path
    origin: Message | None = None
    is_customer: bool = True

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """What an erasure took out that another command had begun."""
        content = receipt.content
        counts = Counts(**{ours: int(content.get(name, 0)) for ours, name in _NAMES.items()})
        source = content.get("source")
        origin = Message("customer.of_source", {"source": source}) if source else None
        is_customer = receipt.act != "forget" or counts.tickets + counts.rejected_rows > 0
        return cls(counts, receipt.file, origin, is_customer)


def receipt_text(act: str, now: datetime, what: dict[str, str | None], counts: Counts) -> tuple[str, str]:
    """The name of a receipt's file, and its text."""
    values = {name: getattr(counts, ours) for ours, name in _NAMES.items()}
    text = json.dumps({"act": act} | what | {"at": now.isoformat()} | values, indent=1)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{act}-{now:%Y%m%dT%H%M%S}-{digest}.json", text


def receipt_of_customer(customer: str, receipts: Sequence[Receipt], archive: Archive) -> Receipt | None:
    """The receipt of an erasure of this customer, by any of the keys; None where none is.

    `customer`: as `forget` has it.
    """
    records = [each for each in archive.records(after=0) if isinstance(each, LoadRecord)]
    sources = sorted({each.source for each in records if each.source})
    references = [
        pseudonyms.of(pseudonyms.of(each, "customer"), "receipt")
        for pseudonyms in archive.pseudonyms().of_each_time()
        for each in candidate_ids(customer, sources)
    ]
    return _receipt_of("forget", references, receipts)


def receipt_of_purge(retention: Retention, receipts: Sequence[Receipt]) -> Receipt | None:
    """The receipt of a purge of the same; None where none is."""
    return _receipt_of("purge", [since(retention)], receipts)


def since(retention: Retention) -> str:
    """What the receipt of a purge says it is about."""
    return f"since {retention.first:%Y-%m-%d}"


def _receipt_of(act: str, references: Sequence[str], receipts: Sequence[Receipt]) -> Receipt | None:
    own = [(act, reference) for reference in references]
    return next((each for each in receipts if (each.act, each.content.get("reference")) in own), None)
