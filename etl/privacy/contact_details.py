"""Whether a text says how to reach somebody: an e-mail address, or a telephone, card or account number.

Eight digits or more are such a number, unless they are a date, an amount, a version or a code of some system.
"""

from __future__ import annotations

import re

import polars as pl

# The same in both engines: polars leaves out nearly all texts, Python looks at the others.
_NUMBER = r"[0-9](?:[ ./()‐‑–-]{0,3}[0-9]){7,}"
_CANDIDATES = f"@|{_NUMBER}"

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_FULL_MONTH, _FULL_DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[T ,]*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?)"
_BEFORE = r"(?<![\w+])(?<!\d[./-])(?<!\d )"
_AFTER = r"(?!\w)(?![./-]\d)(?! \d)"
_PART = r"(?:0|[1-9]\d{0,4})"
_REACHED_BY = "tel|phone|fax|mob|mobile|cell|call|handy|iban|card"
_CURRENCY = r"(?:EUR|USD|GBP|CHF|JPY|[€$£¥])"

_OTHER_NUMBERS = re.compile(
    "|".join(
        (
            # 2026-03-02 09:15; 2026/000123, numbered within a year; 02/03/2026; 20260302T0915
            rf"{_BEFORE}{_YEAR}([-/.]){_MONTH}\1{_DAY}(?!\d){_TIME}?(?:/{_YEAR}\1{_MONTH}\1{_DAY}(?!\d))?",
            rf"{_BEFORE}{_YEAR}[-/]\d{{1,6}}{_AFTER}",
            rf"{_BEFORE}{_DAY}([-/.]){_MONTH}\2(?:{_YEAR}|\d\d)(?!\d)(?![./-]\d)(?:{_TIME}|{_AFTER})",
            rf"{_BEFORE}{_MONTH}([-/.]){_DAY}\3(?:{_YEAR}|\d\d)(?!\d)(?![./-]\d)(?:{_TIME}|{_AFTER})",
            rf"{_BEFORE}{_YEAR}{_FULL_MONTH}{_FULL_DAY}(?:T?\d{{4}}(?:\d\d)?)?(?!\d)(?! \d)",
            rf"{_TIME}",
            # EUR 123.456.789; 12 345 678.90; 1234567.89
            rf"{_CURRENCY} ?[1-9]\d{{0,2}}(?:[ .,']?\d{{3}})*(?:[.,]\d\d?)?{_AFTER}",
            rf"{_BEFORE}[1-9]\d{{0,2}}(?:[ .,']?\d{{3}})*(?:[.,]\d\d?)? ?{_CURRENCY}(?!\w)",
            rf"{_BEFORE}[1-9]\d?(?:([ .,'])\d{{3}})(?:\4\d{{3}})+(?:[.,]\d\d?)?{_AFTER}",
            rf"{_BEFORE}[1-9]\d{{0,8}}[.,]\d{{1,4}}{_AFTER}",
            # 10.20.30.40, but not 555.123.4567
            rf"{_BEFORE}(?!\d{{3,}}(?:\.\d{{3,}})+(?![.\d])){_PART}(?:\.{_PART}){{2,3}}{_AFTER}",
            # ORD-2026-000123, and a UUID
            rf"(?<!\w)(?!(?i:{_REACHED_BY})[-_/])[A-Za-z]{{1,6}}(?:[-_/][A-Za-z0-9]+)+(?![\w-])",
            r"(?<!\w)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)",
        )
    )
)


def has_contact_details(texts: pl.Series) -> pl.Series:
    """Which texts say how to reach somebody; null where there is none."""
    candidates = texts.filter(texts.str.contains(_CANDIDATES).fill_null(value=False)).unique()
    contacts = [text for text in candidates if _is_contact(text)]
    return texts.is_in(pl.Series(contacts, dtype=pl.String).implode())


def _is_contact(text: str) -> bool:
    return "@" in text or re.search(_NUMBER, _OTHER_NUMBERS.sub(" ~ ", text)) is not None
