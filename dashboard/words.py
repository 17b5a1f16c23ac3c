"""Every number, duration, share, change and date in the form a reader sees. Null is "–", never zero.

Shares are 0–1 and durations minutes as they come in; percent, hours and days exist only in what goes out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

UNKNOWN = "–"
COLUMN_FORMATS = {"count": "%,d", "share": "%.1f%%", "change": "%+.0f%%", "hours": "%,.1f"}
"""How number columns of tables are written; shares and changes come to them as percent."""
MINUS = "−"
TIED = "\u00a0"
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|:$~<>&^=])")
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def count(number: float | None) -> str:
    """A count with its thousands apart: 2,341."""
    return UNKNOWN if number is None else f"{round(number):,}"


def share(number: float | None) -> str:
    """A share of 0–1 as percent; below ten percent with one decimal, for there it matters."""
    if number is None:
        return UNKNOWN
    percent = number * 100
    return f"{percent:.1f}%" if 0 < percent < 9.95 else f"{percent:.0f}%"


def minutes(number: float | None) -> str:
    """A duration in its two largest units: 40 s, 12 min, 3 h 05 min, 2 d 4 h."""
    if number is None:
        return UNKNOWN
    seconds = round(abs(number) * 60)
    sign = MINUS if number < 0 and seconds else ""
    if seconds < 90:
        return f"{sign}{seconds} s"
    whole = round(seconds / 60)
    if whole < 60:
        return f"{sign}{whole} min"
    if whole < 48 * 60:
        return f"{sign}{whole // 60} h {whole % 60:02} min"
    hours = round(whole / 60)
    return f"{sign}{hours // 24} d {hours % 24} h"


def hours(number: float | None) -> str:
    """Hours with one decimal: 3.2 h."""
    return UNKNOWN if number is None else f"{number:,.1f} h"


def value(number: float | None, unit: str) -> str:
    """A value in the unit its metric names."""
    return {"share": share, "minutes": minutes, "hours": hours}.get(unit, count)(number)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """A 95 % interval, "24% to 40%"; nothing where there is none."""
    return "" if low is None or high is None else f"{value(low, unit)} to {value(high, unit)}"


def change(now: float | None, before: float | None, unit: str) -> str | int | None:
    """The change in the form `st.metric` understands: signed text, 0 for none, None where unknown.

    Shares change by percentage points, everything else by percent of the value before.
    """
    if now is None or before is None or (unit != "share" and before == 0):
        return None
    difference = (now - before) * 100 if unit == "share" else (now / before - 1) * 100
    digits = 1 if abs(difference) < 9.95 else 0
    if round(difference, digits) == 0:
        return 0
    # st.metric reads the direction from a plain hyphen.
    return f"{difference:+,.{digits}f}{' points' if unit == 'share' else '%'}"


def change_in_words(now: float | None, before: float | None, unit: str) -> str:
    """Set before the thing compared: "4% more than", "the same as"; nothing where it is unknown."""
    signed = change(now, before, unit)
    if signed is None:
        return ""
    if isinstance(signed, int):
        return "the same as"
    return f"{signed[1:]} {'less' if signed[0] == '-' else 'more'} than"


def day(when: date | None) -> str:
    """A date without doubt about what is day and what is month: 1 Oct 2026."""
    return UNKNOWN if when is None else f"{when.day} {when:%b %Y}"


def instant(when: datetime | None, time_zone: str) -> str:
    """An instant on the local clock, to the minute: 1 Oct 2026, 09:05."""
    local = when.astimezone(ZoneInfo(time_zone)) if when else None
    return UNKNOWN if local is None else f"{day(local)}, {local:%H:%M}"


def period(first: date, last: date) -> str:
    """Two dates, both included: "1 – 28 Oct 2026"."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return (
        f"{first.day} {first:%b} – {day(last)}" if first.year == last.year else f"{day(first)} – {day(last)}"
    )


def length(first: date | None, last: date | None) -> str:
    """How long a period is, both days included: "4 weeks"."""
    return "period" if first is None or last is None else days((last - first).days + 1)


def days(number: int) -> str:
    """A span in weeks where it is whole weeks: "4 weeks", "30 days"."""
    return counted(number // 7, "week") if number % 7 == 0 else counted(number, "day")


def counted(number: float | None, noun: str) -> str:
    """A count with its noun in the right number: "1 ticket", "2 tickets"."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def of_all_data(number: float | None, n: int, unit: str) -> str:
    """A value over all data with its n: "Over all data: 12 min (n 340)."."""
    basis = "" if unit == "count" else f" (n {count(n)})"
    return f"Over all data: {value(number, unit)}{basis}."


def joined(parts: Sequence[str]) -> str:
    """A list as it is said: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def label(text: str | None, limit: int = 60) -> str:
    """A name from the data as one short line without control or direction marks. Not yet safe in Markdown."""
    if text is None:
        return "(not recorded)"
    shown = DIRECTION_MARKS.sub("", str(text))
    shown = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in shown)
    shown = re.sub(" +", " ", shown).strip() or "(blank)"
    return shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"


def escaped(text: str | None, limit: int = 60) -> str:
    """The same, for places that read Markdown: what it says is shown, none of it takes effect."""
    return MARKDOWN.sub(r"\\\1", label(text, limit))


def axis(unit: str, highest: float | None) -> tuple[float, str]:
    """By what to multiply a value for an axis, and what stands behind its numbers there."""
    if unit == "share":
        return 100.0, "%"
    if unit != "minutes":
        return 1.0, ""
    top = highest or 0.0
    if top > 3 * 24 * 60:
        return 1 / (24 * 60), " d"
    return (1 / 60, " h") if top > 150 else (1.0, " min")
