"""What is kept of a rejected row: enough to find and mend it in its file, and nothing about anybody.

Its place in the file is kept beside it, so what is left out here is not lost: it stands in the file.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from etl.contract.events import COLUMNS, is_custom, type_of
from etl.contract.names import names_of
from etl.contract.numbers import texts_of
from etl.contract.sources import with_ids_of
from etl.mapping.mapping import Mapping
from etl.mapping.value_from import columns_of
from etl.privacy.pseudonyms import Pseudonyms, without_addresses, without_prose
from etl.privacy.text_rules import TextRules
from etl.sources.json_members import column_of


def content_to_keep(
    rejected: pl.DataFrame, mapping: Mapping, pseudonyms: Pseudonyms, rules: TextRules
) -> pl.DataFrame:
    """The columns that the contract or the mapping knows, in the source's own names; a lookup's key is one.

    People become pseudonyms, as in accepted events, and so do what stands as `value` or is there for identity
    alone, and any text that is prose or has contact details in it. With free text to be kept, all columns
    stay but those that say again who somebody is, and people alone are replaced.
    """
    uses = _uses(mapping, rejected.columns)
    roles = _key_roles(mapping, uses) | _roles(mapping)
    rejected = rejected.drop(
        _sources_of(roles.keys(), mapping, rejected.columns) - roles.keys() - uses.keys()
    )
    if not rules.keep_free_text:
        columns = mapping.source_columns | {join.key for join in mapping.joins.values()} | set(COLUMNS)
        rejected = rejected.select(name for name in rejected.columns if name in columns or is_custom(name))
        for_identity = {*mapping.identity.columns} - uses.keys() - mapping.condition_columns
        values = {column for column, ours in uses.items() if "value" in ours}
        roles = dict.fromkeys(values | for_identity, "text") | roles
        others = [name for name in rejected.columns if name not in roles]
        rejected = rejected.with_columns(
            _without_prose(rejected[name], uses.get(name, set()), pseudonyms, rules) for name in others
        )
    return rejected.with_columns(
        pseudonyms.of_column(_persons(rejected[name], role, mapping.source), role).alias(name)
        for name, role in roles.items()
        if name in rejected.columns
    )


def _roles(mapping: Mapping) -> dict[str, str]:
    """The columns that say who somebody is; one of both kinds is of customers, who are forgotten."""
    agents, customers = (
        {theirs for ours, theirs in mapping.id_columns if ours == name}
        for name in ("agent_id", "customer_id")
    )
    return dict.fromkeys(agents, "agent") | dict.fromkeys(customers, "customer")


def _key_roles(mapping: Mapping, uses: dict[str, set[str]]) -> dict[str, str]:
    """The keys of lookups, each as a customer's: nobody can tell whether somebody is looked up by it.

    Not the key out of which a person's id is made, which is left out, nor what an event has as it stands.
    """
    ids = {join.key for name, join in mapping.joins.items() if name in _roles(mapping)}
    keys = {join.key for join in mapping.joins.values()}
    return dict.fromkeys(sorted(keys - ids - uses.keys() - {mapping.activity}), "customer")


def _uses(mapping: Mapping, columns: Collection[str]) -> dict[str, set[str]]:
    """For which columns of the contract, or of the source's own, each column of the file is taken."""
    sets = [mapping.columns, *(event.columns or {} for event in mapping.event)]
    pairs = [(ours, theirs) for each in sets for ours, value in each.items() for theirs in columns_of(value)]
    stated = {*mapping.columns, *mapping.constants}
    pairs += [(name, name) for name in columns if (name in COLUMNS or is_custom(name)) and name not in stated]
    uses: dict[str, set[str]] = {}
    for ours, theirs in pairs:
        uses.setdefault(theirs, set()).add(ours)
    return uses


def _sources_of(persons: Collection[str], mapping: Mapping, columns: Collection[str]) -> set[str]:
    """The columns out of which those of people were made: the key of a lookup, the object of a member."""
    keys = {mapping.joins[name].key for name in persons if name in mapping.joins}
    objects = (column_of(name, [each for each in columns if each != name]) for name in {*persons, *keys})
    return {name for name in (*keys, *objects) if name in columns and name is not None}


def _persons(ids: pl.Series, role: str, source: str | None) -> pl.Series:
    """The ids in a column as accepted events have them; other texts have no source."""
    texts = names_of(texts_of(ids))
    texts = texts.set(texts == "", None)
    if role == "text":
        return texts
    return texts.to_frame("agent_id").pipe(with_ids_of, source)["agent_id"]


def _without_prose(
    column: pl.Series, uses: Collection[str], pseudonyms: Pseudonyms, rules: TextRules
) -> pl.Series:
    """A column without what tells of somebody; an instant or an id may look like a telephone number."""
    if not uses or not all(name.endswith("_id") or type_of(name) in _FORMAL for name in uses):
        return without_prose(texts_of(column), pseudonyms, rules)
    return without_addresses(column, pseudonyms) if column.dtype == pl.String else column


_FORMAL = ("instant", "whole", "number")
