"""Of all that is pointed at, at most a given share may be chance."""

from __future__ import annotations

from typing import Literal

import numpy as np

from metrics.statistics.clustering import Floats


def adjusted(chances: Floats, *, dependence: Literal["positive", "any"] = "positive") -> Floats:
    """The smallest false-discovery rate at which each is still pointed at; NaN stays out and stays NaN.

    Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57, 1995, p. 289. It holds under the positive
    dependence of steps that share their agents: Y. Benjamini and D. Yekutieli, Annals of Statistics 29,
    2001, p. 1165; and with their factor (theorem 1.3) whatever depends on what.
    """
    is_valid = ~np.isnan(chances)
    q = np.full(chances.shape, np.nan)
    if is_valid.any():
        from scipy.stats import false_discovery_control  # here: it would slow the start of every command

        q[is_valid] = false_discovery_control(
            chances[is_valid], method="bh" if dependence == "positive" else "by"
        )
    return q
