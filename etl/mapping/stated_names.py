"""The names that a mapping states: an operator wrote them, so they say nothing that is not known already."""

from __future__ import annotations

from collections.abc import Iterator

from etl.contract.events import PEOPLE
from etl.mapping.mapping import Mapping
from etl.mapping.value_from import LookupValue


def stated_names(mapping: Mapping) -> frozenset[str]:
    """Activities, words and constants, but none of what stands for people."""
    return frozenset(_names(mapping)) - {""}


def _names(mapping: Mapping) -> Iterator[str]:
    yield from mapping.activities
    for ours, words in mapping.values.items():
        if ours not in PEOPLE:
            yield from (*words, *words.values())
    sets = [mapping.constants, *(event.constants for event in mapping.event)]
    yield from (text for constants in sets for ours, text in constants.items() if ours not in PEOPLE)
    columns = [mapping.columns, *(event.columns or {} for event in mapping.event)]
    for ours, value in (pair for each in columns for pair in each.items()):
        if ours not in PEOPLE and isinstance(value, LookupValue):
            yield from (*value.values, *value.values.values())
