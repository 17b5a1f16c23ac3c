"""What became of a new version, in sentences: the verdict, on what it stands, what would have been seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.language import N_, _, ngettext, words
from metrics.releases.versions import TIMES

Row = Mapping[str, Any]
VERDICTS = {
    "improved": N_("improved"),
    "worse": N_("worse"),
    "mixed": N_("mixed"),
    "usual range": N_("usual range"),
    "not enough data yet": N_("not enough data yet"),
}
MEASURES = {
    "confusion": N_("Confusion of each step"),
    "step time": N_("Time at each step"),
    "run confused": N_("Confused runs"),
    "run time": N_("Time of a run"),
    "run given up": N_("Runs given up"),
    "reopened": N_("Tickets reopened"),
    "low rating": N_("Low ratings"),
}
"""The measures as a reader calls them; the first two are told step by step, the others of runs as a whole."""
BY_STEP = ("confusion", "step time")


def by_step() -> dict[str, str]:
    """The measures that are told step by step, each under what a reader calls it."""
    return {_(MEASURES[name]): name for name in BY_STEP}


def release(row: Row) -> str:
    """A new version as it is chosen: "refund 1 → 2"."""
    return " ".join(
        [
            words.label(row["workflow"], 40),
            f"{words.label(row['from_version'], 12)} → {words.label(row['version'], 12)}",
        ]
    )


def releases(rows: pl.DataFrame) -> dict[str, Row]:
    """New versions, in their order, each under what it is called."""
    return {release(row): row for row in rows.to_dicts()}


def names(row: Row) -> tuple[str, str, str]:
    """Workflow, version before, version after."""
    return row["workflow"], row["from_version"], row["version"]


def changed(changes: pl.DataFrame | None) -> str:
    """What is known of how the definition changed."""
    if changes is None:
        return _(
            "What was rewritten is not known: one of the two versions has no definition. Load it with: "
            "stepsight workflows add FILE"
        )
    if changes.is_empty():
        return _("Both definitions are the same, word for word.")
    return ""


def summary(row: Row, verdicts: pl.DataFrame) -> str:
    """`row`: one of `diagnoses.version_summary`; `verdicts`: the rows of its release."""
    values = {"version": words.label(row["version"]), "workflow": words.label(row["workflow"])}
    first = {
        "improved": _("Version {version} of {workflow} improved things.", **values),
        "worse": _("Version {version} of {workflow} made things worse.", **values),
        "mixed": _("Version {version} of {workflow} improved some things and made others worse.", **values),
        "usual range": _("Version {version} of {workflow} shows no change in confusion.", **values),
        "not enough data yet": _(
            "It is too early to say what version {version} of {workflow} changed.", **values
        ),
    }[row["verdict"]]
    changes = [change(each) for each in verdicts.to_dicts() if each["verdict"] in ("improved", "worse")]
    return " ".join([first, *(changes or [nothing(verdicts)])])


def basis(verdicts: pl.DataFrame) -> str:
    """Which weeks are compared, and beside what."""
    one = verdicts.row(0, named=True)
    weeks = [words.counted(one[f"weeks_{side}"], "week") for side in ("before", "after")]
    return ngettext(
        "Released on {day}. This compares {before} before with {after} after it, and with {n} "
        "unchanged workflow, whatever period you choose in the sidebar.",
        "Released on {day}. This compares {before} before with {after} after it, and with {n} "
        "unchanged workflows, whatever period you choose in the sidebar.",
        one["untouched"],
        day=words.day(one["released_on"]),
        before=weeks[0],
        after=weeks[1],
        n=words.count(one["untouched"]),
    )


def place(row: Row) -> str:
    """The step a row is about, or the run as a whole."""
    return words.label(row["title"] or row["step"]) if row["step"] else _("the whole run")


def level(value: float | None, measure: str) -> str:
    """A share, or a time of seconds."""
    if measure not in TIMES:
        return words.share(value)
    return words.minutes(None if value is None else value / 60)


def levels(row: Row) -> tuple[str, str]:
    """Before and after; finer where both would read the same although they differ."""
    before, after, measure = row["before"], row["after"], row["measure"]
    both = level(before, measure), level(after, measure)
    if both[0] != both[1] or before is None or after is None or before == after:
        return both
    return _finer(before, measure), _finer(after, measure)


def _finer(value: float, measure: str) -> str:
    if measure not in TIMES:
        return words.percent(value * 100, 2)
    whole_minutes, seconds = divmod(round(value, 1), 60)
    if not whole_minutes:
        return _("{seconds} s", seconds=words.decimal(seconds, 1))
    return _(
        "{minutes} min {seconds} s", minutes=words.count(whole_minutes), seconds=words.decimal(seconds, 1)
    )


def effect(value: float | None) -> str:
    """By what share a measure changed beside what was left alone: "−40%"."""
    if value is None:
        return words.UNKNOWN
    percent = round(value * 100)
    return words.percent(percent, signed=percent != 0)


def change(row: Row) -> str:
    """What changed at a step, from what to what, and by how much beside what was left alone."""
    values = {
        "place": place(row),
        "before": levels(row)[0],
        "after": levels(row)[1],
        "effect": effect(row["effect"]),
        "low": effect(row["low"]),
        "high": effect(row["high"]),
    }
    return {
        "confusion": _confusion(row, values),
        "step time": _(
            "The usual time at “{place}” went from {before} to {after}: {effect} ({low} to {high}).", **values
        ),
        "run confused": _(
            "Confused runs went from {before} to {after}: {effect} ({low} to {high}).", **values
        ),
        "run time": _(
            "The usual time of a run went from {before} to {after}: {effect} ({low} to {high}).", **values
        ),
        "run given up": _(
            "Runs given up went from {before} to {after}: {effect} ({low} to {high}).", **values
        ),
        "reopened": _(
            "Reopened tickets went from {before} to {after}: {effect} ({low} to {high}).", **values
        ),
        "low rating": _("Low ratings went from {before} to {after}: {effect} ({low} to {high}).", **values),
    }[row["measure"]]


def _confusion(row: Row, values: Mapping[str, str]) -> str:
    """The change of a step's confusion: in times from a doubling on, for "+307%" needs a second reading."""
    if None not in (row["effect"], row["low"], row["high"]) and row["effect"] >= 1:
        times, low, high = (words.decimal(1 + row[name], 1) for name in ("effect", "low", "high"))
        return _(
            "Confusion at “{place}” went from {before} to {after}: {times} times what unchanged "
            "workflows would suggest (95% interval {low} to {high}).",
            **{**values, "times": times, "low": low, "high": high},
        )
    return _(
        "Confusion at “{place}” went from {before} to {after}: {effect} compared with unchanged workflows "
        "(95% interval {low} to {high}).",
        **values,
    )


