"""What is kept of a rejected row: enough to find and mend it in its file, and nothing about anybody.

Its place in the file is kept beside it, so what is left out here is not lost: it stands in the file. A cell
stays as it is written where it says nothing new: an instant, a short number, a known kind, a name that the
mapping states, or what accepted rows have in the same column and nobody has as an id. Of any other cell its
shape is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.contract.events import COLUMNS, is_custom, type_of
from etl.contract.instants import Bounds
from etl.contract.kinds import Actor, Kind
from etl.contract.names import names_of
from etl.contract.numbers import texts_of
from etl.mapping.column_values import instant_columns
from etl.mapping.mapping import Mapping
from etl.mapping.stated_names import stated_names
from etl.mapping.value_from import columns_of
from etl.messages import rejection
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.shapes import shapes_of
from etl.privacy.text_rules import TextRules
from etl.sources.json_members import column_of
from etl.store.accepted_names import accepted_names, are_ids, ids_of_people
from etl.store.mentions import Ids, hidden_in

CONTENT_RULES = 2
"""Which rules the content of rejected rows was kept by: 1 stands for those of earlier versions."""

CONTRACT_WORDS = frozenset(map(str, (*Kind, *Actor)))
"""What a cell may say in the words of the contract, whoever the row is about."""
_SHORT_NUMBER = r"^[+-]?[0-9]{1,3}(?:[.,][0-9]{1,3})?$"
_DIGITS_ALONE = r"^[+-]?[0-9.]*$"
_LONGEST_INSTANT = 40
_OF_NUMBERS = ("instant", "whole", "number")


@dataclass(frozen=True)
class RejectedBatch:
    """The rejected rows of a batch, in the order of the file.

    `reasons`: `position`, `rule`, `column`, `row`. `texts`: their cells. `stays`: which of these stay as they
    are written, whatever accepted rows have. `full_content`: as JSON, where free text is to be kept.
    """

    reasons: pl.DataFrame
    texts: pl.DataFrame
    stays: pl.DataFrame
    full_content: pl.Series | None = None


def rejected_batch(
    reasons: pl.DataFrame,
    rows: pl.DataFrame,
    mapping: Mapping,
    pseudonyms: Pseudonyms,
    rules: TextRules,
    bounds: Bounds | None = None,
    mentioned: Ids | None = None,
) -> RejectedBatch:
    """The rows by `position` and `rule`, with the columns that the contract or the mapping knows.

    People become pseudonyms, as in accepted events, and so do keys by which anything is looked up. With free
    text to be kept, all columns stay but those that say again who somebody is. People are replaced then, and
    mentions of who was erased, and nothing else.
    """
    uses = _uses(mapping, rows.columns)
    roles = _key_roles(mapping, uses) | _roles(mapping)
    named_again = _sources_of(roles.keys(), mapping, rows.columns) - roles.keys() - uses.keys()
    content = rows.drop(named_again)
    columns = mapping.source_columns | {join.key for join in mapping.joins.values()} | set(COLUMNS)
    if not rules.keep_free_text:
        content = content.select(name for name in content.columns if name in columns or is_custom(name))
    people = content.select(
        pseudonyms.of_column(ids_of_people(content[name], mapping.source), role).alias(name)
        for name, role in roles.items()
        if name in content.columns
    )
    marks = pseudonyms.marks(_as_json(content), "row")
    reasons = reasons.with_columns(_columns_of_rules(reasons["rule"], uses, mapping), marks.alias("row"))
    if rules.keep_free_text:
        if mentioned:
            content = content.select(
                content[name]
                if name in people.columns or content[name].dtype.is_nested()
                else hidden_in(content[name], mentioned, mapping.source, pseudonyms)
                for name in content.columns
            )
        return RejectedBatch(reasons, people, people, _as_json(content.with_columns(people)))
    texts = content.select(texts_of(content[name]).alias(name) for name in content.columns)
    instants = _instants(rows, mapping, uses, bounds)
    stays = [
        pl.repeat(value=True, n=rows.height, eager=True).alias(name)
        if name in people.columns
        else _stays(texts[name], uses.get(name, set()), instants.get(name))
        for name in texts.columns
    ]
    return RejectedBatch(reasons, texts.with_columns(people), pl.DataFrame(stays))


def content_to_keep(
    batches: Sequence[RejectedBatch], mapping: Mapping, parts: Sequence[Path], pseudonyms: Pseudonyms
) -> pl.DataFrame:
    """One row per rejected row (`REJECTED`), its content as JSON.

    `parts`: the files of the accepted events: what stands in their columns may stand here.
    """
    filled = [batch for batch in batches if batch.reasons.height]
    if not filled:
        return pl.DataFrame(schema=REJECTED)
    reasons = pl.concat([batch.reasons for batch in filled], how="vertical_relaxed")
    full = [batch.full_content for batch in filled if batch.full_content is not None]
    if full:
        return reasons.with_columns(_AS_NONE, content=pl.concat(full)).select(*REJECTED)
    texts = pl.concat([batch.texts for batch in filled], how="diagonal_relaxed")
    stays = pl.concat([batch.stays for batch in filled], how="diagonal_relaxed")
    uses, words = _uses(mapping, texts.columns), [*(CONTRACT_WORDS | stated_names(mapping)), ""]
    roles = _key_roles(mapping, uses) | _roles(mapping)
    people = {cell for name in texts.columns if name in roles for cell in texts[name].drop_nulls()}
    tickets = {theirs for ours, theirs in mapping.id_columns if ours == "ticket_id"} & {*texts.columns}
    people |= {cell for name in tickets for cell in ids_of_people(texts[name], mapping.source).drop_nulls()}

    def accepted(ours: str, names: pl.Series) -> pl.Series:
        """One shifted row that was accepted has ids among its names: those are still nobody's to read."""
        matches = accepted_names(ours, names, parts)
        return matches.filter(~are_ids(matches, mapping.source, parts, people, pseudonyms))

    cells = [
        _shaped(texts[name], stays[name], uses.get(name, set()), words, accepted) for name in texts.columns
    ]
    content = pl.DataFrame([shaped for shaped, _ in cells])
    names = [pl.when(are_accepted).then(pl.lit(shaped.name)) for shaped, are_accepted in cells]
    as_accepted = pl.concat_list(names).list.drop_nulls().alias("as_accepted") if names else _AS_NONE
    return reasons.with_columns(as_accepted, content=_as_json(content)).select(*REJECTED)


