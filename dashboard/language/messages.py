"""Messages of the core in the reader's language: the template looked up, its blanks written as pages do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from dashboard.language import _, words
from etl.errors import StepsightError
from etl.messages import Message, Style, render
from etl.messages.english import clock, largest_unit
from etl.messages.nouns import NOUNS


def say(message: Message | StepsightError) -> str:
    """The message, or what the error says, in the reader's language. Not yet safe in Markdown."""
    return render(message.message if isinstance(message, StepsightError) else message, _STYLE)


def _share(share: float) -> str:
    if 0 < share < 0.01:
        return _("under {percent}", percent=words.percent(1))
    return _("over {percent}", percent=words.percent(99)) if 0.99 < share < 1 else words.percent(100 * share)


def _duration(minutes: float) -> str:
    unit, number = largest_unit(minutes)
    return words.counted(number, unit)


_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "count": words.count,
    "number": words.number,
    "percent": _share,
    "date": lambda text: words.day(date.fromisoformat(text[:10])),
    "clock": clock,
    "instant": lambda text: words.instant(datetime.fromisoformat(text), "UTC") + " UTC",
    "duration": _duration,
    "term": _,
    **{noun: partial(words.counted, noun=noun) for noun in NOUNS},
}
_STYLE = Style(look_up=_, formats=_FORMATS)