def nothing(verdicts: pl.DataFrame) -> str:
    """Why nothing is told, by the runs as a whole."""
    rows = verdicts.filter(measure="run confused").to_dicts()
    if not rows or not rows[0]["untouched"]:
        return _("There is no unchanged workflow in those weeks to compare with.")
    row = rows[0]
    if row["smallest_detectable"] is None:
        return _("There are too few weeks or runs on one side.")
    return _(
        "Confused runs: {effect} compared with unchanged workflows ({low} to {high}). A rise by "
        "{least} is the smallest that this much data would show.",
        effect=effect(row["effect"]),
        low=effect(row["low"]),
        high=effect(row["high"]),
        least=words.percent(row["smallest_detectable"] * 100),
    )


def pre_trend(verdicts: pl.DataFrame) -> str:
    """Whether the workflow went its own way before the release already."""
    rows = verdicts.filter(pl.col("earlier_p").is_not_null())
    if rows.is_empty():
        return _(
            "There are too few weeks before the release to check whether the workflow already went its own "
            "way."
        )
    diverged = rows.filter((pl.col("earlier_p") < 0.05) & (pl.col("verdict") == "not enough data yet")).height
    if not diverged:
        return _(
            "None of {all} comparisons already differed before the release.", all=words.count(rows.height)
        )
    return ngettext(
        "{n} of {all} comparisons already differed before the release and is not judged. About 1 "
        "in 20 differs by chance.",
        "{n} of {all} comparisons already differed before the release and are not judged. About 1 "
        "in 20 differs by chance.",
        diverged,
        n=words.count(diverged),
        all=words.count(rows.height),
    )
