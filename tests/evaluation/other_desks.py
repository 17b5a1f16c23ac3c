"""The same proof on the other desk, far from the simulator: where detection holds, and where it breaks."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from metrics.statistics.step_trouble import step_trouble
from tests.metrics.statistics.other_desk import KINDS, OtherDesk

USUAL = OtherDesk()
CALM = replace(USUAL, planted=0)
BUSY = replace(USUAL, least_visits=500)
VARIED = {
    "30 to 5,000 visits a step": USUAL,
    "500 to 5,000 visits": BUSY,
    "30 to 300 visits": replace(USUAL, most_visits=300),
    "steps differ by 30 %": replace(BUSY, step_spread=0.3),
    "agents differ by 60 %": replace(BUSY, agent_spread=0.6),
    "agents differ by 100 %": replace(BUSY, agent_spread=1.0),
    "process × 2": replace(BUSY, process_times=2.0),
    "process × 3": replace(BUSY, process_times=3.0),
    "people × 4": replace(BUSY, people_times=4.0),
    "newness fades in 3 visits": replace(BUSY, fades=3.0),
    "newness fades in 60 visits": replace(BUSY, fades=60.0),
    "half the agents new": replace(BUSY, newcomers=0.5),
    "nine in ten agents new": replace(BUSY, newcomers=0.9),
    "8 agents, 1 in trouble": replace(BUSY, agents=8, agents_to_coach=1),
    "base rate 1 %": replace(BUSY, base=0.01),
    "base rate 15 %": replace(BUSY, base=0.15, process_times=3.0, people_times=4.0),
    "half the steps planted": replace(BUSY, planted=10),
    "12 steps in all": replace(BUSY, steps=12, planted=1),
    "calm": CALM,
    "calm, agents differ by 60 %": replace(CALM, agent_spread=0.6),
    "calm, 8 agents": replace(CALM, agents=8),
    "calm, 300 steps, 100 agents": replace(CALM, steps=300, agents=100),
}


def measured(desk: OtherDesk, seeds: range) -> pl.DataFrame:
    """One row per step and seed: what was found, and what was planted."""
    return pl.concat([_one(desk, seed) for seed in seeds])


def _one(desk: OtherDesk, seed: int) -> pl.DataFrame:
    counts, kind = desk.draw(seed)
    trouble = step_trouble(counts)
    return pl.DataFrame(
        {
            "seed": [seed] * counts.steps,
            "planted": [KINDS[place] for place in kind],
            "visits": counts.all_visits,
            "hotspot": trouble.hotspot,
            "hidden": trouble.hidden,
            "verdict": [str(verdict) for verdict in trouble.verdict],
        }
    )