REJECTED = pl.Schema(
    {
        "position": pl.Int64(),
        **dict.fromkeys(("rule", "column", "row", "content"), pl.String()),
        "as_accepted": pl.List(pl.String()),
    }
)
"""`column`: that of the file which the rule is about, or several of them; null where no one is to blame.
`row`: tells the row from others of its file, as a keyed hash. `as_accepted`: the columns whose cells stay for
nothing but accepted rows that have them; files of earlier versions do not say."""
_AS_NONE = pl.lit([], pl.List(pl.String)).alias("as_accepted")


def broken_rows(broken: pl.DataFrame, pseudonyms: Pseudonyms, rules: TextRules) -> pl.DataFrame:
    """Rows whose columns cannot be told apart: their text may say anything, so its shape alone is kept."""
    texts = broken["content"].cast(pl.String)
    content = texts if rules.keep_free_text else shapes_of(texts)
    return broken.with_columns(
        _AS_NONE,
        content.alias("content"),
        pseudonyms.marks(texts, "row").alias("row"),
        column=pl.lit(None, pl.String),
    ).select(*REJECTED)


def with_explanations(rejected: pl.DataFrame) -> pl.DataFrame:
    """The rows with what their rule wants in a sentence, for whoever reads the archive without Stepsight."""
    sentences = {rule: str(rejection(rule)) for rule in rejected["rule"].unique()}
    return rejected.with_columns(explanation=pl.col("rule").replace_strict(sentences, return_dtype=pl.String))


