"""The most frequent ways through a workflow version, as a table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard.kit.tables.table import Column, Table, durations, texts
from dashboard.language import _, words

MOST_ROWS = 15
LONGEST = 400


def variant_table(variants: pl.DataFrame, titles: Mapping[str, str]) -> Table:
    """One row per way through the version, the most frequent first."""
    rows = variants.head(MOST_ROWS)
    return Table(
        title=_(
            "The most frequent ways through ({shown} of {all})",
            shown=words.count(rows.height),
            all=words.count(variants.height),
        ),
        frame=rows.select(
            "runs",
            "share",
            "share_so_far",
            where=texts(
                _differing(path, rows["path"][0].to_list(), titles) for path in rows["path"].to_list()
            ),
            path=texts(
                words.label(" → ".join(titles.get(step, step) for step in path), LONGEST)
                for path in rows["path"].to_list()
            ),
            steps=pl.col("path").list.len(),
            median=durations(rows["median_seconds"]),
        ),
        columns={
            "runs": Column(_("Runs (n)"), "count"),
            "share": Column(_("Share"), "share", _("Of the runs that have ended.")),
            "share_so_far": Column(_("So far"), "share", _("With all more frequent ways.")),
            "steps": Column(_("Visits"), "count"),
            "median": Column(_("Median time"), width=100, help=_("From the first step to the end.")),
            "where": Column(
                _("Where it differs from the first"),
                help=_("… stands for the part that is like the most frequent way."),
                width=460,
            ),
            "path": Column(_("The whole way"), width=600),
        },
        alt=_("The most frequent ways through this version with their share of runs and median time"),
    )


def _differing(path: list[str], first: list[str], titles: Mapping[str, str]) -> str:
    """The part of a way that is not like the first one, with a step of what is before and after it."""
    if path == first:
        return _("(the most frequent way)")
    ahead = 0
    while ahead < min(len(path), len(first)) and path[ahead] == first[ahead]:
        ahead += 1
    behind = 0
    while behind < min(len(path), len(first)) - ahead and path[-1 - behind] == first[-1 - behind]:
        behind += 1
    low, high = max(ahead - 1, 0), min(len(path) - behind + 1, len(path))
    labels = [words.label(titles.get(step, step), 40) for step in path[low:high]]
    return " → ".join([*(["…"] if low else []), *labels, *(["…"] if high < len(path) else [])])
