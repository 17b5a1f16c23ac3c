"""Every metric once: what it asks, what it means, how it is measured. All else derives from this table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from etl.errors import InvalidRequest
from metrics.catalog.confusion import CONFUSED_TICKETS, CONFUSION
from metrics.catalog.handling import HANDLING
from metrics.catalog.metric import Among, PageList
from metrics.catalog.metric import Metric as Metric
from metrics.catalog.quality import QUALITY
from metrics.catalog.times import TIMES
from metrics.catalog.waiting import WAITING

CATALOG: Mapping[str, Metric] = {
    metric.name: metric for metric in (*TIMES, *QUALITY, CONFUSED_TICKETS, CONFUSION, *WAITING, *HANDLING)
}
MEANS: Mapping[str, Metric] = {
    **{
        f"{name}_mean": replace(
            CATALOG[name],
            name=f"{name}_mean",
            title=f"{CATALOG[name].title}, mean",
            definition=f"{CATALOG[name].definition} Here the mean instead of the median.",
            kind="mean",
            lists={},
        )
        for name in (
            "first_response_minutes",
            "first_response_business_minutes",
            "felt_first_response_minutes",
        )
    },
    "rating_mean": replace(
        CATALOG["csat"],
        name="rating_mean",
        title="Rating, mean",
        question="How good are the ratings?",
        definition=(
            "Mean of the last ratings, as a share of their scales: 0.8 is 4 of 5. By the day of the rating."
        ),
        kind="mean",
        among=Among("rating_share IS NOT NULL"),
        hits="",
        value="rating_share",
        lists={},
    ),
}
"""Means, where the field uses them beside the median."""
_PERCENTILE = re.compile(r"(?P<metric>\w+)_p(?P<percent>[1-9]\d?)")


def metric(name: str) -> Metric:
    """The metric of that name.

    First response times and ratings are also there as a mean: `first_response_minutes_mean` (the average
    speed of answer), `rating_mean`. Any metric of minutes is also there at another percentile:
    `resolution_minutes_p90` is the time within which nine of ten were solved.

    Raises:
        InvalidRequest: there is none.
    """
    if name in MEANS:
        return MEANS[name]
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
