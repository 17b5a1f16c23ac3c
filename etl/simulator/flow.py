"""All steps of all versions side by side as arrays, so that all runs can move at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.simulator.arrays import Bools, Floats, Ints
from etl.simulator.calendar import Calendar
from etl.simulator.workflow import Step, Version, Workflow

NOWHERE = -1


@dataclass(frozen=True)
class Flow:
    """One entry per step version; `width` answers at most, those that escalate last."""

    workflows: tuple[Workflow, ...]
    steps: tuple[Step, ...]
    workflow: Ints
    version: Ints
    """Place among the versions of its workflow."""
    first_step: tuple[Ints, ...]
    """By workflow: the first step of each version."""
    released: tuple[Ints, ...]
    """By workflow: when each version went live."""
    following: Ints
    """Where each answer leads."""
    text: Ints
    """The words of each answer, in `words`."""
    name: Ints
    """The id of the step, in `words`."""
    edges: Floats
    """Cumulative shares of the answers."""
    safe: Ints
    """How many answers don't escalate."""
    detour: Ints
    """A step that the definition does not allow next."""
    search: Ints
    """First of the workflow's search words, in `words`."""
    reach: Floats
    """Expected visits per run of that version."""
    words: tuple[str, ...]

    def is_type(self, *types: str) -> Bools:
        """Which steps are of one of these types."""
        return np.array([step.type in types for step in self.steps])

    def index(self, workflow: str, version: str, step: str) -> int:
        """The place of one step version."""
        return next(
            place
            for place, candidate in enumerate(self.steps)
            if (self.workflows[self.workflow[place]].id, self.version_name(place), candidate.id)
            == (workflow, version, step)
        )

    def version_name(self, place: int) -> str:
        """The published name of a step's version."""
        workflow = self.workflows[int(self.workflow[place])]
        return workflow.versions[int(self.version[place])].version

    def start_of_run(self, workflow: Ints, at: Ints) -> Ints:
        """The first step of the version that is live at each instant."""
        first = np.full(len(at), NOWHERE, dtype=np.int64)
        for number in range(len(self.workflows)):
            mine = workflow == number
            live = np.searchsorted(self.released[number], at[mine], side="right") - 1
            first[mine] = self.first_step[number][np.clip(live, 0, None)]
        return first


def lay_out(workflows: Sequence[Workflow], calendar: Calendar) -> Flow:
    """The arrays of these workflows over this period."""
    placed = [
        (w, v, step)
        for w, flow in enumerate(workflows)
        for v, version in enumerate(flow.versions)
        for step in version.steps
    ]
    places = {(w, v, step.id): place for place, (w, v, step) in enumerate(placed)}
    words: dict[str, int] = {}
    width = max(len(step.answers) for _, _, step in placed)
    following = np.full((len(placed), width), NOWHERE, dtype=np.int64)
    text, edges = following.copy(), np.ones((len(placed), width))
    name, safe, detour = (np.full(len(placed), NOWHERE, dtype=np.int64) for _ in range(3))
    for place, (w, v, step) in enumerate(placed):
        version = workflows[w].versions[v]
        kinds = {other.id: other.type for other in version.steps}
        answers = sorted(step.answers, key=lambda answer: kinds[answer.next] == "escalation")
        weights = np.array([answer.weight for answer in answers])
        for column, answer in enumerate(answers):
            following[place, column] = places[w, v, answer.next]
            text[place, column] = words.setdefault(answer.text, len(words))
        edges[place, : len(answers)] = np.cumsum(weights) / max(weights.sum(), 1e-9)
        safe[place] = sum(kinds[answer.next] != "escalation" for answer in answers)
        name[place] = words.setdefault(step.id, len(words))
        if (other := _detour(version, step)) is not None:
            detour[place] = places[w, v, other]
    search = [len(words)]
    for flow in workflows:
        for phrase in flow.searches:
            words[f"{flow.id}: {phrase}"] = len(words)  # keyed by workflow: each keeps its own run of words
        search.append(len(words))
    return Flow(
        tuple(workflows),
        tuple(step for _, _, step in placed),
        np.array([w for w, _, _ in placed]),
        np.array([v for _, v, _ in placed]),
        tuple(
            np.array([places[w, v, version.steps[0].id] for v, version in enumerate(flow.versions)])
            for w, flow in enumerate(workflows)
        ),
        tuple(np.array([calendar.at_fraction(part) for part in flow.released]) for flow in workflows),
        following,
        text,
        name,
        edges,
        safe,
        detour,
        np.array(search),
        _reach(
            following,
            edges,
            np.array([v.steps[0] is step for w, v_, step in placed for v in [workflows[w].versions[v_]]]),
        ),
        tuple(word.split(": ")[-1] for word in words),
    )


def _detour(version: Version, step: Step) -> str | None:
    """The step that a run might wrongly jump to: out to the specialists, else over the next one."""
    if step.type in {"end", "escalation"}:
        return None
    forbidden = [other for other in version.steps if other.id not in {*step.next, step.id}]
    way_out = [other.id for other in forbidden if other.type == "escalation"]
    later = [other.id for other in forbidden if other.type == "instruction"]
    return next(iter(way_out + later), None)


def _reach(following: Ints, edges: Floats, is_first: Bools) -> Floats:
    """Expected visits per run, by following the shares of the answers from the first step."""
    shares = np.diff(edges, axis=1, prepend=0.0)
    shares[following == NOWHERE] = 0.0
    moving = is_first.astype(np.float64)
    total = moving.copy()
    while moving.sum() > 1e-6:
        onward = np.zeros_like(moving)
        np.add.at(onward, np.where(following == NOWHERE, 0, following), shares * moving[:, None])
        moving = onward
        total += moving
    return np.asarray(total)
