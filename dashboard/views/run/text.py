"""The sentence the page of a run opens with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.kit.steps.step_evidence import about_states
from dashboard.language import N_, _, ngettext, words
from dashboard.language.time_words import worked

ENDED = {"run_finished": N_("It was finished."), "run_abandoned": N_("It was given up.")}


def opening(facts: Mapping[str, Any], visits: Sequence[Mapping[str, Any]], time_zone: str) -> str:
    """One run in a few sentences: which workflow, how long, how it ended, where it was troubled."""
    sentences = [
        _(
            "This run of {workflow}, version {version}, began on {when}.",
            workflow=words.label(facts["workflow"]),
            version=words.label(facts["version"], 12),
            when=words.instant(facts["started_at"], time_zone),
        )
    ]
    last = facts["ended_at"] or facts["last_event_at"]
    minutes = (last - facts["started_at"]).total_seconds() / 60
    paused = sum(visit["paused_minutes"] or 0.0 for visit in visits)
    steps = len({visit["step"] for visit in visits})
    sentences.append(
        _(
            "It took {time} over {visits} to {steps}.",
            time=worked(minutes, paused),
            visits=words.counted(len(visits), "visit"),
            steps=words.counted(steps, "step"),
        )
    )
    sentences.append(
        _(ENDED[facts["ended_by"]]) if facts["ended_by"] in ENDED else _("It has no end in the data.")
    )
    if any(visit["is_guided"] is False for visit in visits):
        sentences += about_states([facts["workflow"]])
    off = sum(visit["breach"] is not None for visit in visits)
    if off:
        sentences.append(
            ngettext("It left the path once.", "It left the path {n} times.", off, n=words.count(off))
        )
    return " ".join(sentences)
