"""Every number, duration, share, change and date in the form a reader sees. Null is "–", never zero.

Shares are 0–1 and durations minutes as they come in; percent, hours and days exist only in what goes out.
Separators, percent signs and names of months are those of the reader's language (CLDR, by babel).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache

from dashboard.language import ENGLISH, N_, _, ngettext, spoken
from etl.contract.time_zones import zone
from etl.messages import english
from etl.messages.nouns import NOUNS

UNKNOWN = "–"
COLUMN_FORMATS = {"count": "%,d", "share": "%.1f%%", "change": "%+.0f%%", "hours": "%,.1f"}
"""How the browser writes number columns of tables, in English; shares and changes come to it as percent."""
MINUS = english.MINUS
TIED = "\u00a0"
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|:$~<>&^=])")
ADDRESS = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
WORD_JOINER = "\u2060"
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Patterns of babel's dates; a language may order them otherwise.
DAY, DAY_OF_YEAR = N_("d MMM y"), N_("d MMM")


def decimal(number: float, digits: int = 0, *, signed: bool = False) -> str:
    """A number with the separators of the reader's language: 2,341.5, −0.3; a plus where asked for."""
    plain = english.decimal(number, digits, signed=signed)
    return plain if spoken() == ENGLISH else plain.translate(_separators(spoken()))


def number(value: float) -> str:
    """A number as short as it is exact, to six decimals: 10,000, 2.5, 0.0004."""
    return english.number(value, decimal)


@cache
def _separators(language: str) -> dict[int, str]:
    from babel import Locale

    signs = Locale.parse(language).number_symbols["latn"]
    return {ord(","): signs["group"], ord("."): signs["decimal"]}


@cache
def _percent_sign(language: str) -> tuple[str, str]:
    """What stands before and behind a percentage."""
    if language == ENGLISH:
        return "", "%"
    from babel import Locale

    form = Locale.parse(language).percent_formats[None]
    return form.prefix[0], form.suffix[0]


def percent(number: float, digits: int = 0, *, signed: bool = False) -> str:
    """A number that is a percentage already, with its sign: 12%."""
    before, behind = _percent_sign(spoken())
    return f"{before}{decimal(number, digits, signed=signed)}{behind}"


def count(number: float | None) -> str:
    """A count with its thousands apart: 2,341."""
    return UNKNOWN if number is None else decimal(round(number))


def share(number: float | None) -> str:
    """A share of 0–1 as percent; below ten percent with one decimal, for there it matters."""
    if number is None:
        return UNKNOWN
    return percent(number * 100, 1 if 0 < number * 100 < 9.95 else 0)


