"""What is shown of a file before its load names nobody who was erased from the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.queries.archives import archive_of
from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.contract.names import names_of
from etl.contract.numbers import texts_of
from etl.mapping.inspect import Inspection
from etl.mapping.mapping import Mapping
from etl.mapping.open_table import open_table
from etl.messages import Message
from etl.sources import files
from etl.store import file_names
from etl.store.erased_list import ERASED, ErasedIds, read_erased
from etl.store.mentions import words_of
from etl.store.whole_files import FileVersion, version_of

CUT = "…"
"""How an example ends that is too long to be shown whole."""


def erased_ids(folder: Path) -> ErasedIds | None:
    """Who was erased from the warehouse; None where nobody was.

    Raises:
        KeyMismatch: the key is missing or another one, as a load would say.
        WarehouseDamaged: the list cannot be read.
    """
    if read_erased(folder) is None:
        return None
    return ErasedIds(folder, archive_of(folder).pseudonyms())


def version_of_list(folder: Path) -> FileVersion | None:
    """What changes whenever somebody is erased; None where nobody was."""
    file = folder / ERASED
    return version_of(file) if file.exists() else None


@dataclass(frozen=True)
class OfOthers:
    """What of a file names nobody who was erased, whichever of the sources its rows are of.

    `tickets`: others of theirs in the file.
    """

    erased: ErasedIds
    sources: Sequence[str | None]
    tickets: frozenset[str] = frozenset()

    def texts(self, texts: Iterable[str]) -> list[str]:
        """Those of the texts that name nobody erased."""
        return [text for text in texts if self._has(text)]

    def of(self, inspection: Inspection) -> Inspection:
        """The look without examples, activities and events that name the erased; a sign where messages do.

        An example that is cut short may end within an id, so it is left out.
        """
        columns = [
            column.model_copy(
                update={"examples": [each for each in self.texts(column.examples) if not each.endswith(CUT)]}
            )
            for column in inspection.columns
        ]
        changed = {
            "columns": columns,
            "mapping": self._mapping(inspection.mapping),
            "because": self._in_values(inspection.because),
            "assumed": self._in_values(inspection.assumed),
            "problem": self._in_values(inspection.problem),
            "preview": [event for event in inspection.preview if all(map(self._has, event.values()))],
        }
        return inspection.model_copy(update=changed)

    def tickets_in(self, upload: Upload, mapping: Mapping) -> frozenset[str]:
        """The tickets of which any row names one of the erased as its customer, as a mapping reads it."""
        tickets = set[str]()
        with uploads.on_disk(upload) as path:
            for rows in open_table(files([path])[0], mapping).table.batches():
                pairs = [(ours, theirs) for ours, theirs in mapping.id_columns if theirs in rows.columns]
                for customers in (
                    names_of(texts_of(rows[each])) for ours, each in pairs if ours == "customer_id"
                ):
                    ids = [each for each in customers.drop_nulls().unique() if not self._has(each)]
                    of_theirs = rows.filter(customers.is_in(ids))
                    for theirs in (each for ours, each in pairs if ours == "ticket_id"):
                        tickets.update(names_of(texts_of(of_theirs[theirs])).drop_nulls())
        return frozenset(tickets)

    def _has(self, value: object) -> bool:
        text = str(value)
        words = {text, *words_of(text)}
        return self.tickets.isdisjoint(words) and not any(
            self.erased.among(words, source) for source in self.sources
        )

    def _mapping(self, mapping: Mapping) -> Mapping:
        """The mapping without names from the file that name the erased; a sign where one is needed."""
        events = [
            event.model_copy(
                update={
                    name: self._in_values(getattr(event, name)) for name in ("when", "unless", "constants")
                }
            )
            for event in mapping.event
        ]
        activities = {name: kinds for name, kinds in mapping.activities.items() if self._has(name)}
        values = {
            ours: {theirs: word for theirs, word in words.items() if self._has(theirs)}
            for ours, words in mapping.values.items()
        }
        constants = self._in_values(mapping.constants)
        return mapping.model_copy(
            update={"activities": activities, "values": values, "constants": constants, "event": events}
        )

    def _in_values(self, value: Any) -> Any:
        """A value of a message or mapping, and all it is made of, with a sign in place of such a text."""
        match value:
            case str():
                return value if self._has(value) else file_names.ERASED
            case Message(code, values):
                return Message(code, self._in_values(values))
            case dict():
                return {name: self._in_values(part) for name, part in value.items()}
            case list():
                return [self._in_values(part) for part in value]
        return value
