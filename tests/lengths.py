"""How much a property is tried: enough for every day, ten times as much with `make test-long`."""

from __future__ import annotations

import os

from hypothesis import settings

LONG = bool(os.environ.get("STEPSIGHT_LONG_TESTS"))


def examples(number: int, *, long: int | None = None) -> settings:
    """`long`: how many in `make test-long`, unless ten times as many."""
    return settings(max_examples=(long or number * 10) if LONG else number, deadline=None)
