"""Batches of rows, two of them at a time: most of what is done to one keeps a single core busy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

Part = TypeVar("Part")


def two_at_a_time(
    process: Callable[[int, pl.DataFrame], Part], batches: Iterable[pl.DataFrame]
) -> Iterator[Part]:
    """What becomes of the batches, in their order."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        begun: deque[Future[Part]] = deque()
        for number, rows in enumerate(batches):
            begun.append(pool.submit(process, number, rows))
            if len(begun) > 1:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
