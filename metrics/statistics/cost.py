"""What a step costs: time beyond its fluent time, with an interval that respects agents."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from metrics.statistics.clustering import Floats, Ints, ratio_variance, summed


def clustered_total_interval(
    amounts: Floats, visits: Floats, group: Ints, groups: int, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Ends of the interval of each group's sum of amounts, given its visits; rows are whole clusters.

    The sum is the visits times the amount per visit, whose variance is that of a ratio of cluster totals
    (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, § 6.4 and § 9A.2), with Student's t on one degree less
    than there are clusters. Never below 0; NaN with fewer than two clusters.
    """
    clusters = summed(np.ones_like(visits), group, groups)
    total, size = summed(amounts, group, groups), summed(visits, group, groups)
    error = size * np.sqrt(ratio_variance(amounts, visits, group, groups))
    reach = stdtrit(np.maximum(clusters - 1, 1), 0.5 + confidence / 2) * error
    return np.maximum(total - reach, 0.0), total + reach
