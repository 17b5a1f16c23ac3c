"""The sentences a page opens with: what its numbers say, built from the numbers, in plain text.

A sentence whose number is unknown is left out; one without its n is never said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from dashboard.language import _, ngettext, words
from etl.health.finding import Finding, Severity
from metrics.catalog.metric import Metric

Rows = Mapping[str, Mapping[str, Any]]


def overview(now: Rows, before: Rows, before_in_words: str) -> str:
    """What managers ask first: how much came in, how fast we answered, were they content."""
    sentences = []
    if (opened := _value(now, "tickets_opened")) is not None:
        sentences.append(_came_in(opened, _value(before, "tickets_opened"), before_in_words))
    if (wait := _value(now, "first_response_minutes")) is not None:
        was = _value(before, "first_response_minutes")
        cases = words.counted(now["first_response_minutes"]["n"], "ticket")
        sentences.append(
            _(
                "Half of the tickets that were answered had a first reply within {minutes} ({cases}).",
                minutes=words.minutes(wait),
                cases=cases,
            )
            if was is None
            else _(
                "Half of the tickets that were answered had a first reply within {minutes} ({cases}; "
                "{was} before).",
                minutes=words.minutes(wait),
                cases=cases,
                was=words.minutes(was),
            )
        )
    if (content := _value(now, "csat")) is not None:
        sentences.append(
            _(
                "{share} of {ratings} were satisfied ({interval}).",
                share=words.share(content),
                ratings=words.counted(now["csat"]["n"], "rating"),
                interval=words.interval(now["csat"]["low"], now["csat"]["high"], "share"),
            )
        )
    return " ".join(sentences)


def _came_in(opened: float, before: float | None, before_in_words: str) -> str:
    tickets, period = words.counted(opened, "ticket"), before_in_words
    signed = words.change(opened, before, "count")
    if signed is None:
        return _("{tickets} came in.", tickets=tickets)
    if isinstance(signed, int):
        return _("{tickets} came in, the same as in {period}.", tickets=tickets, period=period)
    change = signed.lstrip("+-")
    if signed.startswith("-"):
        return _(
            "{tickets} came in, {change} less than in {period}.",
            tickets=tickets,
            change=change,
            period=period,
        )
    return _(
        "{tickets} came in, {change} more than in {period}.", tickets=tickets, change=change, period=period
    )


def hotspots(steps: pl.DataFrame) -> str:
    """What process designers ask first: which step, and how sure that is."""
    rated = steps.filter(pl.col("confusion_rate").is_not_null())
    if rated.is_empty():
        return ""
    hot = rated.filter(pl.col("hotspot"))
    visits = words.counted(sum(rated["visits"]), "visit")
    versions = words.counted(rated.height, "step version")
    if rated["hotspot"].is_null().all():
        first = _(
            "{visits} to {steps}, ranked by their share of confused visits.", visits=visits, steps=versions
        )
    elif hot.is_empty():
        return _(
            "No step confuses agents more than the rest ({visits} to {steps}).",
            visits=visits,
            steps=versions,
        )
    else:
        first = ngettext(
            "{n} step confuses agents more than the rest ({visits} to {steps}).",
            "{n} steps confuse agents more than the rest ({visits} to {steps}).",
            hot.height,
            visits=visits,
            steps=versions,
            n=words.count(hot.height),
        )
    worst = (rated if hot.is_empty() else hot).row(0, named=True)
    return f"{first} {_worst(worst, is_hot=not hot.is_empty())}"


def _worst(step: Mapping[str, Any], *, is_hot: bool) -> str:
    limits = words.interval(step["low"], step["high"], "share")
    rate = words.share(step["confusion_rate"])
    values = {
        "step": words.label(step["title"] or step["step"]),
        "workflow": words.label(step["workflow"]),
        "version": words.label(step["version"]),
        "share": f"{rate} ({limits})" if limits else rate,
        "visits": words.counted(step["visits"], "visit"),
    }
    if is_hot:
        return _(
            "The worst: “{step}” ({workflow}, version {version}), where {share} of {visits} were confused.",
            **values,
        )
    return _(
        "At the top: “{step}” ({workflow}, version {version}), where {share} of {visits} were confused.",
        **values,
    )


def recurring_issues(reasons: pl.DataFrame) -> str:
    """What trainers ask first: what do customers come with, for what do they come again, what confuses us.

    `reasons`: one row per reason and metric (metric, reason, value, n, low, high).
    """
    opened = reasons.filter(pl.col("metric") == "tickets_opened", pl.col("value") > 0)
    if opened.is_empty():
        return ""
    total = sum(opened["value"])
    most = opened.sort("value", "reason", descending=[True, False]).row(0, named=True)
    sentences = [
        _(
            "“{reason}” is the most frequent of {reasons}: {part} of {tickets} ({share}).",
            reason=words.label(most["reason"]),
            reasons=words.counted(opened.height, "reason"),
            part=words.count(most["value"]),
            tickets=words.counted(total, "ticket"),
            share=words.share(most["value"] / total),
        )
    ]
    if again := _surest(reasons, "repeat_contact_rate"):
        sentences.append(
            _(
                "Customers come back most for “{reason}”: {share} of {tickets} came within 7 days of a solve "
                "for the same reason.",
                reason=words.label(again["reason"]),
                share=words.share(again["value"]),
                tickets=words.counted(again["n"], "ticket"),
            )
        )
    if confusing := _surest(reasons, "confusion_rate"):
        sentences.append(
            _(
                "Guided steps confuse most for “{reason}”: {share} of {visits}.",
                reason=words.label(confusing["reason"]),
                share=words.share(confusing["value"]),
                visits=words.counted(confusing["n"], "visit"),
            )
        )
    return " ".join(sentences)


def _value(rows: Rows, metric: str) -> float | None:
    row = rows.get(metric)
    return None if row is None else row["value"]


def _surest(reasons: pl.DataFrame, metric: str) -> dict[str, Any] | None:
    """The reason whose interval starts highest: few cases cannot be first by luck."""
    candidates = reasons.filter(pl.col("metric") == metric, pl.col("value") > 0, pl.col("low").is_not_null())
    return (
        None
        if candidates.is_empty()
        else candidates.sort("low", "reason", descending=[True, False]).row(0, named=True)
    )


def ticket(facts: Mapping[str, Any], time_zone: str) -> str:
    """One ticket in a few sentences: what it is about, how long things took, how it ended."""
    sentences = [_arrived(facts, time_zone)]
    if facts["excluded_because"] == "merged":
        sentences.append(_("It was merged into another ticket, so no number counts it."))
    elif facts["is_excluded"]:
        sentences.append(_("It was discarded, so no number counts it."))
    if facts["first_response_minutes"] is not None:
        took = words.minutes(facts["first_response_minutes"])
        sentences.append(_("An agent first answered after {minutes}.", minutes=took))
    if facts["resolution_minutes"] is not None:
        took = words.minutes(facts["resolution_minutes"])
        sentences.append(_("It was solved after {minutes}.", minutes=took))
    elif facts["is_open"]:
        sentences.append(_("It is open."))
    if times := facts["reopens"]:
        sentences.append(
            ngettext("It was reopened once.", "It was reopened {n} times.", times, n=words.count(times))
        )
    if facts["rating_share"] is not None:
        content = facts["is_satisfied"]
        sentences.append(
            _("The customer was satisfied.") if content else _("The customer was not satisfied.")
        )
    return " ".join(sentences)


def _arrived(facts: Mapping[str, Any], time_zone: str) -> str:
    values = {
        "ticket": words.label(facts["ticket_id"]),
        "when": words.instant(facts["arrived_at"] or facts["first_event_at"], time_zone),
        "channel": words.label(facts["channel"]),
        "reason": words.label(facts["reason"]),
    }
    match bool(facts["channel"]), bool(facts["reason"]):
        case True, True:
            return _("Ticket {ticket} came in on {when} by {channel} about “{reason}”.", **values)
        case True, False:
            return _("Ticket {ticket} came in on {when} by {channel}.", **values)
        case False, True:
            return _("Ticket {ticket} came in on {when} about “{reason}”.", **values)
        case _:
            return _("Ticket {ticket} came in on {when}.", **values)


def replay(metric: Metric, value: float | None) -> str:
    """What a ticket adds to a number."""
    title = _(metric.title)
    if value is None:
        return _("This ticket is not in “{number}”.", number=title)
    if metric.unit == "minutes":
        return _("{number} of this ticket: {minutes}.", number=title, minutes=words.minutes(value))
    if value:
        return _("This ticket counts towards “{number}”.", number=title)
    return _("This ticket is in, but does not count towards, “{number}”.", number=title)


def freshness(loads: pl.DataFrame, newest: datetime | None, time_zone: str) -> str:
    """How far the data reaches, when it was loaded last, and how much of it was kept."""
    if loads.is_empty():
        return _("No file has been loaded yet.")
    read, rejected = sum(loads["read"]), sum(loads["rejected"])
    reaches = _(
        "The newest event is of {newest}, the last load of {loaded} ({time_zone}).",
        newest=words.instant(newest, time_zone),
        loaded=words.instant(loads["loaded_at"][0], time_zone),
        time_zone=time_zone,
    )
    rows = words.counted(read, "row")
    if not rejected:
        return f"{reaches} {_('Of {rows} read, none rejected.', rows=rows)}"
    refused = ngettext(
        "Of {rows} read, {n} was rejected ({share}).",
        "Of {rows} read, {n} were rejected ({share}).",
        rejected,
        rows=rows,
        n=words.count(rejected),
        share=words.share(rejected / read),
    )
    return f"{reaches} {refused}"


def health(findings: Sequence[Finding]) -> str:
    """How many checks found something."""
    if not findings:
        return _("The data has not been examined yet. The next load does it, or: stepsight refresh")
    bad = [finding for finding in findings if finding.severity != Severity.OK]
    of_bad = {finding.check for finding in bad}
    unknown = {finding.check for finding in findings if not finding.is_known} - of_bad
    fine = words.counted(len({finding.check for finding in findings} - of_bad - unknown), "check")
    sentences = [_of_checks(bad, fine)]
    if unknown:
        sentences.append(_("Not known for {checks}.", checks=words.counted(len(unknown), "check")))
    return " ".join(sentences)


def _of_checks(bad: Sequence[Finding], fine: str) -> str:
    if not bad:
        return _("Nothing suspicious in {checks}.", checks=fine)
    worst = sum(finding.severity == Severity.SUSPICIOUS for finding in bad)
    look = words.counted(len(bad) - worst, "finding")
    if not worst:
        return _("Please check {findings}. {checks} found nothing.", findings=look, checks=fine)
    return _(
        "Clear up {worst} before you trust the numbers, and check {findings}. {checks} found nothing.",
        worst=words.counted(worst, "finding"),
        findings=look,
        checks=fine,
    )
