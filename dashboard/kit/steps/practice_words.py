"""Bands of experience as a reader sees them, and what practice does for a step in words."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.language import N_, _, words
from metrics.training.learning import Learning
from metrics.training.learning_curve import BANDS, By, Of

NOT_KNOWN = N_("not known")
MEANINGS: Mapping[str, str] = {
    Learning.FADES: N_("Newcomers are confused more often than the others: training or a mentor helps."),
    Learning.STAYS: N_("Practised agents stay confused, too: look at the step first, training may not help."),
    Learning.BOTH: N_(
        "Newcomers more than the others, who still are too often: look at the step, then at training."
    ),
    Learning.NONE: N_("The data shows no clear difference between newcomers and the others."),
    Learning.UNKNOWN: N_("Too early to say: fewer than five newcomers or five others."),
}
TITLES: Mapping[str, str] = {
    Learning.FADES: N_("learnt with practice"),
    Learning.STAYS: N_("stays hard"),
    Learning.BOTH: N_("hard at first, and stays hard"),
    Learning.NONE: N_("no difference shown"),
    Learning.UNKNOWN: N_("not known"),
}
AXES: Mapping[By, str] = {
    "practice": N_("The agent's visit to the step, counted from the first"),
    "experience_weeks": N_("Week since the agent's first visit to the step"),
}
MEASURES: Mapping[Of, str] = {"confusion": N_("Confused visits"), "minutes": N_("Time taken")}


def bands(by: By) -> dict[int, str]:
    """Every band under its lower end: "1–5", "6–10" … "51+"."""
    ends = BANDS[by]
    return {low: _band(low + 1, after) for low, after in zip(ends, (*ends[1:], None), strict=True)}


def _band(first: int, last: int | None) -> str:
    if last is None:
        return f"{first}+"
    return f"{first}" if first == last else f"{first}–{last}"


def learning_title(learning: str) -> str:
    """What practice does for a step, in a few words."""
    return _(TITLES[learning])


def learning_meaning(learning: str) -> str:
    """The same in a sentence, with what to do."""
    return _(MEANINGS[learning])


def newcomer_ratio(evidence: Mapping[str, float | None]) -> str:
    """How many times as often newcomers are confused as others, with its interval: "× 1.4 (0.6 to 3.0)"."""
    ratio, low, high = (evidence[f"newcomer_ratio{end}"] for end in ("", "_low", "_high"))
    if ratio is None or low is None or high is None:
        return words.UNKNOWN
    values = {
        name: words.decimal(number, 1) for name, number in (("ratio", ratio), ("low", low), ("high", high))
    }
    return _("× {ratio} ({low} to {high})", **values)
