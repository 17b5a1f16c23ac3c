"""What a step costs: the time of confused visits beyond that of the others, with an interval over agents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from metrics.statistics.clustering import Floats, Ints, summed

LEAST_VISITS = 20
"""Of fewer confused visits nobody can tell how much their times vary."""


@dataclass(frozen=True)
class SingleVisits:
    """By step: confused visits of which no agent is known; their time and its squares, summed."""

    visits: Floats
    amounts: Floats
    squares: Floats


def clustered_total_interval(
    amounts: Floats,
    visits: Floats,
    group: Ints,
    groups: int,
    *,
    single: SingleVisits | None = None,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Ends of the interval of each group's sum of amounts, given its visits; rows are whole clusters.

    The sum is the visits times the amount per visit, whose variance is that of a ratio of cluster totals
    (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, § 6.4 and § 9A.2), with Student's t on one degree less
    than there are clusters. `single` visits are clusters of one. Student's interval holds only where no
    visit outweighs the others: amounts must have a limit. Never below 0; NaN with fewer than two clusters,
    or fewer than `LEAST_VISITS` visits.
    """
    nothing = np.zeros(groups)
    single = single or SingleVisits(nothing, nothing, nothing)
    clusters = summed(np.ones_like(visits), group, groups) + single.visits
    size = summed(visits, group, groups) + single.visits
    total = summed(amounts, group, groups) + single.amounts
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / size
        spread = (
            summed((amounts - mean[group] * visits) ** 2, group, groups)
            + np.maximum(single.squares - 2 * mean * single.amounts + mean**2 * single.visits, 0.0)
        )  # fmt: skip
        error = np.sqrt(clusters / (clusters - 1) * spread)
    reach = stdtrit(np.maximum(clusters - 1, 1), 0.5 + confidence / 2) * error
    is_known = (clusters > 1) & (size >= LEAST_VISITS)
    return (
        np.where(is_known, np.maximum(total - reach, 0.0), np.nan),
        np.where(is_known, total + reach, np.nan),
    )
