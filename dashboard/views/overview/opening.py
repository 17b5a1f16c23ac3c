"""The sentence the Overview opens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.language import _, words

Rows = Mapping[str, Mapping[str, Any]]


def opening(now: Rows, before: Rows, before_in_words: str, *, ends_at: str = "") -> str:
    """What managers ask first: how much came in, how fast we answered, were they content.

    `ends_at`: the time at which the data ends on the last day, where that day may not be over.
    """
    sentences = []
    if (opened := _value(now, "tickets_opened")) is not None:
        sentences.append(_came_in(opened, _value(before, "tickets_opened"), before_in_words))
        if ends_at and before:
            sentences.append(_("The last day counts until {time} only.", time=ends_at))
    elif "tickets_opened" in now:
        sentences.append(_("How many tickets came in is not known: no opening is recorded."))
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


def _value(rows: Rows, metric: str) -> float | None:
    row = rows.get(metric)
    return None if row is None else row["value"]
