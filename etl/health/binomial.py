"""How improbable a count is."""

from __future__ import annotations


def is_surely_above(count: int, of: int, share: float, chance: float) -> bool:
    """Whether so many would happen less often than `chance` if the true share were this (binomial)."""
    if count <= of * share:
        return False  # as likely as not, at least
    from scipy.special import bdtrc  # here: it would slow the start of every load

    return float(bdtrc(count - 1, of, share)) < chance
