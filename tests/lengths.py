"""How much is tried: enough for every day, every case and properties ten times as often in the long one."""

from __future__ import annotations

import os
from zlib import crc32

import pytest
from hypothesis import settings

LONG = bool(os.environ.get("STEPSIGHT_LONG_TESTS"))


def examples(number: int, *, long: int | None = None) -> settings:
    """`long`: how many in `make test-long`, unless ten times as many.

    Two at least: the first that Hypothesis tries is the simplest of all, an empty history for one.
    """
    assert number > 1
    return settings(max_examples=(long or number * 10) if LONG else number, deadline=None)


def without_most_cases(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Those that are run and those left to the long suite: what is `long`, and most cases under `sweep(n)`.

    About every n-th is run, by the case's own name: each value of two lists comes up, the same everywhere.
    """
    tests = set[str]()
    run, left = [], []
    for item in items:
        mark = item.get_closest_marker("sweep")
        test = item.nodeid.partition("[")[0]
        is_like = mark is not None and test in tests and crc32(item.nodeid.encode()) % mark.args[0] > 0
        is_left = not LONG and (is_like or item.get_closest_marker("long") is not None)
        (left if is_left else run).append(item)
        tests.add(test)
    return run, left
