"""Where a text says how to reach somebody: e-mail addresses, and telephone, card and account numbers.

Dates, amounts, versions, codes of systems and what a text calls the number of an order are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from etl.privacy.account_numbers import is_card_number, spans_of_ibans, spans_of_personal_numbers
from etl.privacy.mail_addresses import MAY_BE_ADDRESS, spans_of_addresses
from etl.privacy.phone_numbers import DEFAULT_REGIONS, has_bare_form, has_grouped_form
from etl.privacy.plain_numbers import (
    GLUED_WORDS,
    PEOPLE,
    REACHED_BY,
    is_list,
    is_reached_by,
    is_said_after,
    without_plain_numbers,
)
from etl.privacy.typed_text import TYPED, Span, TypedText, as_typed

CONTACT = "(contact)"
"""What stands in a name in place of contact details."""

_DIGITS = r"[0-9](?:[ ./()_-]{0,3}[0-9]){5,}"
# polars leaves out nearly all texts, Python looks at the others.
_CANDIDATES = (
    rf"(?i){MAY_BE_ADDRESS}|{_DIGITS}|"
    r"(?:\b|_|iban)[a-z]{2}[0-9]{2}[ ._/-]?[a-z0-9]{4}|\b[a-z]{6} ?[0-9]{2}[a-z][0-9]{2}"
)
# An instant, a code of some system or a pseudonym, alone: the most frequent of all texts with digits in them.
_INSTANT = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"

_CODE = r"^[A-Z]{1,6}(?:[-_/][A-Za-z0-9]{1,24})+$"
_UUID = r"^\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$"
# No IBAN has 32, 40 or 64 signs, and of those that hexadecimal digits could write only `AD…` has 24.
_HEX = r"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|(?:[0-9b-f][0-9a-f]|a[0-9a-ce-f])[0-9a-f]{22})$"
_DECIMAL = r"^-?(?:0|[1-9]\d{0,8})[.,]\d+$"
_BARE = r"^[1-9]\d{0,9}$"  # an order's number
_PHONE = r"^\+[1-9][0-9](?:[ ()./-]{0,2}[0-9]){6,12}$"  # as it is said to everybody
_PSEUDONYM = r"^[act]-[0-9a-f]{24}$"
_NO_CODE = (
    rf"^(?i:(?:{REACHED_BY}|{PEOPLE})[-_/]|[xyz]-\d{{7}}-[a-z]$)|(?i:_at_)|"
    r"(?:\d[-_/]?){13}"  # as many digits as a card has
)

_NUMBERS = re.compile(
    rf"(?:(?<![^\W_])|{GLUED_WORDS}|(?<=[a-z])(?=\+))(?:(?:\(?\+|\() ?)?{_DIGITS}(?!(?!x\d|ext)[^\W_])",
    re.IGNORECASE,
)


class ContactDetails:
    """What looks like contact details, with telephone numbers as they are written in some regions."""

    def __init__(self, regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._regions = tuple(regions)

    def texts_with(self, texts: pl.Series) -> pl.Series:
        """The distinct texts of a column that have contact details in them.

        One longer than any name counts where it may have some: it is prose, and long to look through.
        """
        distinct = texts.drop_nulls().unique()
        is_typed = distinct.str.contains(TYPED)
        typed, others = distinct.filter(is_typed), distinct.filter(~is_typed)
        readings = pl.Series([as_typed(text) for text in others], dtype=pl.String)
        written = [*self._of_typed(typed, typed), *self._of_typed(others, readings)]
        return pl.concat([pl.Series([], dtype=pl.String), *written])

    def _of_typed(self, texts: pl.Series, typed: pl.Series) -> Iterator[pl.Series]:
        """Those of the texts that have contact details in them, by how they are typed."""
        is_plain = typed.str.contains(_CODE) & ~typed.str.contains(_NO_CODE)
        for plain in (_INSTANT, _PSEUDONYM, _UUID, _HEX, _DECIMAL, _BARE):
            is_plain |= typed.str.contains(plain)
        is_phone = typed.str.contains(_PHONE)
        is_candidate = typed.str.contains(_CANDIDATES) & ~is_plain & ~is_phone
        is_long = typed.str.len_chars() > _LONGEST_NAME
        yield texts.filter(is_phone | (is_candidate & is_long))
        is_short = is_candidate & ~is_long
        candidates = typed.filter(is_short)
        is_contact = pl.Series([any(self._spans(text)) for text in candidates], dtype=pl.Boolean)
        yield texts.filter(is_short).filter(is_contact)

    def is_in(self, text: str) -> bool:
        """Whether a text has contact details in it."""
        return any(self._spans(as_typed(text)))

    def spans_in(self, text: str) -> list[Span]:
        """Where contact details stand in a text, in order; none overlaps another."""
        typed, spans = TypedText(text), list[Span]()
        for begin, end in map(typed.written_span, sorted(self._spans(typed.text))):
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
        yield from spans_of_addresses(text)
        yield from spans_of_ibans(text)
        rest = without_plain_numbers(text, self._regions)
        yield from spans_of_personal_numbers(rest)
        for match in _NUMBERS.finditer(rest):
            if self._is_contact(match[0].strip(), text[: match.start()], text[match.end() :]):
                yield match.span()

    def _is_contact(self, number: str, before: str, after: str) -> bool:
        """Whether digits that stand in a text alone are a telephone, card or account number."""
        groups = re.findall(r"\d+", number)
        digits = "".join(groups)
        if number.lstrip("(").startswith("+"):
            return _FEWEST_DIGITS <= len(digits) <= _LONGEST_PHONE_NUMBER
        if is_list(groups):
            return False
        if is_card_number(digits, groups) or is_reached_by(before) or is_said_after(digits, after):
            return True
        if before[-1:].isalpha() or len(digits) < _FEWEST_DIGITS:
            return False
        if len(groups) == 1:
            return has_bare_form(digits, self._regions)
        if len(digits) >= _FEWEST_NATIONAL:
            if digits.startswith("0"):
                return re.match(r"00?[1-9]", digits) is not None
            if number.startswith("(") and len(digits) <= _LONGEST_AT_HOME:
                return True
        is_short = len(digits) <= _LONGEST_PHONE_NUMBER
        return is_short and has_grouped_form(number, groups, self._regions)


_FEWEST_DIGITS, _FEWEST_NATIONAL, _LONGEST_AT_HOME, _LONGEST_PHONE_NUMBER = 7, 9, 11, 15
_STRETCH, _OVERLAP, _LONGEST_NAME = 300, 60, 300
