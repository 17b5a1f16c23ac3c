"""A metric is one entry that says all of itself."""

from collections import Counter
from typing import get_args

import pytest

from metrics.catalog.metric import Metric, PageList
from metrics.catalog.metrics import CATALOG, page_list
from metrics.catalog.runs import RUN_METRICS

METRICS = (*CATALOG.values(), *RUN_METRICS)


def test_no_two_metrics_share_a_name_or_a_title():
    for field in ("name", "title"):
        assert [
            text for text, n in Counter(getattr(metric, field) for metric in METRICS).items() if n > 1
        ] == []


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_an_entry_says_what_its_kind_needs_and_no_more(metric: Metric):
    given = {name for name in ("hits", "value", "is_over") if getattr(metric, name)}
    needed = {"share": {"hits"}, "median": {"value"}, "survival": {"value", "is_over"}, "count": set()}
    assert given == needed[metric.kind]
    units = {"share": "share", "median": "minutes", "survival": "minutes", "count": "count"}
    assert metric.unit == units[metric.kind]


@pytest.mark.parametrize("name", get_args(PageList))
def test_every_list_of_a_page_is_in_an_order_of_its_own(name: PageList):
    places = Counter(metric.lists[name] for metric in CATALOG.values() if name in metric.lists)
    assert places
    assert [place for place, n in places.items() if n > 1] == []


def test_the_overview_shows_its_metrics_in_order():
    assert page_list("overview")[:4] == (
        "tickets_opened", "first_response_minutes", "resolution_minutes", "csat"
    )  # fmt: skip