def _shaped(
    texts: pl.Series,
    stays: pl.Series,
    uses: Collection[str],
    words: list[str],
    accepted: Callable[[str, pl.Series], pl.Series],
) -> tuple[pl.Series, pl.Series]:
    """What is kept of the cells, and which of them stay as accepted rows have them."""
    names = names_of(texts)
    says_nothing = stays = stays.fill_null(value=False) | names.is_in(words)
    if not _has_ids(uses):
        for ours in sorted(uses):
            if type_of(ours) == "text":
                stays |= names.is_in(accepted(ours, names.filter(~stays).unique()).implode())
    others = texts.filter(~stays.fill_null(value=True)).unique()
    shaped = texts.replace(others, shapes_of(others)) if len(others) else texts
    return texts.zip_with(stays.fill_null(value=True), shaped), stays & ~says_nothing


def _stays(texts: pl.Series, uses: Collection[str], are_instants: pl.Series | None) -> pl.Series:
    """Which cells are an instant or a short number where one is expected."""
    stays = pl.repeat(value=False, n=len(texts), eager=True)
    if are_instants is not None:
        stays |= are_instants & (texts.str.len_chars() <= _LONGEST_INSTANT)
    if not _has_ids(uses) and any(type_of(ours) in _OF_NUMBERS for ours in uses):
        stays |= texts.str.contains(_SHORT_NUMBER)
    return stays.alias(texts.name)


def _has_ids(uses: Collection[str]) -> bool:
    return any(ours.endswith("_id") for ours in uses)


def _instants(
    rows: pl.DataFrame, mapping: Mapping, uses: dict[str, set[str]], bounds: Bounds | None
) -> dict[str, pl.Series]:
    """By column, which cells are part of an instant as the mapping reads it.

    Digits alone may be anybody's number, so they are one only where the instant is possible.
    """
    rows = rows.with_columns(texts_of(rows[name]) for name, kind in rows.schema.items() if kind.is_float())
    sets = [mapping.columns, *(event.columns or {} for event in mapping.event)]
    pairs = [(ours, value) for each in sets for ours, value in each.items() if type_of(ours) == "instant"]
    pairs += [
        (name, name) for name in COLUMNS if type_of(name) == "instant" and name in uses.get(name, set())
    ]
    valid: dict[str, pl.Series] = {}
    for ours, value in pairs:
        instant = next(instant_columns(ours, value, rows, mapping))
        possible = instant.is_between(bounds.earliest, bounds.latest) if bounds else instant.is_not_null()
        for column in columns_of(value):
            is_number = texts_of(rows[column]).str.contains(_DIGITS_ALONE).fill_null(value=False)
            is_one = (instant.is_not_null() & ~is_number) | possible.fill_null(value=False)
            valid[column] = valid[column] | is_one if column in valid else is_one
    return valid


def _columns_of_rules(broken: pl.Series, uses: dict[str, set[str]], mapping: Mapping) -> pl.Series:
    """The columns of the file that each rule is about."""
    columns = {rule: _columns_of_rule(rule, uses, mapping) for rule in broken.unique()}
    return broken.replace_strict(columns, return_dtype=pl.String).alias("column")


def _columns_of_rule(rule: str, uses: dict[str, set[str]], mapping: Mapping) -> str | None:
    if rule == "activity_unknown":
        return mapping.activity
    ours = max((name for name in COLUMNS if rule.startswith(f"{name}_")), key=len, default=None)
    return ", ".join(sorted(theirs for theirs, names in uses.items() if ours in names)) or None


def _as_json(content: pl.DataFrame) -> pl.Series:
    if not content.columns:
        return pl.repeat("{}", content.height, eager=True).alias("content")
    return content.select(content=pl.struct(pl.all()).struct.json_encode())["content"]


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
    if mapping.activity and "step" not in stated:
        pairs.append(("step", mapping.activity))
    uses: dict[str, set[str]] = {}
    for ours, theirs in pairs:
        uses.setdefault(theirs, set()).add(ours)
    return uses


def _sources_of(persons: Collection[str], mapping: Mapping, columns: Collection[str]) -> set[str]:
    """The columns out of which those of people were made: the key of a lookup, the object of a member."""
    keys = {mapping.joins[name].key for name in persons if name in mapping.joins}
    objects = (column_of(name, [each for each in columns if each != name]) for name in {*persons, *keys})
    return {name for name in (*keys, *objects) if name in columns and name is not None}
