"""Numbers that say whose they are by a check digit of their own: IBANs, payment cards, national ids.

The library is loaded where a text has such a number, which is seldom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![^\W_])", re.IGNORECASE)
_SHORTEST_IBAN = 15
_CARD_LENGTHS, _CARD_GROUP, _FEWEST_IN_GROUPS = range(13, 20), 4, 12
_OF_ISSUERS = ("2", "3", "4", "5", "6")
_AMERICAN_EXPRESS = (4, 6, 5)


def spans_of_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand in a text, with or without blanks in them."""
    for match in _IBAN.finditer(text):
        from stdnum import iban

        begin, stretch = match.start(), match[0]
        ends = [end for end in range(_SHORTEST_IBAN, len(stretch) + 1) if not stretch[end:][:1].isalnum()]
        if length := next((end for end in ends if iban.is_valid(stretch[:end])), None):
            yield begin, begin + length


def is_card_number(digits: str, groups: Sequence[str]) -> bool:
    """Whether digits are the number of a payment card, by their check digit or by how they are grouped.

    A mistyped one in groups of four is one as well.
    """
    lengths = tuple(map(len, groups))
    if len(digits) not in _CARD_LENGTHS and len(digits) < _FEWEST_IN_GROUPS:
        return False
    is_in_fours = len(groups) > 1 and {*lengths[:-1]} == {_CARD_GROUP} and lengths[-1] <= _CARD_GROUP
    if is_in_fours and len(digits) <= _CARD_LENGTHS[-1]:
        return True
    if len(digits) not in _CARD_LENGTHS or not digits.startswith(_OF_ISSUERS):
        return False
    from stdnum import luhn

    return (len(groups) == 1 or lengths == _AMERICAN_EXPRESS) and luhn.is_valid(digits)


def is_personal_number(text: str) -> bool:
    """Whether a text is a national id of a person: of Spain, Italy, France or Germany."""
    from stdnum.de import idnr
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.it import codicefiscale

    return any(each.is_valid(text) for each in (dni, nie, codicefiscale, nir, idnr))
