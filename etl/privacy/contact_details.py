"""Where a text says how to reach somebody: e-mail addresses, and telephone, card and account numbers.

Dates, amounts, versions, codes of systems and what a text calls the number of an order are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from etl.privacy.account_numbers import is_card_number, is_personal_number, spans_of_ibans
from etl.privacy.phone_numbers import DEFAULT_REGIONS, has_national_form
from etl.privacy.plain_numbers import REACHED_BY, is_reached_by, without_plain_numbers

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
_UUID = r"^\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$"
# No IBAN has 32, 40 or 64 signs, and of those that hexadecimal digits could write only `AD…` has 24.
_HEX = r"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|(?:[0-9b-f][0-9a-f]|a[0-9a-ce-f])[0-9a-f]{22})$"
_DECIMAL = r"^-?(?:0|[1-9]\d{0,8})[.,]\d+$"
_PHONE = r"^\+[1-9][0-9](?:[ ()./-]{0,2}[0-9]){6,12}$"  # as it is said to everybody
_PSEUDONYM = r"^[act]-[0-9a-f]{24}$"
_NO_CODE = rf"^(?i:{REACHED_BY})[-_/]"

_ADDRESSES = re.compile(
    "|".join(
        (
            r"(?<!\w)[^\s@<>\"(),;:=]+(?:@|%40)(?![\d.]+(?![\w.]))[\w](?:[\w.-]*\w)?",
            rf"(?<!\w)\w[\w.+-]*\s*{_AT}\s*\w[\w-]*(?:\s*(?:\.|[(\[{{] ?dot ?[)\]}}]|\bdot\b)\s*\w{{2,}})*",
            r"(?<!\w)\w[\w.+-]*\s+at\s+\w[\w-]*(?:\s+dot\s+[a-z]{2,})+",
            r"(?<![\w@.])@[A-Za-z][\w.]+",  # a name in a messenger
        )
    ),
    re.IGNORECASE,
)
_NUMBERS = re.compile(rf"(?<![^\W_])(?:\(?\+|\()? ?{_DIGITS}(?![^\W_])")


class ContactDetails:
    """What looks like contact details, with telephone numbers as they are written in some regions."""

    def __init__(self, regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._regions = tuple(regions)

    def texts_with(self, texts: pl.Series) -> pl.Series:
        """The distinct texts of a column that have contact details in them.

        One longer than any name counts where it may have some: it is prose, and long to look through.
        """
        distinct = texts.drop_nulls().unique()
        is_code = distinct.str.contains(_CODE) & ~distinct.str.contains(_NO_CODE)
        is_plain = is_code
        for plain in (_INSTANT, _PSEUDONYM, _UUID, _HEX, _DECIMAL):
            is_plain |= distinct.str.contains(plain)
        is_phone = distinct.str.contains(_PHONE)
        candidates = distinct.filter(distinct.str.contains(_CANDIDATES) & ~is_plain & ~is_phone)
        is_long = candidates.str.len_chars() > _LONGEST_NAME
        others = [text for text in candidates.filter(~is_long) if self.is_in(text)]
        return pl.concat(
            [distinct.filter(is_phone), candidates.filter(is_long), pl.Series(others, dtype=pl.String)]
        )

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
        if is_reached_by(before):
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
_STRETCH, _OVERLAP, _LONGEST_NAME = 300, 60, 300
