"""The moves of a process map as a table."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from dashboard.kit.tables.table import Column, Table, durations, texts
from dashboard.language import N_, _

WAYS = {
    "allowed": N_("allowed"),
    "not allowed": N_("not allowed"),
    "went back": N_("went back"),
    "began": N_("runs begin"),
    "finished": N_("runs end"),
    "given up": N_("given up"),
    "not known": N_("no definition"),
}


def move_table(moves: pl.DataFrame, titles: Mapping[str, str]) -> Table:
    """One row per way from step to step, the most frequent first."""
    return Table(
        title=_("Every move between two steps"),
        frame=moves.select(
            come=texts(titles.get(step, _("(start)")) for step in moves["step"]),
            go=texts(titles.get(step, _("(end)")) for step in moves["next_step"]),
            label=texts(_(WAYS[way]) for way in moves["way"]),
            moves="moves",
            share="share",
            median=durations(moves["seconds"]),
            slow=durations(moves["seconds_p90"]),
        ),
        columns={
            "come": Column(_("From the step"), width=220),
            "go": Column(_("To the step"), width=220),
            "label": Column(
                _("Way"), width=110, help=_("By the definition of this version, where there is one.")
            ),
            "moves": Column(_("Moves (n)"), "count"),
            "share": Column(_("Of ways out"), "share", _("Of all moves out of the step.")),
            "median": Column(_("Median time"), width=110, help=_("From entering the step to leaving it.")),
            "slow": Column(_("Slowest tenth"), width=110, help=_("One move in ten takes longer.")),
        },
        alt=_("Every move between two steps with its number, share and times, the most frequent first"),
    )
