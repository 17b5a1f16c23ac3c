"""What texts may stay as they are written when a file is loaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from etl.contract.workflows import names_in
from etl.privacy.text_rules import TextRules
from etl.store.archive import Archive, DefinitionsRecord


def rules_of_load(
    archive: Archive, *, keep_free_text: bool, regions: Sequence[str], names: Collection[str]
) -> TextRules:
    """The rules of the settings, with the names that workflow definitions state beside theirs."""
    return TextRules(keep_free_text, tuple(regions), frozenset(names) | names_of_definitions(archive))


def names_of_definitions(archive: Archive) -> frozenset[str]:
    """The names that the workflow definitions of a warehouse state."""
    records = archive.records(after=0)
    definitions = [each.definitions for each in records if isinstance(each, DefinitionsRecord)]
    return frozenset(names_in(chain.from_iterable(definitions)))
