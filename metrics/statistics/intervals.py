"""How sure a share or a median is: exact or nearly so, from counts alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrik, ndtri

Floats = NDArray[np.float64]
REACH = float(ndtri(0.975))
"""Standard errors to either side of a 95 % interval."""


def wilson(hits: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper end of the interval of a share `hits / n`; NaN where `n` is 0.

    Wilson's score interval without continuity correction (E. B. Wilson, JASA 22, 1927, p. 209; recommended by
    Brown, Cai and DasGupta, Statistical Science 16, 2001). It stays within 0 and 1 and holds for small n.
    """
    x, count = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = float(ndtri(0.5 + confidence / 2))
    size = np.where(count > 0, count, np.nan)
    share = x / size
    centre = share + z**2 / (2 * size)
    spread = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    scale = 1 + z**2 / size
    low, high = (centre - spread) / scale, (centre + spread) / scale
    # Exactly 0 and 1 at the ends, where rounding would leave a speck.
    low, high = np.where(x == 0, 0.0 * size, low), np.where(x == size, 1.0 + 0.0 * size, high)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def quantile_ranks(n: ArrayLike, quantile: float, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Which of n ordered values, counted from 1, enclose the quantile; NaN where even the outermost don't.

    Exact whatever the distribution, with at least the confidence asked for: of n values, the number below the
    quantile is binomial (W. J. Conover, Practical Nonparametric Statistics, 3rd ed. 1999, § 3.2). Fewer than
    six values have no 95 % interval of their median.
    """
    size = np.asarray(n, dtype=np.float64)
    tail = (1 - confidence) / 2
    trials = np.maximum(size, 1)
    low, high = (_binomial_quantile(level, trials, quantile) for level in (tail, 1 - tail))
    high = high + 1
    enough = size > 0
    return np.where(enough & (low >= 1), low, np.nan), np.where(enough & (high <= size), high, np.nan)


def _binomial_quantile(level: float, trials: Floats, share: float) -> Floats:
    """The smallest number of hits whose cumulative chance reaches the level."""
    nearly = np.ceil(bdtrik(level, trials, share))
    one_less = np.maximum(nearly - 1, 0)
    return np.where(bdtr(one_less, trials.astype(np.int64), share) >= level, one_less, nearly)
