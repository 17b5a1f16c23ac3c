"""What the numbers say of one step that was found: process or people, why, at what cost, from what causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.language import N_, _, ngettext, words
from metrics.settings.hotspot_rules import HotspotRules
from metrics.statistics.step_trouble import LEAST_STEPS
from metrics.steps.holders import NEARLY_ALL

Row = Mapping[str, Any]
BEYOND_CHANCE = 0.05
TITLES = {
    "process": N_("Look at the step first"),
    "training": N_("Look first at how newcomers learn it"),
    "coaching": N_("Look first at how a few agents do it"),
    "unclear": N_("Too early to say: wait for more visits"),
}
MEANINGS = {
    "process": N_("Most agents struggle here, so the step itself is the problem."),
    "training": N_("Newcomers struggle here, and practice helps."),
    "coaching": N_("A few agents struggle here, whatever their experience."),
    "unclear": N_("It is too early to say who struggles here."),
}


BROAD = N_("The trouble does not come from a few agents, so the step itself is the problem.")


def title(step: Row) -> str:
    """The verdict in a line; of a step that was not found, that it was not."""
    if step["verdict"]:
        return _(TITLES[step["verdict"]])
    if step["hotspot"] is None or _is_above(step):
        return _("No verdict")
    return _("Nothing to improve here")


def meaning(step: Row) -> str:
    """What the verdict means, or why there is none."""
    if step["verdict"] == "process" and not _is_at_most_agents(step):
        return _(BROAD)
    if step["verdict"]:
        return _(MEANINGS[step["verdict"]])
    if step["hotspot"] is None:
        return _("With so few step versions nobody can tell what is ordinary.")
    if _is_above(step):
        return _("It confuses more than ordinary steps, yet too little or too rarely to call it trouble.")
    return _("This step confuses agents no more than other steps, and no group of agents stands out.")


def _is_above(step: Row) -> bool:
    """Whether the whole interval lies above the baseline, though that is not enough for a hotspot."""
    return step["low"] is not None and step["baseline"] is not None and step["low"] > step["baseline"]


def _is_at_most_agents(step: Row) -> bool:
    """Whether more than half of the agents are above the baseline; small groups do not say."""
    share = (step["evidence"] or {}).get("agents_above_share")
    return share is not None and share > 0.5


def evidence(step: Row) -> list[str]:
    """The evidence in sentences; what is not known, or would tell of fewer than five agents, is not said."""
    numbers = step["evidence"] or {}
    sentences = []
    if step["confusion_rate"] is not None:
        sentences.append(
            _(
                "{share} of {visits} are confused (95% interval {limits}).",
                share=words.share(step["confusion_rate"]),
                visits=words.counted(step["visits"], "visit"),
                limits=words.interval(step["low"], step["high"], "share") or words.UNKNOWN,
            )
            + _baseline(step)
        )
    if numbers.get("agents_above_share") is not None:
        values = {
            "share": words.share(numbers["agents_above_share"]),
            "agents": words.counted(numbers["agents"], "agent"),
        }
        sentences.append(
            _("{share} of its {agents} are above what its definition expects.", **values)
            if step.get("baseline_from") == "definition"
            else _("{share} of its {agents} are above the median step.", **values)
        )
    if _is_named(numbers):
        sentences.append(_newcomers(numbers))
    if step["verdict"] == "coaching" and numbers.get("top_fifth_share") is not None:
        sentences.append(
            _(
                "One fifth of the agents have {share} of the extra confused visits.",
                share=words.share(numbers["top_fifth_share"]),
            )
        )
    if numbers.get("icc") is not None:
        sentences.append(
            _(
                "Differences between agents explain {share} of the differences between visits "
                "(intra-class correlation).",
                share=words.share(numbers["icc"]),
            )
        )
    return sentences


def _baseline(step: Row) -> str:
    """What the rate is held against; nothing where nobody can tell what is ordinary."""
    if step["baseline"] is None:
        return ""
    share = words.share(step["baseline"])
    if step.get("baseline_from") == "definition":
        return " " + _("Its definition expects {usual}.", usual=share)
    return " " + _("The median step has {usual}.", usual=share)


def _is_named(numbers: Row) -> bool:
    """Whether newcomers are evidence: beyond chance, and a part of the visits only."""
    chance, share = numbers.get("newcomer_chance"), numbers.get("newcomer_visits_share")
    return chance is not None and chance <= BEYOND_CHANCE and (share or 0.0) <= NEARLY_ALL


def _newcomers(numbers: Row) -> str:
    values = {
        "ratio": words.decimal(numbers["newcomer_ratio"], 1),
        "low": words.decimal(numbers["newcomer_ratio_low"], 1),
        "high": words.decimal(numbers["newcomer_ratio_high"], 1),
        "n": words.count(numbers["newcomers_below"]),
    }
    if numbers["newcomers_below"] is None:
        return _(
            "Newcomers are confused {ratio} times as often as others (95% interval {low} to {high}).",
            **values,
        )
    return _(
        "Newcomers with fewer than {n} visits here are confused {ratio} times as often as others "
        "(95% interval {low} to {high}).",
        **values,
    )


def cost(step: Row, hourly_cost: float | None, currency: str) -> str:
    """What a step costs a week, in hours and where an hour has its price in money; nothing if not known."""
    hours = step["cost_hours_per_week"]
    if not hours:
        return ""
    low, high = step["cost_hours_per_week_low"], step["cost_hours_per_week_high"]
    amount = words.hours(hours)
    if low is not None and high is not None:
        amount = _("{hours} ({low} to {high})", hours=amount, low=words.hours(low), high=words.hours(high))
    if hourly_cost is None:
        sentences = [_("Confused visits take {hours} a week longer than the others.", hours=amount)]
    else:
        money = f"{words.decimal(hours * hourly_cost)} {currency}"
        sentences = [
            _(
                "Confused visits take {hours} a week longer than the others: {money}.",
                hours=amount,
                money=money,
            )
        ]
    sentences.append(
        _("One visit counts with at most {limit}.", limit=words.minutes(step["cost_limit_minutes"]))
    )
    if (step["waiting_hours_per_week"] or 0) >= hours:
        waiting = words.hours(step["waiting_hours_per_week"])
        sentences.append(
            _("For another {hours} a week they were open and nobody was at work.", hours=waiting)
        )
    return " ".join(sentences)


def basis(steps: pl.DataFrame, rules: HotspotRules) -> str:
    """What makes a hotspot here, or why none is known; and which workflows are logs of states."""
    guided = steps.filter("guided")
    judged = guided.filter(pl.col("baseline").is_not_null())
    sentences = []
    if judged.height:
        sentences.append(_least_effect(judged, rules))
    if guided.height > judged.height:
        sentences.append(
            _(
                "Hotspots are not known with {steps}. At least {least} are needed, or expected_confusion in "
                "the workflow's definition.",
                steps=words.counted(guided.height, "step version"),
                least=LEAST_STEPS,
            )
        )
    return " ".join([*sentences, *logs_of_states(steps)])


def logs_of_states(steps: pl.DataFrame) -> list[str]:
    """Of which ranked steps nobody can tell whether they confuse: those of logs of states."""
    return about_states(steps.filter(~pl.col("guided"))["workflow"].unique().sort().to_list())


def about_states(names: list[str]) -> list[str]:
    """What is said of the workflows of these names, which are logs of states; nothing of none."""
    if not names:
        return []
    sentence = ngettext(
        "The workflow {names} is a log of states, not a guide for agents.",
        "The workflows {names} are logs of states, not guides for agents.",
        len(names),
        names=words.joined([words.label(name) for name in names]),
    )
    return [sentence, _("Whether anybody is confused there is not known: no rate, no verdict, no cost.")]


def _least_effect(judged: pl.DataFrame, rules: HotspotRules) -> str:
    first = judged.row(0, named=True)
    values = {"points": words.number(100 * rules.least_points), "part": words.share(rules.least_share)}
    if first["baseline_from"] == "definition":
        return _(
            "A hotspot is at least {points} points and {part} above what its definition expects.",
            **values,
        )
    values |= {"usual": words.share(first["baseline"]), "least": words.share(first["hotspot_from"])}
    if first["baseline_from"] == "desk":
        return _(
            "A hotspot is at least {points} points and {part} above the median step of the whole desk "
            "({usual}): from {least} on.",
            **values,
        )
    return _(
        "A hotspot is at least {points} points and {part} above the median step ({usual}): from {least} on.",
        **values,
    )


def control(steps: pl.DataFrame) -> str:
    """How many false alarms there may be, and what is hidden; nothing where no step was found."""
    hidden = sum(steps["hidden"].fill_null(value=False))
    if not hidden and not steps["hotspot"].any():
        return ""
    sentences = [_("At most 1 in 20 of these is chance.")]
    if hidden:
        sentences.append(
            ngettext(
                "{n} more step is fine overall but hard for newcomers or a few agents.",
                "{n} more steps are fine overall but hard for newcomers or a few agents.",
                hidden,
                n=words.count(hidden),
            )
        )
    return " ".join(sentences)
