"""Names for the arrays the simulator passes around; instants are whole milliseconds since 1970 UTC."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


def milliseconds(seconds: Floats) -> Ints:
    """Durations in whole milliseconds."""
    return np.rint(seconds * SECOND).astype(np.int64)


def draw(rng: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Indices drawn in proportion to `weights`."""
    edges = np.cumsum(weights)
    place = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(np.minimum(place, len(weights) - 1), dtype=np.int64)


def draw_by_row(rng: np.random.Generator, edges: Floats) -> Ints:
    """One index per row of cumulative shares (each row ends at 1)."""
    return np.asarray((rng.random(len(edges))[:, None] >= edges[:, :-1]).sum(axis=1))
