"""What the checks of the data saw, in the reader's language: English sentences, read back into their parts.

The checks write sentences for terminal and log; here a sentence is matched with its form, and the form is
what is translated. What has no form is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dashboard import words
from dashboard.language import N_, _, ngettext
from dashboard.sentences.forms import read_back

FORMS = (
    N_(
        "All dates of {days} lie in the first twelve days of a month: dates with a later day were "
        "read month first, and refused."
    ),
    N_(
        "With day and month exchanged, the dates that allow it (day at most 12) lie nearer to the "
        "other dates of their ticket in {nearer} of {tickets}."
    ),
    N_(
        "With day and month exchanged, {fitting} of {days} days have as many tickets as their weekday "
        "usually has; as given, they do not."
    ),
    N_(
        "Some dates read better with day and month exchanged: those of {nearer} of {tickets} lie "
        "nearer to the other dates of the ticket then."
    ),
    N_(
        "In UTC the working day of {source} begins an hour earlier in summer time ({rule}), as true "
        "instants do."
    ),
    N_(
        "The working day of {source} does not move when clocks change; its middle, {middle} UTC, fits "
        "a place that does not change them."
    ),
    N_(
        "The middle of the working day is {middle} UTC, and it does not move when clocks change: "
        "local times labelled as UTC look like this."
    ),
    N_(
        "In {jumped} of {weeks} the hours of the day lie {hours} hours {way} than in the weeks "
        "before, first in the week of {first}."
    ),
    N_("{empty} of {usual} on which it usually has events have none; {stretch}."),
    N_("the longest stretch, of {longest}, from {first} to {last}"),
    N_("the first is {first}"),
    N_(
        "{exact} of {events} ({share}) lie exactly on {before}:00 or {hour}:00 UTC, as dates without "
        "a time do."
    ),
    N_("The newest event, {newest}, is {time} later than its load."),
    N_("Its newest event, {newest}, is {time} older than the newest of the other sources."),
    N_("The newest event of {source} is of {newest}."),
    N_("{refused} refused of {read} read: {worst}."),
    N_("{repeated} of {read} ({share}) were there already; usual for its like is {usual}."),
    N_("{repeated} of {read} ({share}) were there already."),
    N_(
        "{conflicts} in {tickets} contradict {other}: the same event_id, but other content. One of "
        "each stands, the other is kept aside."
    ),
    N_(
        "{ties} in {tickets}: events of one ticket at the same instant and place came in different "
        "files, so which was first is not known."
    ),
    N_("{wrong} of {known} times ({share}): {what}, typically by {time}."),
    N_(
        "In {before} of {tickets} ({share}) the first event by {actor} lies before {opening} by "
        "{opener}, typically by {time}."
    ),
    N_("its opening in {source}"),
    N_("{unopened} of {tickets} ({share}) have no opening."),
    N_("None of its {tickets} tickets is opened."),
    N_("{endless} of {runs} ({share}) have no end, though nothing has happened in them for a day or more."),
    N_(
        "{elsewhere} of {events} ({share}) of {name} are at steps that its definition does not have: {steps}."
    ),
    N_("{name} has events but no definition, though other versions of the workflow have one."),
    N_("{n} for {rule} ({reason})"),
    N_("its opening"),
    N_("an agent"),
    N_("the customer"),
    N_("a bot"),
    N_("the system"),
    N_("later"),
    N_("earlier"),
    N_("under {percent} %"),
    N_("over {percent} %"),
)
"""The longest first where one form contains another."""
NOUNS: dict[str, Callable[[int], str]] = {
    "event": lambda n: ngettext("{n} event", "{n} events", n, n=words.count(n)),
    "hour": lambda n: ngettext("{n} hour", "{n} hours", n, n=words.count(n)),
    "minute": lambda n: ngettext("{n} minute", "{n} minutes", n, n=words.count(n)),
    "second": lambda n: ngettext("{n} second", "{n} seconds", n, n=words.count(n)),
    "tie": lambda n: ngettext("{n} tie", "{n} ties", n, n=words.count(n)),
}
COUNTED = re.compile(r"([\d,]+) ([a-z]+?)s?")
NUMBER, PERCENT = re.compile(r"\d{1,3}(,\d{3})+"), re.compile(r"(\d+) %")


def said(sentence: str) -> str:
    """A check's sentence, or a part of one, in the reader's language."""
    if found := COUNTED.fullmatch(sentence):
        number, noun = int(found[1].replace(",", "")), found[2]
        if noun in NOUNS:
            return NOUNS[noun](number)
        return words.counted(number, noun) if noun in words.COUNTED else sentence
    if NUMBER.fullmatch(sentence):
        return words.count(int(sentence.replace(",", "")))
    if found := PERCENT.fullmatch(sentence):
        return words.percent(int(found[1]))
    if parted := read_back(sentence, FORMS):
        form, parts = parted
        return _(form, **{name: said(part) for name, part in parts.items()})
    if "; " in sentence:
        return "; ".join(said(part) for part in sentence.split("; "))
    return _(sentence)