def minutes(number: float | None) -> str:
    """A duration in its two largest units: 40 s, 12 min, 3 h 05 min, 2 d 4 h."""
    if number is None:
        return UNKNOWN
    seconds = round(abs(number) * 60)
    sign = MINUS if number < 0 and seconds else ""
    if seconds < 90:
        return sign + _("{seconds} s", seconds=seconds)
    rounded = round(seconds / 60)
    if rounded < 60:
        return sign + _("{minutes} min", minutes=rounded)
    if rounded < 48 * 60:
        return sign + _("{hours} h {minutes} min", hours=rounded // 60, minutes=f"{rounded % 60:02}")
    hours = round(rounded / 60)
    return sign + _("{days} d {hours} h", days=count(hours // 24), hours=hours % 24)


def hours(number: float | None) -> str:
    """Hours with one decimal, from a hundred on without: 3.2 h; less than one in minutes: 12 min."""
    if number is None or abs(number) < 1:
        return minutes(None if number is None else number * 60)
    return _("{hours} h", hours=decimal(number, 1 if abs(number) < 100 else 0))


def value(number: float | None, unit: str) -> str:
    """A value in the unit its metric names."""
    return {"share": share, "minutes": minutes, "hours": hours}.get(unit, count)(number)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """A 95 % interval, "24% to 40%"; nothing where there is none."""
    if low is None or high is None:
        return ""
    return _("{low} to {high}", low=value(low, unit), high=value(high, unit))


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
    if unit == "share":
        text = _("{signed} points", signed=decimal(difference, digits, signed=True))
    else:
        text = percent(difference, digits, signed=True)
    return text.replace(MINUS, "-")  # st.metric reads the direction from a plain hyphen


def day(when: date | None) -> str:
    """A date without doubt about what is day and what is month: 1 Oct 2026."""
    return UNKNOWN if when is None else _dated(when.toordinal(), _(DAY), spoken())


def day_of_year(when: date | None) -> str:
    """The same without the year: 1 Oct."""
    return UNKNOWN if when is None else _dated(when.toordinal(), _(DAY_OF_YEAR), spoken())


@lru_cache(maxsize=20_000)
def _dated(day: int, pattern: str, language: str) -> str:
    when = date.fromordinal(day)
    if language == ENGLISH:
        return english.day(when) if pattern == DAY else english.day_of_year(when)
    from babel.dates import format_date

    return format_date(when, pattern, locale=language)


def instant(when: datetime | None, time_zone: str) -> str:
    """An instant on the local clock, to the minute: 1 Oct 2026, 09:05."""
    local = when.astimezone(zone(time_zone)) if when else None
    return UNKNOWN if local is None else f"{day(local)}, {local:%H:%M}"


def period(first: date, last: date) -> str:
    """Two dates, both included: "1 – 28 Oct 2026"."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return f"{day_of_year(first) if first.year == last.year else day(first)} – {day(last)}"


def length(first: date | None, last: date | None) -> str:
    """How long a period is, both days included: "4 weeks"."""
    return _("period") if first is None or last is None else days((last - first).days + 1)


def before(first: date | None, last: date | None) -> str:
    """The period of equal length before: "the 4 weeks before"."""
    if first is None or last is None:
        return _("the period before")
    number = (last - first).days + 1
    if number % 7:
        return ngettext("the day before", "the {n} days before", number, n=count(number))
    return ngettext("the week before", "the {n} weeks before", number // 7, n=count(number // 7))


def days(number: int) -> str:
    """A span in weeks where it is whole weeks: "4 weeks", "30 days"."""
    return counted(number // 7, "week") if number % 7 == 0 else counted(number, "day")


def counted(number: float | None, noun: str) -> str:
    """A count with its noun in the right number: "1 ticket", "2 tickets"."""
    one, many = NOUNS[noun]
    if number is None:
        return ngettext(one, many, 2, n=UNKNOWN)
    return ngettext(one, many, number, n=count(number))


def cases(n: int, fact: str) -> str:
    """On how many rows of a metric's fact a value stands: "340 tickets", "1,200 visits"."""
    return counted(n, {"classified_visits": "visit", "visits_with_experience": "visit"}.get(fact, "ticket"))


def of_all_data(number: float | None, n: int, unit: str, fact: str) -> str:
    """A value over all data with its n: "Over all data: 12 min (340 tickets)."."""
    if unit == "count":
        return _("Over all data: {value}.", value=value(number, unit))
    return _("Over all data: {value} ({cases}).", value=value(number, unit), cases=cases(n, fact))


def joined(parts: Sequence[str]) -> str:
    """A list as it is said: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


def label(text: str | None, limit: int = 60) -> str:
    """A name from the data as one short line without control or direction marks. Not yet safe in Markdown."""
    if text is None:
        return _("(not recorded)")
    clean = DIRECTION_MARKS.sub("", str(text))
    clean = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in clean)
    clean = re.sub(" +", " ", clean).strip() or _("(blank)")
    return clean if len(clean) <= limit else f"{clean[: limit - 1].rstrip()}…"


def escaped(text: str | None, limit: int = 60) -> str:
    """The same, for places that read Markdown: what it says is shown, none of it takes effect.

    Browsers of Markdown make a link of a bare address, whatever is escaped in it: a sign that nobody sees
    parts it.
    """
    return MARKDOWN.sub(r"\\\1", ADDRESS.sub(WORD_JOINER, label(text, limit)))


def axis(unit: str, highest: float | None) -> tuple[float, str]:
    """By what to multiply a value for an axis, and what stands behind its numbers there."""
    if unit == "share":
        return 100.0, _percent_sign(spoken())[1]
    if unit != "minutes":
        return 1.0, ""
    top = highest or 0.0
    if top > 3 * 24 * 60:
        return 1 / (24 * 60), _(" d")
    return (1 / 60, _(" h")) if top > 150 else (1.0, _(" min"))


def in_column(number: float | None, kind: str) -> str:
    """A number of such a column in the reader's language: what the browser cannot."""
    if number is None or number != number:  # what a frame of pandas has for null
        return UNKNOWN
    if kind in {"share", "change"}:
        return percent(number, 1 if kind == "share" else 0, signed=kind == "change")
    return decimal(number, 1 if kind == "hours" else 0)
