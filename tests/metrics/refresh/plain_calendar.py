"""Opening hours and public holidays a second time: from the words of the settings and the words of the law.

Nothing of the package is imported, nor the library that knows holidays. A desk is a set of quarters
of an hour: of each day on the wall, each quarter whose clock time is open is looked up in the zone. So hours
must begin and end at quarters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
_DAY = timedelta(days=1)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def open_quarters(
    versions: Sequence[Mapping[str, Any]], time_zone: str, first: date, last: date
) -> set[datetime]:
    """When a desk with these versions of one schedule is open: the beginnings of the quarters, in UTC."""
    quarters = set()
    for version in versions:
        zone = ZoneInfo(version.get("time_zone") or time_zone)
        for day in _days(first, last):
            if _in_force(versions, day) is version and not _is_closed(version, day):
                for wall in _open_on(version["hours"], day):
                    quarters |= _instants(wall, zone)
    return quarters


def easter(year: int) -> date:
    """Easter Sunday: J. Meeus, Astronomical Algorithms, 2nd ed. 1998, chapter 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


def holidays(region: str, year: int) -> set[date]:
    """The public holidays of a year by the law of the region; of years since 2022."""
    return set(_LAWS[region](year))


def _germany(year: int) -> Iterator[date]:
    """Die neun bundesweiten Feiertage."""
    for month, day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)):
        yield date(year, month, day)
    for after in (-2, 1, 39, 50):  # Good Friday, Easter Monday, Ascension, Whit Monday
        yield easter(year) + after * _DAY


def _bavaria(year: int) -> Iterator[date]:
    """Feiertagsgesetz, Art. 1: Epiphany, Corpus Christi and All Saints' besides."""
    yield from _germany(year)
    yield from (date(year, 1, 6), easter(year) + 60 * _DAY, date(year, 11, 1))


def _saxony(year: int) -> Iterator[date]:
    """Reformation Day, and the Wednesday before 23 November besides."""
    yield from (*_germany(year), date(year, 10, 31))
    yield next(day for day in (date(year, 11, 22) - n * _DAY for n in range(7)) if day.weekday() == 2)


def _france(year: int) -> Iterator[date]:
    """Code du travail, article L3133-1: eleven days."""
    for month, day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)):
        yield date(year, month, day)
    for after in (1, 39, 50):
        yield easter(year) + after * _DAY


def _united_states(year: int) -> Iterator[date]:
    """5 U.S.C. 6103: eleven days, and the working day before a Saturday or after a Sunday."""
    yield from (_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2))
    yield from (_nth(year, 6, 0, 1) - 7 * _DAY, _nth(year, 11, 3, 4))  # the last Monday in May; Thanksgiving
    fixed = [date(year, *on) for on in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    for day in [*fixed, date(year + 1, 1, 1)]:
        observed = day + {5: -_DAY, 6: _DAY}.get(day.weekday(), 0 * _DAY)
        yield from (each for each in (day, observed) if each.year == year)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (number - 1)) * _DAY


_LAWS = {"DE": _germany, "DE-BY": _bavaria, "DE-SN": _saxony, "FR": _france, "US": _united_states}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _in_force(versions: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    begun = [v for v in versions if not v.get("valid_from") or date.fromisoformat(v["valid_from"]) <= day]
    return max(begun, key=lambda version: version.get("valid_from") or "")


def _is_closed(version: Mapping[str, Any], day: date) -> bool:
    region = version.get("holidays")
    return day.isoformat() in version.get("closed_on", ()) or bool(
        region and day in holidays(region, day.year)
    )


def _open_on(hours: Sequence[str], day: date) -> Iterator[datetime]:
    """The quarters of a day on the wall that the words call open; each day is looked at by itself."""
    today, yesterday = _NAMES[day.weekday()], _NAMES[day.weekday() - 1]
    for minute in range(0, 24 * 60, 15):
        clock = f"{minute // 60:02}:{minute % 60:02}"
        for words in hours:
            days, times = words.split()
            start, end = times.split("-")
            if start < end:
                is_open = today in _listed(days) and start <= clock < end
            else:
                is_open = (today in _listed(days) and start <= clock) or (
                    yesterday in _listed(days) and clock < end
                )
            if is_open:
                yield datetime.combine(day, time.fromisoformat(clock))
                break


def _listed(words: str) -> set[str]:
    days = set()
    for part in words.split(","):
        first, _, last = part.partition("-")
        at = _NAMES.index(first)
        while True:
            days.add(_NAMES[at % 7])
            if _NAMES[at % 7] == (last or first):
                break
            at += 1
    return days


def _instants(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """The instants at which the wall shows this time: none in spring's gap, two in autumn."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return {at for at in both if at.astimezone(zone).replace(tzinfo=None) == wall}
