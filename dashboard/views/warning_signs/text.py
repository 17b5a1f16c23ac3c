"""The warning signs as a reader meets them: what each means, what to do, and its numbers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.language import N_, _, ngettext, words
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings.onboarding import VETERAN

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """What a sign is called, what it means where it is a warning, and what to do about it."""

    title: str
    meaning: str
    todo: str


SIGNS = {
    "long onboarding": Sign(
        N_("Long onboarding"),
        N_("New agents take long to become as sure and as quick as the others."),
        N_("Make the steps they stumble over explain themselves, and train on exactly these."),
    ),
    "high error rate": Sign(
        N_("High error rate"),
        N_("Agents enter what is refused, take answers back, or leave out what is required."),
        N_("Say at these steps what is wanted, and check it where it is typed."),
    ),
    "inconsistent service": Sign(
        N_("Inconsistent service"),
        N_("The service depends on which agent a customer gets."),
        N_("Agree on one way and write it into the workflow; compare ways of working, not people."),
    ),
    "tribal knowledge": Sign(
        N_("Tribal knowledge"),
        N_("Most cases of a kind depend on a few people and stop when they are away."),
        N_("Let those who know write the workflow for these reasons, and pass their cases around."),
    ),
    "overload": Sign(
        N_("Overload"),
        N_("Agents juggle many tickets at once, or work while the desk is closed."),
        N_("Limit how many tickets one agent holds at a time, and check staffing in those hours."),
    ),
}
MEASURES = {
    "visits until as sure": N_("Visits to a step until confused at most {more} more often than veterans"),
    "visits until as quick": N_("Visits to a step until at most {more} slower than veterans"),
    "any error": N_("Visits with an error"),
    "input refused": N_("Visits with an input refused"),
    "answer changed": N_("Visits with an answer changed later"),
    "required step skipped": N_("Visits with a required step skipped"),
    "confused visits": N_("How much agents differ in confused visits, at the same steps"),
    "reopened tickets": N_("How much agents differ in reopened tickets, of the same kind"),
    "held by few": N_("Solved tickets that the five busiest agents of their reason solved"),
    "time crowded": N_("Working time with more than {many} tickets at once"),
    "tickets at once": N_("Tickets worked on at once"),
    "after hours": N_("What agents did outside the opening hours"),
}
NOUNS = {"reopened tickets": "ticket", "held by few": "ticket", "after hours": "event"}
"""What the other measures are over; visits, where it is not here."""
STATUS = {
    "warning": N_("Warning"),
    "none": N_("No warning"),
    "early": N_("Too early to say"),
    "unknown": N_("Not known"),
}


def measure(name: str, limits: WarningLimits) -> str:
    """What a measure is called, with what the settings count as good and as many."""
    more, many = words.share(limits.as_good_factor - 1), words.count(limits.many_tickets)
    return _(MEASURES[name], more=more, many=many)


def status(rows: Sequence[Row]) -> str:
    """What the measures of a sign that have a limit say together: the first of `STATUS` but for the unknown.

    No warning: those that are known lie within their limits. Too early to say: the interval of one holds it.
    """
    states = {_state(row) for row in rows if row["limit"] is not None}
    return next((state for state in ("warning", "early", "none") if state in states), "unknown")


def _state(row: Row) -> str:
    if row["is_warning"] is None:
        return "unknown" if row["value"] is None else "early"
    return "warning" if row["is_warning"] else "none"


def value(number: float | None, unit: str) -> str:
    """A reading in its unit."""
    if number is None:
        return words.UNKNOWN
    if unit == "share":
        return _("under {share}", share=words.share(0.001)) if 0 < number < 0.0005 else words.share(number)
    if unit == "spread":
        return f"± {words.percent(number * 100)}"
    if unit == "tickets":
        return words.decimal(number, 1)
    return _("{n} or more", n=VETERAN) if number >= VETERAN else words.count(number)


def limits(row: Row, suffix: str = "") -> str:
    """The interval of a reading; nothing where there is none."""
    low, high = row[f"low{suffix}"], row[f"high{suffix}"]
    if low is None or high is None:
        return ""
    # The sign before a spread is said once, with its value.
    unit = "share" if row["unit"] == "spread" else row["unit"]
    ends = value(low, unit), value(high, unit)
    return ends[0] if ends[0] == ends[1] else _("{low} to {high}", low=ends[0], high=ends[1])


def change(row: Row) -> str:
    """How a reading stands to the period before, and whether that is more than chance."""
    if row["change"] is None:
        return _("not enough data yet")
    was = value(row["value_before"], row["unit"])
    if row["change"] == "noise":
        return _("usual range ({was} before)", was=was)
    if row["value"] > row["value_before"]:
        return _("changed, up from {was}", was=was)
    return _("changed, down from {was}", was=was)


def cases(row: Row) -> str:
    """On how many of what a reading stands."""
    if row["measure"] in ("time crowded", "tickets at once"):
        n = words.count(row["n"])
        return ngettext("{n} stretch of work", "{n} stretches of work", row["n"], n=n)
    return words.counted(row["n"], NOUNS.get(row["measure"], "visit"))


def basis(row: Row) -> str:
    """On what a reading stands, and what became of it."""
    if row["value"] is None:
        return _("not known")
    values = {"limits": limits(row), "cases": cases(row), "change": change(row)}
    if row["limit"] is None:
        return _("{limits} · {cases} · {change}", **values)
    return _(
        "{limits} · limit {limit} · {cases} · {change}", limit=value(row["limit"], row["unit"]), **values
    )


def opening(rows: Sequence[Row]) -> str:
    """Which of the five signs are there, and what moved."""
    by_sign = {sign: [row for row in rows if row["sign"] == sign] for sign in SIGNS}
    titles = {
        state: [_(SIGNS[sign].title) for sign, own in by_sign.items() if status(own) == state]
        for state in STATUS
    }
    warned, early, unknown = titles["warning"], titles["early"], titles["unknown"]
    moved = [row for row in rows if row["change"] == "signal"]
    sentences = [
        ngettext(
            "{n} of five warning signs is there: {signs}.",
            "{n} of five warning signs are there: {signs}.",
            len(warned),
            n=words.count(len(warned)),
            signs=words.joined(warned),
        )
        if warned
        else _("None of the five warning signs is certain.")
    ]
    if early:
        sentences.append(_("Too early to say: {signs}.", signs=words.joined(early)))
    if unknown:
        sentences.append(_("Not known from this data: {signs}.", signs=words.joined(unknown)))
    if moved:
        sentences.append(
            ngettext(
                "{n} measure changed more than usual since the period before.",
                "{n} measures changed more than usual since the period before.",
                len(moved),
                n=words.count(len(moved)),
            )
        )
    return " ".join(sentences)


def why_unknown(sign: str, *, are_hours_set: bool) -> str:
    """What it takes to tell a sign."""
    if sign == "overload" and not are_hours_set:
        return _("Work after hours needs opening hours in stepsight.toml (docs/SETTINGS.md).")
    return {
        "long onboarding": _(
            "This needs five agents whose first visits to a step are in the data, and five who know it."
        ),
        "high error rate": _("This needs steps of workflows that guide agents."),
        "inconsistent service": _("This needs five agents with twenty cases each."),
        "tribal knowledge": _("This needs ten agents, and a reason with fifty solved tickets."),
        "overload": _("This needs five agents whose work on tickets is recorded."),
    }[sign]
