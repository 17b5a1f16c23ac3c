"""The formats by which one text could be an instant or a time of day, from its shape alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?P<long_month>[a-z]*)"
_YEAR = r"(?P<year>\d{4}|\d{2})"
# Each shape of a date, and the formats by which it could be read; of two, the day comes first.
_DATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{4}(?P<s>[-/.])\d{1,2}(?P=s)\d{1,2}", ("%Y{s}%m{s}%d",)),
    (r"\d{8}", ("%Y%m%d",)),
    (rf"\d{{1,2}}(?P<s>[-/.])\d{{1,2}}(?P=s){_YEAR}", ("%d{s}%m{s}{year}", "%m{s}%d{s}{year}")),
    (rf"\d{{1,2}}(?P<s>[-/ .]|\. ){_MONTH}(?P<t>[-/ .]|, |\. ){_YEAR}", ("%d{s}{month}{t}{year}",)),
    (rf"{_MONTH}(?P<s>[- ])\d{{1,2}}(?P<t>, |[ ,-]){_YEAR}", ("{month}{s}%d{t}{year}",)),
)
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?P<long_day>[a-z]*)(?P<comma>,? ))?"
_CLOCK = (
    r"\d{1,2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>\.\d+)?)?(?:(?P<gap> ?)(?P<half>[AaPp][Mm]))?"
    r"(?:(?P<space> ?)(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_SHAPES = tuple(
    (re.compile(rf"^{_WEEKDAY}{shape}(?:(?P<between>T|,? at |, | - | +){_CLOCK})?$", re.IGNORECASE), formats)
    for shape, formats in _DATES
)
_PACKED = re.compile(r"^\d{8}(?P<between>[T_ -]?)\d{4}(?P<seconds>\d{2})?$")
_CLOCK_ALONE = re.compile(rf"^{_CLOCK}$")
_SWAPPED = re.compile(r"%([dm])([-/.])%([dm])\2(?=%[Yy])")


def formats_of(text: str) -> Iterator[str]:
    """Formats by which the text could be read; none for a text of another shape."""
    for shape, formats in _SHAPES:
        if match := shape.match(text):
            parts = {name: value or "" for name, value in match.groupdict().items()}
            year = "%y" if len(parts.get("year", "2026")) == len("26") else "%Y"
            month = "%B" if parts.get("long_month") else "%b"
            day = "%A" if parts["long_day"] else "%a"
            weekday = day + parts["comma"] if parts["comma"] else ""
            clock = parts["between"] + _clock(parts) if match["between"] else ""
            for form in formats:
                date = form.format(s=parts.get("s"), t=parts.get("t"), month=month, year=year)
                yield weekday + date + clock
    if match := _PACKED.match(text):
        yield f"%Y%m%d{match['between']}%H%M" + ("%S" if match["seconds"] else "")


def clock_format(text: str) -> str | None:
    """The format of a time of day that stands alone; None if the text is none."""
    match = _CLOCK_ALONE.match(text)
    if not match or match["zone"]:
        return None
    return _clock({name: value or "" for name, value in match.groupdict().items()})


def other_order(form: str) -> str | None:
    """The format with day and month exchanged; None where they cannot be taken for one another."""
    match = _SWAPPED.search(form)
    if not match:
        return None
    separator = match[2]
    return f"{form[: match.start()]}%{match[3]}{separator}%{match[1]}{separator}{form[match.end() :]}"


def is_day_first(form: str) -> bool:
    """Whether the day stands before the month."""
    return form.find("%d") < form.find("%m")


def _clock(parts: dict[str, str]) -> str:
    clock = "%I:%M" if parts["half"] else "%H:%M"
    if parts["seconds"]:
        clock += ":%S%.f" if parts["fraction"] else ":%S"
    if parts["half"]:
        clock += f"{parts['gap']}%p"
    zone = parts["zone"]
    return clock + (parts["space"] + (zone.upper() if zone.isalpha() else "%z") if zone else "")
