"""One KPI as a tile: its value, on how many it stands, its change, its last weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.language import _, words
from dashboard.language.messages import say
from dashboard.queries.warehouse import MetricHistory
from etl.messages import Message
from metrics.catalog.metrics import CATALOG, Metric
from metrics.tickets.control_chart import LEAST, control_chart

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tile:
    """What a tile shows. Texts are plain text."""

    metric: str
    title: str
    value: str
    change: str | int | None
    colour: Literal["normal", "inverse", "off"]
    basis: str
    verdict: str
    weeks: tuple[float, ...]
    n: int
    explanation: str


def tiles(names: Sequence[str], history: MetricHistory, reasons: Mapping[str, Message]) -> list[Tile]:
    """The tiles of some metrics, in this order; `reasons`: by metric, why it is not known."""
    return [
        tile(
            CATALOG[name],
            now=history.now.get(name),
            before=history.before.get(name),
            weeks=history.weeks[name]["value"].to_list(),
            not_known=reasons.get(name),
        )
        for name in names
    ]


def tile(
    metric: Metric,
    *,
    now: Row | None,
    before: Row | None,
    weeks: Sequence[float | None],
    not_known: Message | None = None,
) -> Tile:
    """A tile; `before` is None where the data does not reach back over the whole period before.

    The change is coloured only where it has a good direction and both values have 95 % intervals that do not
    overlap: a colour for chance would teach people to chase noise. A count has no interval, so no colour.
    `weeks`: the values of full weeks in their order, which say whether the latest is signal or noise.
    `not_known`: why there is no value, in this period or any other.
    """
    value, n = (now["value"], now["n"]) if now else (None, 0)
    change = words.change(value, before["value"] if before else None, metric.unit)
    if value is None:
        basis = say(not_known) if not_known else _("nothing to measure in this period")
    else:
        was = before if before and before["value"] is not None else None
        parts = [
            words.cases(n, metric.fact) if metric.unit != "count" else "",
            _("before {value}", value=words.value(was["value"], metric.unit))
            if was
            else _("no full period before"),
            words.cases(was["n"], metric.fact) if was and metric.unit != "count" else "",
        ]
        # No break beside a number, so that on a phone none is left at the end of a line; a part without one
        # may be long, and would break within a word.
        basis = " · ".join(
            part.replace(" ", words.TIED) if _has_digit(part) else part for part in parts if part
        )
    good = {"lower": "inverse", "higher": "normal"}.get(metric.better or "", "off")
    return Tile(
        metric=metric.name,
        title=_(metric.title),
        value=words.value(value, metric.unit),
        change=change,
        colour=good if now and before and _apart(now, before) else "off",  # type: ignore[arg-type]
        basis=basis,
        verdict="" if not_known else _verdict([week for week in weeks if week is not None]),
        weeks=tuple(week for week in weeks if week is not None),
        n=n,
        explanation=_(metric.question),
    )


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _apart(now: Row, before: Row) -> bool:
    """Whether both intervals are known and do not touch."""
    limits = (now["low"], now["high"], before["low"], before["high"])
    return None not in limits and bool(now["low"] > before["high"] or before["low"] > now["high"])


def _verdict(weeks: Sequence[float]) -> str:
    """Whether the latest full week says something, as the control chart of all of them sees it."""
    chart = control_chart(weeks)
    if chart.verdict == "unknown":
        return _("Not enough data yet ({n} weeks needed)", n=LEAST)
    patterns = {pattern.rule: pattern for pattern in chart.now}
    if not patterns:
        return _("No unusual change")
    if pattern := patterns.get("beyond"):
        if pattern.side == "higher":
            return _("Last week above the usual range")
        return _("Last week below the usual range")
    pattern = patterns.get("run") or patterns["near"]
    weeks_of_it = pattern.last - pattern.first + 1
    match pattern.rule, pattern.side:
        case "run", "higher":
            return _("Above average for {n} weeks", n=weeks_of_it)
        case "run", "lower":
            return _("Below average for {n} weeks", n=weeks_of_it)
        case _, "higher":
            return _("Near the top of the usual range for {n} weeks", n=weeks_of_it)
        case _:
            return _("Near the bottom of the usual range for {n} weeks", n=weeks_of_it)
