"""Messages of the core in the reader's language: the template looked up, its blanks written as pages do."""

from __future__ import annotations

from dashboard.language import _, words
from etl.errors import StepsightError
from etl.messages import Message, Style, render
from etl.messages.english import formats


def say(message: Message | StepsightError) -> str:
    """The message, or what the error says, in the reader's language. Not yet safe in Markdown."""
    return render(message.message if isinstance(message, StepsightError) else message, STYLE)


def text_of(part: str | Message) -> str:
    """What may be a text of the data, which stays as it is."""
    return part if isinstance(part, str) else say(part)


STYLE = Style(
    look_up=_,
    formats=formats(
        decimal=words.decimal, percent=words.percent, day=words.day, counted=words.counted, look_up=_
    ),
)
