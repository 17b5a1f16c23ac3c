"""What may be varied about a simulated desk beside its size: its people and the trouble planted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conditions:
    """The defaults are the desk of the sample. Rates are shares of visits that confuse."""

    agents: int | None = None
    """How many; by the number of tickets a week where nothing is said."""
    newcomer_share: float = 0.17
    """Share of the agents hired during the period."""
    newness: float = 1.0
    """How far newcomers are more confused and slower than others at any step; 0 is not at all."""
    base_rate: float = 0.05
    """Share of visits that confuse where nothing is planted."""
    click_share: float = 0.0
    """Share of the agents who only click through every run."""
    growth: float = 0.008
    """How much more comes in each week, as a share of the first week."""
    consequences: float = 1.0
    """How far confusion makes tickets reopen, customers unhappy and come back; 0 is not at all."""
    agent_spread: float = 0.2
    """Standard deviation of the logarithm of how easily an agent is confused, anywhere."""
    agent_step_spread: float = 0.2
    """The same of an agent at one step."""
    process_rates: tuple[float, float] = (0.15, 0.24)
    """Least and greatest rate of a step that confuses everyone."""
    people_times: tuple[float, float] = (7.0, 9.0)
    """How many times the usual rate newcomers or the few have where they are in trouble."""
    agents_to_coach: int = 5
    """At most so many agents have trouble of their own at a step, and never more than one in twelve."""
    repaired: tuple[float, float] = (0.2, 0.05)
    """The rate of the step that a new version repaired: before and after."""
    broken: tuple[float, float] = (0.05, 0.2)
    """The same of the step that a new version broke."""
