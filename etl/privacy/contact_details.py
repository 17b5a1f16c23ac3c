"""Where a text says how to reach somebody: e-mail addresses, and telephone, card and account numbers.

Dates, amounts, versions, codes of systems and what a text calls the number of an order are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from etl.privacy.account_numbers import is_card_number, is_personal_number, spans_of_ibans
from etl.privacy.phone_numbers import DEFAULT_REGIONS, has_national_form
from etl.privacy.plain_numbers import REACHED_BY, without_plain_numbers

Span = tuple[int, int]
CONTACT = "(contact)"
"""What stands in a name in place of contact details."""

_AT = r"[(\[{] ?at ?[)\]}]"
_DIGITS = r"[0-9](?:[ ./()‐‑–-]{0,3}[0-9]){5,}"
# The same in both engines: polars leaves out nearly all texts, Python looks at the others.
_CANDIDATES = (
    rf"(?i)@|%40|{_AT}|\bat\b.*\bdot\b|{_DIGITS}|"
    r"\b[a-z]{2}[0-9]{2}[ -]?[a-z0-9]{4}|\b[a-z]{6}[0-9]{2}"
)
# An instant, a code of some system or a pseudonym, alone: the most frequent of all texts with digits in them.
_INSTANT = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"

_CODE = r"^[A-Za-z]{1,6}(?:[-_/][A-Za-z0-9]{1,24})+$"
_PHONE = r"^\+[1-9][0-9](?:[ ()./-]{0,2}[0-9]){6,12}$"  # as it is said to everybody
_PSEUDONYM = r"^[act]-[0-9a-f]{24}$"
_NO_CODE = rf"^(?i:{REACHED_BY})[-_/]"

_ADDRESSES = re.compile(
    "|".join(
        (
            r"[^\s@<>\"(),;:=]+(?:@|%40)(?![\d.]+(?![\w.]))[\w](?:[\w.-]*\w)?",
            rf"\w[\w.+-]*\s*{_AT}\s*\w[\w-]*(?:\s*(?:\.|[(\[{{] ?dot ?[)\]}}]|\bdot\b)\s*\w{{2,}})*",
            r"\w[\w.+-]*\s+at\s+\w[\w-]*(?:\s+dot\s+[a-z]{2,})+",
            r"(?<![\w@.])@[A-Za-z][\w.]+",  # a name in a messenger
        )
    ),
    re.IGNORECASE,
)
_NUMBERS = re.compile(rf"(?<![^\W_])(?:\(?\+|\()? ?{_DIGITS}(?![^\W_])")
_REACHED_BY = re.compile(
    r"(?:\b(?:tele(?:ph|f)on\w*|t[ée]l\w*|tel[ée]fono|phone|fax|mobi?l\w*|cell|calls?|called|ring|rang|handy|"
    r"whats ?app|sms|anruf\w*|r[üu]ckruf\w*|appel\w*|llam\w*|accounts?|acct|konto\w*|iban|cards?|karte\w*|"
    r"my number|visa|mastercard|amex)|wa\.me)"
    r"(?:[\s:.,#/=-]|\b(?:back|me|us|him|her|them|at|on|no|nr|number|nummer|is|under|unter|au|al|the)\b)*$",
    re.IGNORECASE,
)


class ContactDetails:
    """What looks like contact details, with telephone numbers as they are written in some regions."""

    def __init__(self, regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._regions = tuple(regions)

    def texts_with(self, texts: pl.Series) -> pl.Series:
        """The distinct texts of a column that have contact details in them."""
        distinct = texts.drop_nulls().unique()
        is_code = distinct.str.contains(_CODE) & ~distinct.str.contains(_NO_CODE)
        is_plain = distinct.str.contains(_INSTANT) | is_code | distinct.str.contains(_PSEUDONYM)
        is_phone = distinct.str.contains(_PHONE)
        candidates = distinct.filter(distinct.str.contains(_CANDIDATES) & ~is_plain & ~is_phone)
        others = pl.Series([text for text in candidates if self.is_in(text)], dtype=pl.String)
        return pl.concat([distinct.filter(is_phone), others])

    def is_in(self, text: str) -> bool:
        """Whether a text has contact details in it."""
        return any(True for _ in self._spans(text))

    def spans_in(self, text: str) -> list[Span]:
        """Where contact details stand in a text, in order; none overlaps another."""
        spans: list[Span] = []
        for begin, end in sorted(self._spans(text)):
            if spans and begin < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((begin, end))
        return spans

    def masked(self, text: str) -> str:
        """The text with a sign in place of contact details."""
        for begin, end in reversed(self.spans_in(text)):
            text = text[:begin] + CONTACT + text[end:]
        return text

    def _spans(self, text: str) -> Iterator[Span]:
        """A long text is looked at stretch by stretch: no pattern may take longer than that is long."""
        for begin in range(0, max(len(text) - _OVERLAP, 1), _STRETCH - _OVERLAP):
            for first, end in self._spans_of_stretch(text[begin : begin + _STRETCH]):
                yield begin + first, begin + end

    def _spans_of_stretch(self, text: str) -> Iterator[Span]:
        if "@" in text or "%40" in text or "at" in text.casefold():
            yield from (match.span() for match in _ADDRESSES.finditer(text))
        yield from spans_of_ibans(text)
        rest = without_plain_numbers(text)
        yield from (
            match.span() for match in _PERSONAL.finditer(rest) if is_personal_number(match[0].upper())
        )
        for match in _NUMBERS.finditer(rest):
            if self._is_contact(match[0].strip(), text[: match.start()]):
                yield match.span()

    def _is_contact(self, number: str, before: str) -> bool:
        """Whether digits that stand in a text alone are a telephone, card or account number."""
        digits = re.sub(r"\D", "", number)
        groups = re.findall(r"\d+", number)
        is_short, is_grouped = len(digits) <= _LONGEST_PHONE_NUMBER, len(groups) > 1
        if is_card_number(digits, groups):
            return True
        if number.lstrip("(").startswith("+"):
            return is_short and len(digits) >= _FEWEST_DIGITS
        if _REACHED_BY.search(before[-_WORD_BEFORE:]):
            return True
        if digits.startswith("0") and len(digits) >= _FEWEST_NATIONAL:
            return is_short or is_grouped
        if is_short and is_grouped and len(digits) >= _FEWEST_NATIONAL:
            return max(map(len, groups)) > 1
        is_long = len(digits) >= _FEWEST_DIGITS
        return is_long and has_national_form(digits, self._regions, is_grouped=is_grouped)


_PERSONAL = re.compile(
    r"(?<![^\W_])(?:[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]|[XYZ]?\d{7,8}[A-Z]|\d{11}|\d{15})(?![^\W_])", re.I
)
_FEWEST_DIGITS, _FEWEST_NATIONAL, _LONGEST_PHONE_NUMBER = 7, 9, 15
_STRETCH, _OVERLAP = 300, 60
_WORD_BEFORE = 40
"""Characters in which the word that says what a number is may stand before it."""
