"""The way of a file's rows through the gate, batch by batch, into files of their own beside the archive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl

from etl.contract.events import COLUMNS
from etl.contract.gate import check
from etl.contract.instants import Bounds
from etl.contract.sources import prefixes_of_ids, with_ids_of
from etl.errors import UnreadableFile
from etl.mapping.apply_mapping import MappedRows, apply_mapping, require_exact_ids
from etl.mapping.effect import Effect
from etl.mapping.fit import require_columns, require_values
from etl.mapping.identity import define_identity, fill_ids, with_own_ids
from etl.mapping.mapping import Mapping
from etl.privacy.pseudonyms import Pseudonyms, person_column, pseudonymised
from etl.privacy.text_rules import TextRules
from etl.private_files import make_folder
from etl.progress import Progress, quiet
from etl.sources import Table
from etl.sources.table import POSITION
from etl.store.attributes import with_attributes
from etl.store.batches import two_at_a_time
from etl.store.erased_list import ErasedIds
from etl.store.erased_rows import (
    TICKETS,
    BatchMatches,
    count_rows_of_erased,
    drop_of_tickets,
    match_batch,
    rejected_of_others,
    texts_with_erased_ids,
    tickets_of_customers,
)
from etl.store.mentions import hide_mentions
from etl.store.rejected_content import (
    REJECTED,
    RejectedBatch,
    broken_rows,
    content_to_keep,
    rejected_batch,
)


@dataclass(frozen=True)
class StageResult:
    """What passed the gate and what did not.

    `parts`: Parquet files of accepted events: the columns of `STORED` and `position`, the row's number in the
    file times `width` plus the event's place in its row; `seq` is null where the source has none. `rejected`:
    one row per rejected row of the file, as `etl.store.rejected_content.REJECTED`; `position` is its number.
    `read`: rows of the file. `skipped`: those that give no event by the mapping. `stated`
    and `local`: how many instants state their offset, and how many do not. `effect`: which names of the
    mapping the rows have. `sources`: those whose ids the ids of rows without a source look like. `erased`:
    how many rows more the file has, of who was erased. `of_erased`: other tickets of such customers.
    `too_old`: how many rows more, of tickets that a purge would take. `rows_of_erased`: how many of those
    read are of who was erased, where they are taken.
    """

    parts: list[Path]
    width: int
    rejected: pl.DataFrame
    read: int
    skipped: int = 0
    stated: int = 0
    local: int = 0
    effect: Effect = field(default_factory=Effect)
    sources: frozenset[str] = frozenset()
    erased: int = 0
    of_erased: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TICKETS))
    too_old: int = 0
    rows_of_erased: int = 0

    @property
    def in_file(self) -> int:
        """How many rows the file has."""
        return self.read + self.erased + self.too_old


def stage(
    table: Table,
    source: str,
    mapping: Mapping,
    folder: Path,
    pseudonyms: Pseudonyms,
    *,
    bounds: Bounds | None = None,
    rules: TextRules,
    sources: frozenset[str] = frozenset(),
    erased: ErasedIds | None = None,
    takes_erased: bool = False,
    mentioned: ErasedIds | None = None,
    without_old: Callable[[StageResult], StageResult] | None = None,
    progress: Progress = quiet,
) -> StageResult:
    """Check all rows of a table, and write the accepted ones to `folder`, which is emptied before.

    `sources`: the names of those that other rows come from. `erased`: whose rows are counted, and not kept
    unless `takes_erased`. `mentioned`: whose ids are not kept in rows of others.
    `without_old`: takes rows that a purge would take out of what is staged, before any text of theirs counts.
    Nobody's name is written: people become pseudonyms, and free text goes, before anything else happens.

    Raises:
        MissingColumns: the table lacks columns that the mapping names, or that every event needs; or it has
            one that no event can be made of.
        UnreadableFile: the file is damaged further down, or most of its rows lie in the future.
    """
    require_columns(table.columns, mapping, source)
    require_values(table, mapping, source)
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    broken = table.broken.rename({POSITION: "position"})
    of_others = broken
    if erased:
        of_others = broken.filter(~texts_with_erased_ids(broken["content"], mapping.source, erased))
    parts: list[Path] = []
    rejected: list[RejectedBatch] = []
    read, skipped, stated, local, width = table.broken.height, 0, 0, 0, 1
    effect, alike = Effect(), frozenset[str]()
    n_broken, matches = broken.height - of_others.height, list[BatchMatches]()
    broken = broken if takes_erased else of_others
    with duckdb.connect() as hashing:

        def check_batch(number: int, rows: pl.DataFrame) -> _Part:
            require_exact_ids(rows, mapping, source)
            mapped = apply_mapping(rows, mapping)
            alike = frozenset[str]()
            if sources and mapping.source is None:
                alike = sources & prefixes_of_ids(mapped.events)
            mapped = replace(mapped, events=with_ids_of(mapped.events, mapping.source))
            events = _in_order(mapped)
            if mentioned:
                events = hide_mentions(events, mentioned, mapping.source, pseudonyms, rules.names)
            events = pseudonymised(events, pseudonyms, rules)
            events = with_own_ids(events)
            checked = check(events, mapping.local_time, bounds)
            bad = _rejected_rows(rows, checked.rejected, mapped)
            matched = None
            if erased:
                found_in = (bad.reasons, bad.content, mapping.source)
                matched = match_batch(mapped, checked.instants, *found_in, erased)
                bad = bad if takes_erased else bad.without(matched.rows)
            rejected_rows = rejected_batch(
                bad.reasons, bad.content, mapping, pseudonyms, rules, bounds, mentioned
            )
            accepted = _of_whole_rows(checked.accepted, bad.reasons, mapped.width)
            if matched and not takes_erased:
                accepted = accepted.filter(
                    ~(pl.col("position") // mapped.width).is_in(matched.rows.implode())
                )
            cursor = hashing.cursor()
            define_identity(cursor)
            accepted = _with_ids(accepted, mapped, cursor, pseudonyms, mapping.source)
            accepted = with_attributes(accepted, events, mapping.source)
            file = folder / f"{number:06}.parquet"
            accepted.write_parquet(file, compression="zstd", compression_level=1)
            return _Part(
                file=file,
                rejected=rejected_rows,
                read=rows.height,
                skipped=mapped.skipped,
                width=mapped.width,
                stated=checked.stated,
                local=checked.local,
                effect=mapped.effect,
                alike=alike,
                matched=matched,
            )

        for part in two_at_a_time(check_batch, table.batches()):
            parts.append(part.file)
            rejected.append(part.rejected)
            read, skipped, width = read + part.read, skipped + part.skipped, part.width
            stated, local, effect = stated + part.stated, local + part.local, effect | part.effect
            alike |= part.alike
            if part.matched:
                matches.append(part.matched)
            progress("checking", read)
    refused, allowed = ([], matches) if takes_erased else (matches, [])
    of_erased = tickets_of_customers(refused)
    gone = sum(len(each.rows) for each in refused) + drop_of_tickets(of_erased, parts, width)
    accepted_alone = StageResult(parts, width, pl.DataFrame(schema=REJECTED), read)
    too_old = without_old(accepted_alone).too_old if without_old else 0
    broken = broken_rows(broken, pseudonyms, rules)
    every = pl.concat([broken, content_to_keep(rejected, mapping, parts, pseudonyms)], how="vertical_relaxed")
    aside = rejected_of_others(every.sort("position"), of_erased, refused)
    gone += every.height - aside.height + (0 if takes_erased else n_broken)
    read -= gone
    n_allowed = count_rows_of_erased(allowed, parts, aside, width) + (n_broken if takes_erased else 0)
    if bounds:
        _require_a_clock_that_is_right(aside, source, read, bounds)
    return StageResult(
        parts=parts,
        width=width,
        rejected=aside,
        read=read - too_old,
        skipped=skipped,
        stated=stated,
        local=local,
        effect=effect,
        sources=alike,
        erased=gone,
        of_erased=of_erased,
        too_old=too_old,
        rows_of_erased=n_allowed,
    )


def _require_a_clock_that_is_right(rejected: pl.DataFrame, source: str, read: int, bounds: Bounds) -> None:
    """Where most rows seem to come from the future, the clock of this machine is likely to be wrong."""
    later = int((rejected["rule"] == "occurred_at_in_future").sum())
    if 2 * later > read:
        now = bounds.latest - timedelta(days=1)
        raise UnreadableFile("file.later_than_clock", file=source, n=later, rows=read, now=now)


@dataclass(frozen=True)
class _Part:
    """What became of one batch: the file of its accepted events, and its rejected rows."""

    file: Path
    rejected: RejectedBatch
    read: int
    skipped: int
    width: int
    stated: int
    local: int
    effect: Effect
    alike: frozenset[str]
    matched: BatchMatches | None


def _in_order(mapped: MappedRows) -> pl.DataFrame:
    """Events whose `seq`, where the source has one, keeps those of one row in the order of the mapping."""
    events = mapped.events
    if mapped.width == 1 or "seq" not in events.columns:
        return events
    ordered = pl.col("seq").cast(pl.Int64, strict=False) * mapped.width + pl.col("position") % mapped.width
    return events.with_columns(seq=pl.coalesce(ordered.cast(pl.String), "seq"))


def _with_ids(
    accepted: pl.DataFrame,
    mapped: MappedRows,
    hashing: duckdb.DuckDBPyConnection,
    pseudonyms: Pseudonyms,
    source: str | None,
) -> pl.DataFrame:
    """Events with their ids, which are made from the pseudonyms of the first key, whatever the key is now."""
    if not pseudonyms.is_renewed:
        return fill_ids(accepted, mapped, hashing, pseudonyms.salt, source)
    events = accepted
    if "agent_id" in mapped.events.columns:
        agents = person_column(mapped.events["agent_id"], pseudonyms.first)
        agents_by_place = mapped.events.select("position", agents)
        events = accepted.drop("agent_id").join(
            agents_by_place, on="position", how="left", maintain_order="left"
        )
    ids = fill_ids(events, mapped, hashing, pseudonyms.salt, source)["event_id"]
    return accepted.with_columns(pseudonyms.of_events(ids))


@dataclass(frozen=True)
class _Bad:
    """Rejected rows, in the order of the file: `position` and `rule`; and their content."""

    reasons: pl.DataFrame
    content: pl.DataFrame

    def without(self, rows: pl.Series) -> _Bad:
        """All but some rows of the file."""
        remaining = ~self.reasons["position"].is_in(rows.implode())
        return _Bad(self.reasons.filter(remaining), self.content.filter(remaining))


def _rejected_rows(rows: pl.DataFrame, rejected: pl.DataFrame, mapped: MappedRows) -> _Bad:
    unknown = pl.DataFrame({"position": mapped.unknown}).with_columns(rule=pl.lit("activity_unknown"))
    by_rule = rejected.sort("position").with_columns(pl.col("position") // mapped.width)
    reasons = pl.concat([unknown, by_rule], how="vertical_relaxed")
    first = reasons.unique("position", keep="first", maintain_order=True)
    content = first.join(rows, left_on="position", right_on=POSITION, how="left", maintain_order="left")
    return _Bad(first, content.select(name for name in rows.columns if name != POSITION))


def _of_whole_rows(accepted: pl.DataFrame, rejected: pl.DataFrame, width: int) -> pl.DataFrame:
    """A row is rejected whole if one of its events is."""
    if not rejected.is_empty():
        row = pl.col("position") // width
        accepted = accepted.join(
            rejected, left_on=row, right_on="position", how="anti", maintain_order="left"
        )
    return accepted.select("position", *COLUMNS)
