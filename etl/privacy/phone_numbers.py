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


def unknown_regions(regions: Iterable[str]) -> list[str]:
    """Those of the codes that no region of the numbering plans has."""
    from phonenumbers import SUPPORTED_REGIONS

    return [region for region in regions if region not in SUPPORTED_REGIONS]


def has_national_form(digits: str, regions: tuple[str, ...], *, is_grouped: bool) -> bool:
    """Whether digits are a telephone number of one of the regions, with its calling code or as at home.

    Without any blank or dash between them, and without a prefix, only those of mobile telephones are: bare
    digits are mostly the number of an order.
    """
    return _pattern(regions, is_grouped).fullmatch(digits) is not None


@lru_cache(maxsize=8)
def _pattern(regions: tuple[str, ...], is_grouped: bool) -> re.Pattern[str]:  # noqa: FBT001
    forms = [form for region in regions for form in _forms(region, is_grouped=is_grouped)]
    return re.compile("|".join(dict.fromkeys(forms)) or r"(?!)")


def _forms(region: str, *, is_grouped: bool) -> Iterator[str]:
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None:
        return
    any_type = [plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost]
    any_type += [plan.personal_number, plan.voip, plan.uan]
    every, mobile = _any_of(any_type), _any_of([plan.mobile])
    yield f"{plan.country_code}(?:{mobile})"
    is_without_prefix = plan.national_prefix in {None, "1"}
    yield every if is_grouped and is_without_prefix else mobile
    if plan.national_prefix:
        yield f"{plan.national_prefix}(?:{every})"


def _any_of(types: Sequence[object]) -> str:
    patterns = [getattr(each, "national_number_pattern", None) for each in types]
    return "|".join(dict.fromkeys(f"(?:{pattern})" for pattern in patterns if pattern and pattern != "NA"))
