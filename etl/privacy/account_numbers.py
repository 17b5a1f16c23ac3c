"""Numbers that say whose they are by a check digit of their own: IBANs, payment cards, national ids.

The library is loaded where a text has such a number, which is seldom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

_IBAN = re.compile(
    r"(?:(?<![^\W_])|(?<=iban))[A-Z]{2}\d{2}(?:[ ._/-]?[A-Z0-9]){11,30}(?![^\W_])", re.IGNORECASE
)
_SHORTEST_IBAN = 15
_CARD_GROUP, _CARD_IN_GROUPS = 4, range(13, 20)
_AMERICAN_EXPRESS = (4, 6, 5)
# Issuers and lengths; the numbers of articles (EAN) have 13 digits and often the same check digit.
_CARD = re.compile(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6[0-9]\d{14}(?:\d{3})?"
)
_CARD_DIGITS = re.compile(
    r"(?<![^\W_])(?:\d{13,19}|\d{4}(?:[ ./_-]\d{4}){2,3}(?:[ ./_-]\d{1,4})?|\d{4}[ ./_-]\d{6}[ ./_-]\d{5})"
    r"(?![^\W_])(?![ ./_-]\d)"
)


def spans_of_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand in a text, with or without blanks in them."""
    for match in _IBAN.finditer(text):
        from stdnum import iban

        begin, stretch = match.start(), match[0]
        ends = [end for end in range(_SHORTEST_IBAN, len(stretch) + 1) if not stretch[end:][:1].isalnum()]
        for end in ends:
            if iban.is_valid(re.sub(r"[\W_]", "", stretch[:end]), check_country=False):
                yield begin, begin + end
                break


def is_card_number(digits: str, groups: Sequence[str]) -> bool:
    """Whether digits are the number of a payment card, by their check digit or by how they are grouped.

    A mistyped one in groups of four is one as well.
    """
    lengths = tuple(map(len, groups))
    is_in_fours = len(groups) > 1 and {*lengths[:-1]} == {_CARD_GROUP} and lengths[-1] <= _CARD_GROUP
    if is_in_fours and len(digits) in _CARD_IN_GROUPS:
        return True
    return (len(groups) == 1 or lengths == _AMERICAN_EXPRESS) and _is_valid_card(digits)


def has_valid_card(text: str) -> bool:
    """Whether digits in a text, alone or in groups, are a payment card's by their check digit."""
    return any(_is_valid_card(re.sub(r"\D", "", match[0])) for match in _CARD_DIGITS.finditer(text))


def _is_valid_card(digits: str) -> bool:
    if not _CARD.fullmatch(digits):
        return False
    from stdnum import luhn

    return luhn.is_valid(digits)


def spans_of_personal_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where national ids of persons stand in a text, as their check digits say."""
    for match in _PERSONAL.finditer(text):
        if _is_valid(match[0].upper(), match.lastgroup or ""):
            yield match.span()


_PERSONAL = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<italian>[A-Z]{6} ?\d\d[A-Z]\d\d ?[A-Z]\d{3}[A-Z])|"
    r"(?P<spanish>[XYZ][ -]?\d{7}[ -]?[A-Z]|\d{8}-?[A-Z]|\d\d\.\d{3}\.\d{3} ?-?[A-Z])|"
    r"(?P<french>[12](?:[ .]?\d\d){3}(?:[ .]?\d{3}){2}[ .]?\d\d)|"
    r"(?P<german>\d\d ?\d{3} ?\d{3} ?\d{3}(?! \d))|"
    r"(?P<british>[A-Z]{2} \d\d \d\d \d\d [A-D])|"
    r"(?P<american>(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4})|"
    r"(?P<brazilian>\d{3}\.\d{3}\.\d{3}-\d\d)|"
    r"(?P<swedish>\d{6}(?:\d\d)?[+-]\d{4})|"
    # Groups of four are those of many other numbers, which are longer or have letters in front.
    r"(?P<indian>(?<!\d[ -])(?<![a-z]-)(?:\d{4}(?: \d{4}){2}|\d{4}(?:-\d{4}){2})(?![ -]\d))"
    r")(?![^\W_])",
    re.IGNORECASE,
)


def _is_valid(number: str, country: str) -> bool:
    from stdnum.br import cpf
    from stdnum.de import idnr
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.in_ import aadhaar
    from stdnum.it import codicefiscale
    from stdnum.se import personnummer

    checks: dict[str, tuple[Callable[[str], bool], ...]] = {
        "italian": (codicefiscale.is_valid,),
        "spanish": (dni.is_valid, nie.is_valid),
        "french": (nir.is_valid,),
        "german": (idnr.is_valid,),
        # These have no check digit; what parts them says what they are.
        "british": (lambda _: True,),
        "american": (lambda _: True,),
        "brazilian": (cpf.is_valid,),
        "swedish": (personnummer.is_valid,),
        "indian": (aadhaar.is_valid,),
    }
    bare = number if country == "swedish" else re.sub(r"[ .-]", "", number)
    return any(is_valid(bare) for is_valid in checks[country])
