"""What the counts say about tickets and runs: wrong order, skewed clocks, missing beginnings and ends."""

from __future__ import annotations

from collections.abc import Sequence

from etl.health.finding import Check, Judgement, Row, Severity
from etl.health.limits import Limits
from etl.health.wording import counted, lasting, percent


def _wrong_order(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        wrong, known = row["wrong"], row["both_known"]
        if not wrong:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        is_bad = wrong >= limits.fewest and wrong > limits.wrong_order * known
        seen = (
            f"{wrong:,} of {known:,} times ({percent(wrong, known)}): {row['what']}, typically by "
            f"{lasting(row['median_minutes'])}."
        )
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _clock_skew(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        tickets, before = row["tickets"], row["before_opening"]
        if tickets < limits.fewest:
            continue
        if before <= limits.some_before_opening * tickets:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        opening = (
            "its opening"
            if row["source"] == row["opening_source"]
            else f"its opening in {row['opening_source']}"
        )
        seen = (
            f"In {counted(before, 'ticket')} of {tickets:,} ({percent(before, tickets)}) the first event by "
            f"{_actor(row['actor'])} lies before {opening} by {_actor(row['opening_actor'])}, typically by "
            f"{lasting(row['median_minutes'])}."
        )
        is_bad = before > limits.most_before_opening * tickets
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _actor(name: str) -> str:
    return f"{'an' if name == 'agent' else 'the' if name in {'customer', 'system'} else 'a'} {name}"


def _missing_openings(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        tickets, unopened = row["tickets"], row["unopened"]
        if not unopened:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        is_bad = tickets >= limits.fewest and limits.unopened * tickets < unopened < tickets
        share = f"{counted(unopened, 'ticket')} of {tickets:,} ({percent(unopened, tickets)})"
        seen = (
            f"{share} have no opening."
            if unopened < tickets
            else f"None of its {tickets:,} tickets is opened."
        )
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _endless_runs(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        runs, endless = row["runs"], row["endless"]
        if not runs:
            continue
        if endless <= limits.some_endless * runs:
            judgements.append(Judgement(Severity.OK, "", row["source"], row))
            continue
        is_bad = runs >= limits.fewest and endless > limits.most_endless * runs
        seen = (
            f"{counted(endless, 'run')} of {runs:,} ({percent(endless, runs)}) have no end, though nothing "
            "has happened in them for a day or more."
        )
        judgements.append(
            Judgement(Severity.SUSPICIOUS if is_bad else Severity.LOOK, seen, row["source"], row)
        )
    return judgements


def _unknown_steps(rows: Sequence[Row], limits: Limits) -> list[Judgement]:
    judgements = []
    for row in rows:
        name = f"{row['workflow']} version {row['version']}"
        if not row["is_defined"]:
            seen = f"{name} has events but no definition, though other versions of the workflow have one."
            judgements.append(Judgement(Severity.LOOK, seen, None, row))
            continue
        elsewhere, events = row["events_elsewhere"], row["events"]
        if not elsewhere:
            judgements.append(Judgement(Severity.OK, "", None, row))
            continue
        steps = ", ".join(row["steps"][:3]) + (" …" if len(row["steps"]) > 3 else "")
        seen = (
            f"{counted(elsewhere, 'event')} of {events:,} ({percent(elsewhere, events)}) of {name} are at "
            "steps "
            f"that its definition does not have: {steps}."
        )
        is_bad = elsewhere > limits.unknown_steps * events
        severity = Severity.SUSPICIOUS if is_bad else Severity.LOOK
        judgements.append(Judgement(severity, seen, None, row))
    return judgements


CHECKS = (
    Check(
        "wrong_order",
        "A duration below zero is no duration: such tickets distort every time, or drop out of it.",
        "Look at some of these tickets in the source: a mapping that takes the wrong time column, exchanged "
        "dates, or clocks that disagree.",
        "Nothing ends before it begins.",
        "Not known: no ticket or run tells both its beginning and its end.",
        _wrong_order,
    ),
    Check(
        "clock_skew",
        "Two clocks that disagree put events of one ticket in the wrong order, and response times with them.",
        "Compare the clocks and time zones of the two sources. Work that truly begins before a ticket exists "
        "is no error.",
        "Whoever works on tickets does so after they are opened.",
        "Not known: no two sources or kinds of actor share enough tickets.",
        _clock_skew,
    ),
    Check(
        "missing_openings",
        "Without an opening there is no first response and no age; such tickets leave both out.",
        "Load the history from before the first day too, or let the mapping tell `opened`.",
        "Every ticket has its opening.",
        "Not known: there are no tickets.",
        _missing_openings,
    ),
    Check(
        "endless_runs",
        "A run without an end counts as given up at its last step, and that step looks worse than it is.",
        "If the source knows when a run ends, let the mapping tell `run_finished` or `run_abandoned`.",
        "Nearly all runs have an end.",
        "Not known: there are no runs.",
        _endless_runs,
    ),
    Check(
        "unknown_steps",
        "Moves off the path are only known for steps that the definition has.",
        "Add the definition of the version that is really in use: stepsight workflows add FILE.",
        "Every step of a defined workflow version is in its definition.",
        "Not known: no workflow with events has a definition.",
        _unknown_steps,
    ),
)
