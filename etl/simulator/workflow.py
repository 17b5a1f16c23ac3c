"""What a simulated workflow is made of: steps with their answers, versions, and the demand for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Answer:
    """One way out of a step: what is answered, where it leads, how often (relative weight)."""

    text: str
    next: str
    weight: float


@dataclass(frozen=True)
class Step:
    """One step of one workflow version; `seconds` is the median stay of an experienced agent."""

    id: str
    title: str
    type: str
    seconds: float
    answers: tuple[Answer, ...]
    required: bool = False
    returns_by_design: bool = False
    pause_share: float = 0.012

    @property
    def next(self) -> list[str]:
        """The steps that may follow, in the order of the answers, each once."""
        return list(dict.fromkeys(answer.next for answer in self.answers))


@dataclass(frozen=True)
class Version:
    """One published version; the first step is where a run starts."""

    version: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Workflow:
    """One workflow and the demand for it."""

    id: str
    title: str
    reason: str
    share: float
    """Relative share of contacts."""
    versions: tuple[Version, ...]
    searches: tuple[str, ...]
    """What agents look up in the knowledge base while working on it."""
    released: tuple[float, ...] = (0.0,)
    """When each version goes live, as a fraction of the simulated period."""
    changed_step: str | None = None
    """The step that the newest version rewrote."""
    hold_share: float = 0.05
    """Share of tickets that wait for somebody outside before they can be solved."""
    month_start: float = 1.0
    """Demand in the first five days of a month, against other days."""
    channels: Mapping[str, float] = field(default_factory=dict)
    """Demand by channel, against the average of all workflows; 1 where nothing is said."""


Ways = Mapping[str, tuple[str, float] | str]


def _answers(ways: Ways) -> tuple[Answer, ...]:
    pairs = {text: way if isinstance(way, tuple) else (way, 1.0) for text, way in ways.items()}
    return tuple(Answer(text, following, weight) for text, (following, weight) in pairs.items())


def question(name: str, title: str, seconds: float, ways: Ways, *, required: bool = False) -> Step:
    """A step at which the agent asks and records the answer."""
    return Step(name, title, "question", seconds, _answers(ways), required)


def form(name: str, title: str, seconds: float, ways: Ways, *, required: bool = False) -> Step:
    """A step at which fields are filled in; the answer is what kind of record came of it."""
    return Step(name, title, "form", seconds, _answers(ways), required)


def decision(name: str, title: str, seconds: float, ways: Ways) -> Step:
    """A step at which the agent judges."""
    return Step(name, title, "decision", seconds, _answers(ways))


def instruction(name: str, title: str, seconds: float, following: str, *, required: bool = False) -> Step:
    """A step at which something is done or said; it asks for no answer."""
    return Step(name, title, "instruction", seconds, (Answer("", following, 1.0),), required)


def escalation(following: str, title: str = "Hand over to the specialists", seconds: float = 50) -> Step:
    """The way out to the second level."""
    return Step("escalate", title, "escalation", seconds, (Answer("", following, 1.0),))


def end(name: str = "wrap-up", title: str = "Note the outcome and close", seconds: float = 30) -> Step:
    """The last step of a run."""
    return Step(name, title, "end", seconds, ())


def by_design(step: Step) -> Step:
    """The same step, in a loop that is meant."""
    return replace(step, returns_by_design=True)


def revise(old: Version, version: str, *steps: Step, without: tuple[str, ...] = ()) -> Version:
    """The next version: steps of the same id replaced in place, new ones put before the way out."""
    new = {step.id: step for step in steps}
    order = [new.pop(step.id, step) for step in old.steps if step.id not in without]
    out = next(place for place, step in enumerate(order) if step.type in {"escalation", "end"})
    return Version(version, (*order[:out], *new.values(), *order[out:]))
