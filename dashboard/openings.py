"""The sentences a page opens with: what its numbers say, built from the numbers, in plain text.

A sentence whose number is unknown is left out; one without its n is never said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from dashboard import words
from metrics.metric import Metric

Rows = Mapping[str, Mapping[str, Any]]


def overview(now: Rows, before: Rows, before_in_words: str) -> str:
    """What managers ask first: how much came in, how fast we answered, were they content."""
    sentences = []
    if (opened := _value(now, "tickets_opened")) is not None:
        compared = words.change_in_words(opened, _value(before, "tickets_opened"), "count")
        sentences.append(
            f"{words.counted(opened, 'ticket')} came in"
            + (f", {compared} in {before_in_words}." if compared else ".")
        )
    if (wait := _value(now, "first_response_minutes")) is not None:
        was = _value(before, "first_response_minutes")
        sentences.append(
            f"Half of the customers had an agent's first reply within {words.minutes(wait)}"
            f" (n {words.count(now['first_response_minutes']['n'])}"
            + (f"; {words.minutes(was)} before)." if was is not None else ").")
        )
    if (content := _value(now, "csat")) is not None:
        sentences.append(
            f"{words.share(content)} of {words.counted(now['csat']['n'], 'rating')} were satisfied"
            f" ({words.interval(now['csat']['low'], now['csat']['high'], 'share')})."
        )
    return " ".join(sentences)


def hotspots(steps: pl.DataFrame, most_frequent: Callable[[Mapping[str, Any]], str]) -> str:
    """What process designers ask first: which step, how sure, how much."""
    known = steps.filter(pl.col("confusion_rate").is_not_null())
    if known.is_empty():
        return ""
    hot = known.filter(pl.col("hotspot"))
    about = f"{words.counted(sum(known['visits']), 'visit')} to {words.counted(known.height, 'step version')}"
    if known["hotspot"].is_null().all():
        first = f"{about}, ranked by how many of their visits confused."
    elif hot.is_empty():
        return f"{about}: none of them confuses more than the others beyond chance."
    else:
        confuse = "confuses" if hot.height == 1 else "confuse"
        first = f"{about}: {hot.height} {confuse} more than the others beyond chance."
    worst = (known if hot.is_empty() else hot).row(0, named=True)
    name = words.label(worst["title"] or worst["step"])
    sentence = (
        f"{'At the top' if hot.is_empty() else 'The worst'}: “{name}” "
        f"({words.label(worst['workflow'])}, version {words.label(worst['version'])}), where "
        f"{words.share(worst['confusion_rate'])} of {words.counted(worst['visits'], 'visit')} were confused"
    )
    if limits := words.interval(worst["low"], worst["high"], "share"):
        sentence += f" ({limits})"
    if sign := most_frequent(worst):
        sentence += f"; the most frequent sign is {sign}"
    if (worst["cost_hours_per_week"] or 0) >= 0.05:
        sentence += f". It costs {words.hours(worst['cost_hours_per_week'])} a week"
    return f"{first} {sentence}."


def recurring_issues(reasons: pl.DataFrame) -> str:
    """What trainers ask first: what do customers come with, for what do they come again, what confuses us.

    `reasons`: one row per reason and metric (metric, reason, value, n, low, high).
    """
    opened = reasons.filter(pl.col("metric") == "tickets_opened", pl.col("value") > 0)
    if opened.is_empty():
        return ""
    total = sum(opened["value"])
    most = opened.sort("value", "reason", descending=[True, False]).row(0, named=True)
    first = (
        f"“{words.label(most['reason'])}” is the most frequent of {words.counted(opened.height, 'reason')}"
    )
    part = f"{words.count(most['value'])} of {words.counted(total, 'ticket')}"
    sentences = [f"{first}: {part} ({words.share(most['value'] / total)})."]
    if again := _surest(reasons, "repeat_contact_rate"):
        share, n = words.share(again["value"]), words.counted(again["n"], "ticket")
        sentences.append(
            f"Customers come back most for “{words.label(again['reason'])}”: {share} of {n} came within "
            "7 days of a solve for the same reason."
        )
    if confusing := _surest(reasons, "confusion_rate"):
        sentences.append(
            f"Guided steps confuse most for “{words.label(confusing['reason'])}”: "
            f"{words.share(confusing['value'])} of {words.counted(confusing['n'], 'visit')}."
        )
    return " ".join(sentences)


def _value(rows: Rows, metric: str) -> float | None:
    row = rows.get(metric)
    return None if row is None else row["value"]


def _surest(reasons: pl.DataFrame, metric: str) -> dict[str, Any] | None:
    """The reason whose interval starts highest: few cases cannot be first by luck."""
    known = reasons.filter(pl.col("metric") == metric, pl.col("value") > 0, pl.col("low").is_not_null())
    return (
        None if known.is_empty() else known.sort("low", "reason", descending=[True, False]).row(0, named=True)
    )


def ticket(facts: Mapping[str, Any], time_zone: str) -> str:
    """One ticket in a few sentences: what it is about, how long things took, how it ended."""
    about = f" about “{words.label(facts['reason'])}”" if facts["reason"] else ""
    by = f" by {words.label(facts['channel'])}" if facts["channel"] else ""
    when = words.instant(facts["arrived_at"] or facts["first_event_at"], time_zone)
    sentences = [f"Ticket {words.label(facts['ticket_id'])} came in on {when}{by}{about}."]
    if facts["is_excluded"]:
        sentences.append(f"It was {facts['excluded_because']}, and is left out of every number.")
    if facts["first_response_minutes"] is not None:
        sentences.append(f"An agent first answered after {words.minutes(facts['first_response_minutes'])}.")
    if facts["resolution_minutes"] is not None:
        sentences.append(f"It was solved after {words.minutes(facts['resolution_minutes'])}.")
    elif facts["is_open"]:
        sentences.append("It is open.")
    if facts["reopens"]:
        times = "once" if facts["reopens"] == 1 else f"{words.count(facts['reopens'])} times"
        sentences.append(f"It was reopened {times}.")
    if facts["rating_share"] is not None:
        sentences.append(f"The customer was {'' if facts['is_satisfied'] else 'not '}satisfied.")
    return " ".join(sentences)


def replay(metric: Metric, value: float | None) -> str:
    """What a ticket adds to a number."""
    if value is None:
        return f"This ticket is not in “{metric.title}”."
    if metric.unit == "minutes":
        return f"{metric.title} of this ticket: {words.minutes(value)}."
    counts = "counts towards" if value else "is in, but does not count towards,"
    return f"This ticket {counts} “{metric.title}”."


def freshness(loads: pl.DataFrame, newest: datetime | None, time_zone: str) -> str:
    """How far the data reaches, when it was loaded last, and how much of it was kept."""
    if loads.is_empty():
        return "No file has been loaded yet."
    read, rejected = sum(loads["read"]), sum(loads["rejected"])
    refused = (
        f"{words.count(rejected)} were rejected ({words.share(rejected / read)})"
        if rejected
        else "none rejected"
    )
    return (
        f"The newest event is of {words.instant(newest, time_zone)}; the latest of "
        f"{words.counted(loads.height, 'load')} was on {words.instant(loads['loaded_at'][0], time_zone)} "
        f"({time_zone}). Of {words.counted(read, 'row')} read, {refused}."
    )


def health(findings: Sequence[Mapping[str, Any]]) -> str:
    """How many checks found something."""
    if not findings:
        return "The data has not been examined yet; the next load does it."
    bad = [finding for finding in findings if finding["severity"] != "ok"]
    fine = words.counted(len({f["check"] for f in findings} - {f["check"] for f in bad}), "check")
    if not bad:
        return f"Nothing suspicious: {fine} looked at it."
    worst = sum(finding["severity"] == "suspicious" for finding in bad)
    sure = f"{words.counted(worst, 'finding')} to clear up before trusting the numbers, " if worst else ""
    return f"{sure}{words.counted(len(bad) - worst, 'finding')} to look at; {fine} found nothing."
