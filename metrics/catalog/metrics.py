"""Every metric once: what it asks, what it means, how it is measured. All else derives from this table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from etl.errors import InvalidRequest
from metrics.catalog.handling import HANDLING
from metrics.catalog.metric import Metric as Metric
from metrics.catalog.metric import PageList
from metrics.catalog.quality import QUALITY
from metrics.catalog.times import TIMES
from metrics.catalog.waiting import WAITING

CATALOG: Mapping[str, Metric] = {metric.name: metric for metric in (*TIMES, *QUALITY, *WAITING, *HANDLING)}
_PERCENTILE = re.compile(r"(?P<metric>\w+)_p(?P<percent>[1-9]\d?)")


def metric(name: str) -> Metric:
    """The metric of that name.

    Any metric of minutes is also there at another percentile: `resolution_minutes_p90` is the time within
    which nine of ten were solved.

    Raises:
        InvalidRequest: there is none.
    """
    percentile = None if name in CATALOG else _PERCENTILE.fullmatch(name)
    entry = CATALOG.get(percentile["metric"] if percentile else name)
    if entry is None or (percentile and entry.unit != "minutes"):
        raise InvalidRequest("metric.unknown", name=name, known=list(CATALOG))
    return _at_percent(entry, int(percentile["percent"])) if percentile else entry


def page_list(name: PageList) -> tuple[str, ...]:
    """The names of the metrics in a list of a page, in its order."""
    metrics = [metric for metric in CATALOG.values() if name in metric.lists]
    return tuple(metric.name for metric in sorted(metrics, key=lambda metric: metric.lists[name]))


def _at_percent(metric: Metric, percent: int) -> Metric:
    """The same time for another share of the tickets."""
    return replace(
        metric,
        name=f"{metric.name}_p{percent}",
        title=f"{metric.title}, {percent} %",
        question=f"Within what time is it for {percent} % of them? {metric.question}",
        definition=f"{metric.definition} Here the {percent}th percentile instead of the median.",
        quantile=percent / 100,
    )
