"""The moves of a process map, the ways through it and the times of its steps, as tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard.kit.table import Column, Table, texts
from dashboard.language import _, words
from dashboard.views.process_map.edges import WAYS

SHOWN = 15
LONGEST = 400


def move_table(moves: pl.DataFrame, titles: Mapping[str, str]) -> Table:
    """One row per way from step to step, the most frequent first."""
    return Table(
        title=_("Every move between two steps"),
        frame=moves.select(
            come=texts(titles.get(step, _("(start)")) for step in moves["step"]),
            go=texts(titles.get(step, _("(end)")) for step in moves["next_step"]),
            said=texts(_(WAYS[way]) for way in moves["way"]),
            moves="moves",
            share="share",
            median=_durations(moves["seconds"]),
            slow=_durations(moves["seconds_p90"]),
        ),
        columns={
            "come": Column(_("From the step"), width=220),
            "go": Column(_("To the step"), width=220),
            "said": Column(
                _("Way"), width=110, help=_("By the definition of this version, where there is one.")
            ),
            "moves": Column(_("Moves (n)"), "count"),
            "share": Column(_("Of ways out"), "share", _("Of all moves out of the step.")),
            "median": Column(_("Median time"), width=110, help=_("From entering the step to leaving it.")),
            "slow": Column(_("Slowest tenth"), width=110, help=_("One move in ten takes longer.")),
        },
        alt=_("Every move between two steps with its number, share and times, the most frequent first"),
    )


def variant_table(variants: pl.DataFrame, titles: Mapping[str, str]) -> Table:
    """One row per way through the version, the most frequent first."""
    shown = variants.head(SHOWN)
    return Table(
        title=_(
            "The most frequent ways through ({shown} of {all})",
            shown=words.count(shown.height),
            all=words.count(variants.height),
        ),
        frame=shown.select(
            "runs",
            "share",
            "share_so_far",
            where=texts(
                _differing(path, shown["path"][0].to_list(), titles) for path in shown["path"].to_list()
            ),
            path=texts(
                words.label(" → ".join(titles.get(step, step) for step in path), LONGEST)
                for path in shown["path"].to_list()
            ),
            steps=pl.col("path").list.len(),
            median=_durations(shown["median_seconds"]),
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
    shown = [words.label(titles.get(step, step), 40) for step in path[low:high]]
    return " → ".join([*(["…"] if low else []), *shown, *(["…"] if high < len(path) else [])])


def time_table(times: pl.DataFrame, *, step: str) -> Table:
    """One row per step of a version, the one looked at first."""
    rows = times.sort((pl.col("step") == step), "visits", "step", descending=[True, True, False])
    return Table(
        title=_("How long its visits take, beside the other steps of this version"),
        frame=rows.select(
            name=texts(
                ("▸ " if each == step else "") + words.label(title or each)
                for each, title in rows["step", "title"].rows()
            ),
            visits="visits",
            fluent=_durations(rows["fluent_seconds"]),
            median=_durations(rows["median_seconds"]),
            calm=_durations(rows["calm_seconds"]),
            confused=_durations(rows["confused_seconds"]),
            slow=_durations(rows["p90_seconds"]),
        ),
        columns={
            "name": Column(_("Step"), pinned=True, width=240),
            "visits": Column(_("Visits (n)"), "count"),
            "fluent": Column(
                _("Fluent time"),
                help=_("The median of visits without any other sign, over all data."),
                width=100,
            ),
            "median": Column(_("Median"), width=90, help=_("Without pauses, as all times here.")),
            "calm": Column(_("Not confused"), width=100),
            "confused": Column(_("Confused"), width=90),
            "slow": Column(_("Slowest tenth"), width=100, help=_("One visit in ten takes longer.")),
        },
        alt=_("Fluent time and median times of each step of this version"),
    )


def _durations(seconds: pl.Series) -> pl.Series:
    return texts(words.minutes(None if value is None else value / 60) for value in seconds)
