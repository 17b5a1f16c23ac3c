"""One KPI as a tile: its value, on how many it stands, its change, its last weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard import words
from metrics.catalog import Metric

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tile:
    """What a tile shows. Texts are plain text."""

    title: str
    value: str
    change: str | int | None
    colour: Literal["normal", "inverse", "off"]
    basis: str
    weeks: tuple[float, ...]
    explanation: str


def tile(
    metric: Metric,
    *,
    now: Row | None,
    before: Row | None,
    weeks: Sequence[float | None],
) -> Tile:
    """A tile; `before` is None where the data does not reach back over the whole period before.

    The change is coloured only where it has a good direction and, for shares, where the two 95 % intervals do
    not overlap: a colour for chance would teach people to chase noise.
    """
    value, n = (now["value"], now["n"]) if now else (None, 0)
    change = words.change(value, before["value"] if before else None, metric.unit)
    if value is None:
        basis = "nothing to measure in this period"
    else:
        was = before if before and before["value"] is not None else None
        parts = [
            f"n {words.count(n)}" if metric.unit != "count" else "",
            f"before {words.value(was['value'], metric.unit)}" if was else "no full period before",
            f"n {words.count(was['n'])}" if was and metric.unit != "count" else "",
        ]
        # Breaks only between the parts, so that on a phone no "n" is left at the end of a line.
        basis = " · ".join(part.replace(" ", words.TIED) for part in parts if part)
    good = {"lower": "inverse", "higher": "normal"}.get(metric.better or "", "off")
    return Tile(
        title=metric.title,
        value=words.value(value, metric.unit),
        change=change,
        colour="off" if now and before and _overlap(now, before) else good,  # type: ignore[arg-type]
        basis=basis,
        weeks=tuple(week for week in weeks if week is not None),
        explanation=metric.question,
    )


def _overlap(now: Row, before: Row) -> bool:
    limits = (now["low"], now["high"], before["low"], before["high"])
    if None in limits:
        return False
    return bool(now["low"] <= before["high"] and before["low"] <= now["high"])
