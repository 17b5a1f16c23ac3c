"""Process or people: who holds what a step confuses beyond the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from metrics.statistics.clustering import Floats
from metrics.statistics.counts import Bools

CHANCE = 0.05


class Verdict(StrEnum):
    """Where to mend: the step, what newcomers are taught, how a few agents do it, or nobody can tell."""

    PROCESS = "process"
    TRAINING = "training"
    COACHING = "coaching"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Excess:
    """By step version: confused visits beyond the baseline, by who holds them, and the chance of each."""

    newcomers: Floats
    few_agents: Floats
    others: Floats
    newcomers_chance: Floats
    few_agents_chance: Floats
    others_chance: Floats
    """That the others, without newcomers and the few, are as confused at an ordinary step."""


def verdicts(excess: Excess, *, broad: Bools) -> list[Verdict]:
    """The verdict on each step, if it is found: who holds most of the excess, where that is beyond chance.

    `broad`: by step, whether it may be called the process's: not where most agents fare no worse than usual.
    Our own rule, not taken from a source; `make evaluate` shows how often it is right.
    """
    held = np.maximum(np.array([excess.others, excess.newcomers, excess.few_agents]), 0.0)
    chances = np.array([excess.others_chance, excess.newcomers_chance, excess.few_agents_chance])
    held = np.where(np.nan_to_num(chances, nan=1.0) <= CHANCE, held, 0.0)
    # What is not beyond chance still counts in the whole.
    total = np.maximum(np.array([excess.others, excess.newcomers, excess.few_agents]), 0.0).sum(axis=0)
    most = np.argmax(held, axis=0)
    largest = np.take_along_axis(held, most[None], axis=0)[0]
    names = (Verdict.PROCESS, Verdict.TRAINING, Verdict.COACHING)
    clear = (largest > 0) & (largest >= total / 2)
    clear &= (most != 0) | broad
    return [
        names[group] if is_clear else Verdict.UNCLEAR for group, is_clear in zip(most, clear, strict=True)
    ]
