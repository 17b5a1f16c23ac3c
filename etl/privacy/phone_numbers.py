"""Telephone numbers as they are written within a region, without the `+` that says them to everybody.

The numbering plans are those of `phonenumbers`, which is loaded where a text has such digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

DEFAULT_REGIONS = (
    *("AT", "BE", "CA", "CH", "DE", "ES", "FR", "GB", "IE", "IT", "NL", "PL", "PT", "SE", "US"),
)
"""Regions whose numbers are looked for unless the settings name others."""

_INTERNATIONAL = range(11, 18)
"""Digits of a number with `00` and a calling code in front."""

_NORTH_AMERICAN = 1
_SHORT, _LONGEST_FIRST_GROUP = 8, 3
_LONGEST_OF_CUSTOMERS, _FEWEST_OWN, _PAIR = 10, 9, 2
_NORTH_AMERICAN_GROUPS = re.compile(r"(?:1[ .-]{1,2})?\(?[2-9]\d\d\)?[ ./-]{1,2}[1-9]\d\d[ .-]\d{4}")


def unknown_regions(regions: Iterable[str]) -> list[str]:
    """Those of the codes that no region of the numbering plans has."""
    from phonenumbers import SUPPORTED_REGIONS

    return [region for region in regions if region not in SUPPORTED_REGIONS]


def has_bare_form(digits: str, regions: tuple[str, ...]) -> bool:
    """Whether digits with nothing between them say that they are a telephone number.

    They do by a prefix alone: `00` and a calling code, a `0` before a number of one of the regions, or the
    calling code of one of them before a mobile number. Without any, they are the number of an order.
    """
    if digits.startswith("00"):
        return len(digits) in _INTERNATIONAL and _is_international(digits[2:])
    return _bare_pattern(regions).fullmatch(digits) is not None


def has_mobile_form(digits: str, regions: tuple[str, ...]) -> bool:
    """Whether bare digits are a telephone number even where they are called somebody's.

    Customers' numbers have ten digits at most, or they are no mobile number with a `0`.
    """
    is_long = len(digits) > _LONGEST_OF_CUSTOMERS
    return has_bare_form(digits, regions) and (
        is_long or _mobile_pattern(regions).fullmatch(digits) is not None
    )


def has_own_form(number: str, regions: tuple[str, ...]) -> bool:
    """Whether groups of digits say themselves that they are a telephone number, whatever they are called.

    They do in the form of North America, with `00`, and with a `0` where a region writes them so: the code of
    an area is a group of its own. What ends in a short group after a long one is the number of something.
    """
    groups = re.findall(r"\d+", number)
    digits = "".join(groups)
    if len(groups) == 1 or len(digits) < _FEWEST_OWN:
        return False
    if _NORTH_AMERICAN_GROUPS.fullmatch(number.replace("_", "-")):
        return True
    if digits.startswith("00"):
        return len(digits) in _INTERNATIONAL and _is_international(digits[2:])
    is_short_last = len(groups[-1]) < _PAIR or len(groups[-1]) == _PAIR < len(groups[-2]) - 1
    if not digits.startswith("0") or is_short_last or (groups[1][0] == "0" and len(groups[1]) > _PAIR):
        return False
    return any(_is_written_in(region, groups) for region in regions)


def _is_written_in(region: str, groups: Sequence[str]) -> bool:
    """Whether a region writes a number in these groups, or has it with this code of an area."""
    digits = "".join(groups)
    at_home = _groups_at_home(digits, region)
    if at_home[:1] != [groups[0].lstrip("0")]:
        return False
    is_written_so = at_home[1:] == [*groups[1:]]
    return is_written_so or (
        len(digits) > _FEWEST_OWN and _bare_pattern((region,)).fullmatch(digits) is not None
    )


def has_grouped_form(number: str, groups: Sequence[str], regions: tuple[str, ...]) -> bool:
    """Whether groups of digits are a telephone number of one of the regions, without a `0` before them.

    Groups of four or more come first only where the region writes them so: they are mostly a code's.
    """
    if _NORTH_AMERICAN_GROUPS.fullmatch(number):
        return True
    digits = "".join(groups)
    if not _grouped_pattern(regions).fullmatch(digits):
        return False
    if len(groups[0]) <= _LONGEST_FIRST_GROUP or len(digits) <= _SHORT:
        return True
    return any(
        _grouped_pattern((region,)).fullmatch(digits) and list(groups) == _groups_at_home(digits, region)
        for region in regions
    )


def _is_international(digits: str) -> bool:
    from phonenumbers import NumberParseException, is_valid_number, parse

    try:
        return is_valid_number(parse(f"+{digits}"))
    except NumberParseException:
        return False


def _groups_at_home(digits: str, region: str) -> list[str]:
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        at_home = format_number(parse(digits, region), PhoneNumberFormat.NATIONAL)
    except NumberParseException:
        return []
    groups = re.findall(r"\d+", at_home)
    return [groups[0].lstrip("0"), *groups[1:]]


@lru_cache(maxsize=8)
def _bare_pattern(regions: tuple[str, ...]) -> re.Pattern[str]:
    return _one_of(form for region in regions for form in _bare_forms(region))


@lru_cache(maxsize=8)
def _mobile_pattern(regions: tuple[str, ...]) -> re.Pattern[str]:
    plans = [_plan(region) for region in regions]
    return _one_of(f"{prefix}(?:{mobile})" for _code, prefix, _every, mobile in plans if prefix == "0")


@lru_cache(maxsize=64)
def _grouped_pattern(regions: tuple[str, ...]) -> re.Pattern[str]:
    return _one_of(form for region in regions for form in _grouped_forms(region))


def _one_of(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(dict.fromkeys(forms)) or r"(?!)")


def _bare_forms(region: str) -> Iterator[str]:
    code, prefix, every, mobile = _plan(region)
    if code != _NORTH_AMERICAN:  # one of eleven digits in ten begins with 1
        yield rf"(?=\d{{11}}){code}(?:{mobile})"
    if prefix == "0":
        yield f"0(?:{every})"
    else:
        yield f"(?=0)(?:{every})"


def _grouped_forms(region: str) -> Iterator[str]:
    code, prefix, every, mobile = _plan(region)
    yield every if prefix in {"", "1"} else mobile
    if code != _NORTH_AMERICAN:
        yield f"{code}(?:{mobile})"
        yield f"{prefix}(?:{every})"


def _plan(region: str) -> tuple[int, str, str, str]:
    """The calling code and the prefix of a region, and patterns of all its numbers and of mobile ones."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None:
        return 0, "", "(?!)", "(?!)"
    any_type = [plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost]
    any_type += [plan.personal_number, plan.voip, plan.uan]
    return plan.country_code or 0, plan.national_prefix or "", _any_of(any_type), _any_of([plan.mobile])


def _any_of(types: Sequence[object]) -> str:
    patterns = [getattr(each, "national_number_pattern", None) for each in types]
    return "|".join(dict.fromkeys(f"(?:{pattern})" for pattern in patterns if pattern and pattern != "NA"))
