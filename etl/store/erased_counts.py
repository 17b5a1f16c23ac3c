"""What loads count once events are erased: the rows that told nothing else are no rows of theirs any more."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from etl.store.archive import Archive, LoadRecord, Record, Recount
from etl.store.catch_up import place_of

REMOVED = {"load_id": pl.Int64, "position": pl.Int64, "event_id": pl.String}
"""Columns of the archived rows that are erased."""


def counts_without(
    removed: pl.DataFrame, records: Sequence[LoadRecord], archive: Archive
) -> dict[int, Recount]:
    """By load, how much less it counts: `loaded` and `duplicates` are rows, `events` and `conflicts` events.

    Copies of a row further down in its file left no trace in the archive, and stay counted as duplicates.
    """
    places = pl.DataFrame(
        [(each.load_id, place_of(each)) for each in records],
        schema={"load_id": pl.Int64, "place": pl.Int64},
        orient="row",
    )
    in_order = removed.join(places, on="load_id").sort("place", "load_id", "position")
    firsts = in_order.unique("event_id", keep="first").select("load_id", "position")
    return {each.load_id: _less(each, removed, firsts, archive) for each in records}


def _less(record: LoadRecord, removed: pl.DataFrame, firsts: pl.DataFrame, archive: Archive) -> Recount:
    own = removed.filter(pl.col("load_id") == record.load_id)["position"]
    new = firsts.filter(pl.col("load_id") == record.load_id)["position"]
    positions, others = (
        own,
        _positions(record, archive).filter(pl.col("position").is_in(own.implode()).not_()),
    )
    if record.repeats:
        notes = pl.read_parquet(archive.repeats(record.repeats))
        targets = removed.select(same_load="load_id", same_position="position")
        gone = notes.join(targets, on=["same_load", "same_position"], how="semi")
        left = notes.join(targets, on=["same_load", "same_position"], how="anti")
        positions = pl.concat([own, gone["position"]])
        others = pl.concat([others, left.select("position")])
    width = record.width or 1
    rows = (positions // width).unique()
    rows = rows.filter(~rows.is_in((others["position"] // width).implode()))
    loaded = int(rows.is_in((new // width).implode()).sum())
    return Recount(
        load_id=record.load_id,
        loaded=loaded,
        duplicates=len(rows) - loaded,
        events=new.len(),
        conflicts=own.len() - new.len(),
    )


def _positions(record: LoadRecord, archive: Archive) -> pl.DataFrame:
    """Where the archived events of a load stand; only rows of several events can be left in part."""
    if (record.width or 1) == 1 or not record.segments:
        return pl.DataFrame(schema={"position": pl.Int64})
    return pl.concat(pl.read_parquet(archive.segment(name), columns=["position"]) for name in record.segments)


def recounted(record: LoadRecord, less: Recount, rejected: pl.DataFrame | None) -> LoadRecord:
    """The record with the counts that are left; `rejected`: its rejected rows that are left, if any were."""
    reasons, rejected_rows = record.reasons, record.rejected
    if rejected is not None:
        reasons = dict(rejected["rule"].value_counts().sort("rule").iter_rows())
        rejected_rows = rejected.height
    gone = less.loaded + less.duplicates + record.rejected - rejected_rows
    return record.model_copy(
        update={
            "read": record.read - gone,
            "loaded": max(record.loaded - less.loaded, 0),
            "duplicates": max(record.duplicates - less.duplicates, 0),
            "rejected": rejected_rows,
            "reasons": reasons,
            "events": max(record.events - less.events, 0),
            "conflicts": max(record.conflicts - less.conflicts, 0),
        }
    )


def with_recounts_less(record: Record, less: dict[int, Recount]) -> Record:
    """The record, what it says that other loads count since being less as well."""
    recounts = getattr(record, "recounts", [])
    changed = [_minus(each, less[each.load_id]) if each.load_id in less else each for each in recounts]
    return record if changed == recounts else record.model_copy(update={"recounts": changed})


def _minus(recount: Recount, less: Recount) -> Recount:
    return Recount(
        load_id=recount.load_id,
        loaded=max(recount.loaded - less.loaded, 0),
        duplicates=max(recount.duplicates - less.duplicates, 0),
        events=max(recount.events - less.events, 0),
        conflicts=max(recount.conflicts - less.conflicts, 0),
    )
