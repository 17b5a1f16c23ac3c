"""A log of tickets of which only some rows are of a run: those where a column names the step."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from etl.contract.kinds import RUN_KINDS, Kind
from etl.mapping.inspect.column_names import ATTRIBUTES
from etl.mapping.inspect.names import words
from etl.mapping.inspect.profile import Profile

_RUN = r"(?:run|workflow|guide|flow|script|procedure)"
# What an activity with a step tells, by its name; the first that fits.
_MEANINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.RUN_STARTED, re.compile(rf"^(?:{_RUN} )?(?:started?|begun|begins?|launched)(?: {_RUN})?$")),
    (Kind.RUN_FINISHED, re.compile(rf"^(?:{_RUN} )?(?:done|finish(?:ed)?|completed?|ended)(?: {_RUN})?$")),
    (Kind.RUN_ABANDONED, re.compile(rf"^(?:{_RUN} )?(?:abandoned|cancelled|canceled|aborted)(?: {_RUN})?$")),
    (
        Kind.INPUT_REJECTED,
        re.compile(
            r"\b(?:input|entry|form|value)s? (?:refused|rejected|invalid|denied)$|^(?:invalid|wrong) \w+$"
        ),
    ),
    (Kind.ASKED_HELP, re.compile(r"^(?:asked|asks|called|requested)(?: for)? help$|^help(?: requested)?$")),
    (Kind.SKIPPED, re.compile(r"^(?:step )?skipped$")),
    (Kind.PAUSED, re.compile(r"^(?:run )?paused$")),
    (Kind.RESUMED, re.compile(r"^(?:run )?resumed$")),
    (
        Kind.ENTERED,
        re.compile(
            r"^(?:step|page|screen|node|question)(?: (?:entered|shown|opened|viewed|visited|reached))?$"
            r"|^(?:entered|visited|reached|viewed|shown)\b"
        ),
    ),
)
_ALWAYS, _NEVER = 0.98, 0.02


@dataclass(frozen=True)
class PartialSteps:
    """The columns of step and run that some activities have, and what these activities tell."""

    columns: dict[str, str]
    kinds: dict[Kind, list[str]]
    activities: frozenset[str]


def partial_steps(profile: Profile, activity: str) -> PartialSteps | None:
    """The steps of a log in which some activities always have one and the others never; None for others."""
    step = _column(profile, "step")
    if step is None:
        return None
    shares = (
        profile.rows.select(name=pl.col(activity).cast(pl.String), is_step=pl.col(step).is_not_null())
        .drop_nulls()
        .group_by("name")
        .agg(pl.col("is_step").mean())
    )
    always = sorted(shares.filter(pl.col("is_step") >= _ALWAYS)["name"])
    never = sorted(shares.filter(pl.col("is_step") <= _NEVER)["name"])
    if not always or not never or len(always) + len(never) < shares.height:
        return None
    kinds: dict[Kind, list[str]] = {}
    for name in always:
        kind = next((kind for kind, pattern in _MEANINGS if pattern.search(words(name))), None)
        if kind:
            kinds.setdefault(kind, []).append(name)
    with_meaning = {name for names in kinds.values() for name in names}
    kinds.setdefault(Kind.ENTERED, [name for name in always if name not in with_meaning])
    run = _column(profile, "run_id", of_steps=profile.rows[step].is_not_null())
    columns = {"step": step} | ({"run_id": run} if run else {})
    of_runs = _without_step(profile, activity, never, run)
    for name, kind in of_runs.items():
        kinds.setdefault(kind, []).append(name)
    return PartialSteps(
        columns, {kind: names for kind, names in kinds.items() if names}, frozenset({*always, *of_runs})
    )


def _without_step(profile: Profile, activity: str, names: list[str], run: str | None) -> dict[str, Kind]:
    """Activities without a step that begin or end a run: they name one, or their rows have its id."""
    with_run = set(profile.rows.filter(pl.col(run).is_not_null())[activity].cast(pl.String)) if run else set()
    of_runs: dict[str, Kind] = {}
    for name in names:
        text = words(name)
        kind = next((kind for kind, form in _MEANINGS if kind in RUN_KINDS and form.search(text)), None)
        if kind and (name in with_run or re.search(rf"\b{_RUN}\b", text)):
            of_runs[name] = kind
    return of_runs


def _column(profile: Profile, ours: str, of_steps: pl.Series | None = None) -> str | None:
    """A column by its name that some rows have; all of those of steps, where these are stated."""
    for pattern in ATTRIBUTES[ours]:
        for name, text in profile.names.items():
            is_part = 0 < profile.heights[name] < profile.rows.height and name not in profile.forms
            is_on_steps = of_steps is None or profile.rows[name].is_not_null().filter(of_steps).all()
            if pattern.match(text) and is_part and is_on_steps:
                return name
    return None
