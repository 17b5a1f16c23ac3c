"""Where the steps of a workflow stand on its map: layers from top to bottom, lanes from left to right.

A small layered drawing after K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of
hierarchical system structures, IEEE Transactions on Systems, Man, and Cybernetics 11, 1981, p. 109: moves
that close a circle are put aside, each step stands below all that lead to it, and steps are drawn to the
middle of their neighbours. Same input, same map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor

SWEEPS = 8
STOP_DRAWS = 0.1


@dataclass(frozen=True)
class Place:
    """Layer from 0 at the top; lane from 0 in the middle, one apart from its neighbours at least."""

    layer: int
    lane: float


@dataclass(frozen=True)
class Layout:
    """Every step's place, and on which lane a move that skips layers passes them, where it does."""

    places: Mapping[str, Place]
    passing: Mapping[tuple[str, str], float]


def layout(steps: Sequence[str], moves: Iterable[tuple[str, str]]) -> Layout:
    """`steps` in the order in which they are meant; moves between others are left out."""
    names = set(steps)
    pairs = sorted(
        {(one, other) for one, other in moves if one != other and {one, other} <= names},
        key=lambda pair: (steps.index(pair[0]), steps.index(pair[1])),
    )
    forward = _without_circles(steps, pairs)
    layer = _layers(steps, forward)
    nodes, links, hops = _with_stops(steps, forward, layer)
    lanes = _lanes(nodes, links)
    middle = _half((min(lanes.values()) + max(lanes.values())) / 2) if lanes else 0.0
    return Layout(
        # On halves of lanes, so that what is nearly straight is straight; one apart stays one apart.
        places={step: Place(layer[step], _half(lanes[step]) - middle) for step in steps},
        passing={
            pair: sum(lanes[stop] for stop in stops) / len(stops) - middle for pair, stops in hops.items()
        },
    )


def _half(lane: float) -> float:
    """The nearest half lane; lanes that are one apart but for the last digits stay one apart."""
    return floor(round(lane, 6) * 2 + 0.5) / 2


def _without_circles(steps: Sequence[str], pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The moves less those that lead back to a step on the way to them, looking in the order of steps."""
    follows = _grouped(pairs)
    onward: list[tuple[str, str]] = []
    on_the_way, done = set[str](), set[str]()
    for first in steps:
        if first in done:
            continue
        stack = [(first, iter(follows.get(first, ())))]
        on_the_way.add(first)
        while stack:
            step, following = stack[-1]
            for other in following:
                if other in on_the_way:
                    continue
                onward.append((step, other))
                if other not in done:
                    on_the_way.add(other)
                    stack.append((other, iter(follows.get(other, ()))))
                    break
            else:
                stack.pop()
                on_the_way.discard(step)
                done.add(step)
    return onward


def _layers(steps: Sequence[str], forward: list[tuple[str, str]]) -> dict[str, int]:
    """The longest way to each step."""
    follows, waiting = _grouped(forward), dict.fromkeys(steps, 0)
    for _, other in forward:
        waiting[other] += 1
    layer, ready = dict.fromkeys(steps, 0), [step for step in steps if not waiting[step]]
    while ready:
        step = ready.pop(0)
        for other in follows.get(step, ()):
            layer[other] = max(layer[other], layer[step] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return layer


Rows = list[list[str]]


def _with_stops(
    steps: Sequence[str], forward: list[tuple[str, str]], layer: Mapping[str, int]
) -> tuple[Rows, list[tuple[str, str]], dict[tuple[str, str], list[str]]]:
    """The layers with a stop in each layer that a move skips, so that its lane is kept free."""
    rows: Rows = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for step in steps:
        rows[layer[step]].append(step)
    links, hops = list[tuple[str, str]](), dict[tuple[str, str], list[str]]()
    for one, other in forward:
        stops = [f"{one}\0{other}\0{place}" for place in range(layer[one] + 1, layer[other])]
        for place, stop in enumerate(stops, layer[one] + 1):
            rows[place].append(stop)
        chain = [one, *stops, other]
        links += pairwise(chain)
        if stops:
            hops[one, other] = stops
    return rows, links, hops


def _lanes(rows: Rows, links: list[tuple[str, str]]) -> dict[str, float]:
    """Each node as near to the middle of its neighbours as the others of its layer let it."""
    above, below = _grouped([(other, one) for one, other in links]), _grouped(links)
    lanes = {node: place - (len(row) - 1) / 2 for row in rows for place, node in enumerate(row)}
    for sweep in range(SWEEPS):
        is_down = sweep % 2 == 0
        for row in rows if is_down else reversed(rows):
            beside = above if is_down else below
            wished = {node: _middle(node, beside.get(node, ()), lanes) for node in row}
            lanes |= _apart(sorted(row, key=lambda node: (wished[node], lanes[node])), wished)
    return lanes


def _middle(node: str, beside: Sequence[str], lanes: Mapping[str, float]) -> float:
    """The mean lane of its neighbours; steps draw more than stops, so that the main way is straight."""
    weighted_lanes = [
        (STOP_DRAWS if "\0" in other or "\0" in node else 1.0, lanes[other]) for other in beside
    ]
    total = sum(weight for weight, _lane in weighted_lanes)
    return sum(weight * lane for weight, lane in weighted_lanes) / total if total else lanes[node]


def _apart(row: list[str], wished: Mapping[str, float]) -> dict[str, float]:
    """The nodes in this order, one lane apart at least, and as a whole where they wish to be."""
    placed: dict[str, float] = {}
    last = float("-inf")
    for node in row:
        last = max(wished[node], last + 1)
        placed[node] = last
    shift = sum(placed[node] - wished[node] for node in row) / len(row) if row else 0.0
    return {node: lane - shift for node, lane in placed.items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for one, other in pairs:
        grouped.setdefault(one, []).append(other)
    return grouped
