"""Everything that can go wrong for a reason the user can mend.

An error carries a message: a code and its values, worded in `etl/messages`. Each says what is wrong, where,
what was expected and what to do. Command line and dashboard word it in the reader's language; neither ever
shows a traceback for one.
"""

from __future__ import annotations

from typing import Self

from etl.messages import Message


class StepsightError(Exception):
    """Base of all errors a user can cause; the text is written for that user."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.message = Message(code, values)

    @classmethod
    def of(cls, message: Message) -> Self:
        """The error that says this message."""
        return cls(message.code, **message.values)

    def __str__(self) -> str:
        return str(self.message)


class UnreadableFile(StepsightError):
    """A file as a whole cannot be read; nothing of it was kept."""


class MissingColumns(StepsightError):
    """A file lacks columns without which no event can be told; nothing of it was kept."""


class InvalidMapping(StepsightError):
    """A mapping file contradicts itself, the contract or the table it is meant for."""


class InvalidDefinition(StepsightError):
    """A workflow definition contradicts itself; the place is named."""


class WarehouseBusy(StepsightError):
    """Another process is writing to the warehouse."""


class WarehouseDamaged(StepsightError):
    """The warehouse folder holds something that cannot be used as it is."""


class InvalidRequest(StepsightError):
    """A metric, dimension, date or filter that does not exist or does not fit."""


class KeyMismatch(StepsightError):
    """The key that pseudonyms are made with is missing, unreadable or another one."""


class StorageFailed(StepsightError):
    """The disk is full, read-only or failing; what was committed before is safe."""


class InvalidSettings(StepsightError):
    """A settings file cannot be read, or a field in it is unknown or has a wrong value."""
