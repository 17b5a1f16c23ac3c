"""How long the visits to each step of a workflow version take, as a table."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, durations, texts
from dashboard.language import _, words


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
            fluent=durations(rows["fluent_seconds"]),
            median=durations(rows["median_seconds"]),
            calm=durations(rows["calm_seconds"]),
            confused=durations(rows["confused_seconds"]),
            slow=durations(rows["p90_seconds"]),
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
