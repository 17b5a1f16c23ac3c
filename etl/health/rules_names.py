"""What the counts say about names: those that look alike, and those that no event has."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import polars as pl

from etl.contract.names import look_alike_keys
from etl.health.finding import Check, Outcome, Row, fine, notable
from etl.health.limits import Limits
from etl.health.setting_names import MOST_NAMES, parts_of
from etl.messages import Message


def _look_alike_names(names: list[Row], _: Limits) -> Outcome | None:
    parts: list[Message] = []
    is_comparable = False
    for column, of_column in groupby(names, itemgetter("of_column")):
        frame = pl.DataFrame({"name": [row["name"] for row in of_column]}, schema={"name": pl.String})
        is_comparable |= frame.height > 1
        frame = frame.with_columns(key=look_alike_keys(frame["name"]))
        alike = frame.group_by("key").agg(pl.col("name").sort()).filter(pl.col("name").list.len() > 1)
        parts += [
            Message("health.look_alike_names.group", {"column": column, "names": group})
            for group in alike.sort("key")["name"].to_list()
        ]
    if not parts:
        return fine({}) if is_comparable else None
    values = {"groups": parts[:MOST_NAMES], "n": len(parts)}
    return notable({"groups": len(parts)}, "health.look_alike_names.some", values, is_bad=False)


def _unmatched_settings(names: list[Row], _: Limits) -> Outcome:
    rows = [
        tuple(row[part] for part in ("source", "place", "of_column", "name", "names_of_events"))
        for row in names
    ]
    values = {"names": parts_of(rows), "n": len(rows)}
    return notable({"names": len(rows)}, "health.unmatched_settings.some", values, is_bad=False)


def _mapping_without_effect(row: Row, _: Limits) -> Outcome:
    keys = row["keys"]
    values = {"keys": keys[:MOST_NAMES], "n": len(keys)}
    return notable(row, "health.mapping_without_effect.some", values, is_bad=False)


_SETTING_NAMES = "SELECT 1 FROM setting_names WHERE EXISTS (FROM health_tickets) LIMIT 1"
_MAPPED_LOADS = "SELECT 1 FROM loads WHERE read > 0 AND shared_without_effect IS NOT NULL LIMIT 1"

CHECKS = (
    Check("look_alike_names", _look_alike_names, by_source=True),
    Check("unmatched_settings", _unmatched_settings, by_source=True, subject=_SETTING_NAMES),
    Check("mapping_without_effect", _mapping_without_effect, subject=_MAPPED_LOADS),
)
