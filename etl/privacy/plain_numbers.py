"""Numbers that reach nobody: dates, amounts, versions, codes of systems, and what is called an order's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from etl.privacy.account_numbers import has_valid_card, spans_of_personal_numbers
from etl.privacy.phone_numbers import has_mobile_form, has_own_form

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_FULL_MONTH, _FULL_DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[T ,]*\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?)"
_BEFORE = r"(?<![\w+])(?<!\d[./-])(?<!\d )"
_AFTER = r"(?!\w)(?![./-]\d)(?! \d)(?!-[A-Za-z]\b)"
_PART = r"(?:0|[1-9]\d{0,4})"
REACHED_BY = "tel|phone|fax|mob|mobile|mobil|cell|call|handy|sms|whatsapp|iban|card"
GLUED_WORDS = "|".join(f"(?<={word})" for word in REACHED_BY.split("|"))
"""The words that say what a number is may stand before it without a blank."""

_WORDS_BEFORE = re.compile(
    r"(?:\b(?:tele(?:ph|f)on\w*|t[ée]l\w*|tel[ée]fono|phone|fax|mobi?l\w*|cell|calls?|called|dial|ring|rang|handy|"
    r"whats ?app|sms|anruf\w*|r[üu]ckruf\w*|appel\w*|llam\w*|ph|hotline|"
    r"m[óo]vil|celular|cellulare|portable|gsm|tlf|kom[óo]rka|電話|携帯|contact number|"
    r"accounts?|acct|konto\w*|iban|cards?|karte\w*|"
    r"my number|visa|mastercard|amex)|wa\.me)"
    r"(?:[\s:.,#/=-]|\b(?:back|me|us|him|her|them|at|on|no|nr|number|nummer|is|under|unter|au|al|the)\b)*$",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(
    r"\s*(?:\((?:cell|mobile|mobil|phone|handy|fax|whatsapp|tel)\)|"
    r"(?:cell|mobile|mobil|phone|handy|fax|whatsapp|tel)[.,;]?$)",
    re.IGNORECASE,
)
_FEWEST_BEFORE_WORD = 9
_WORD_BEFORE = 40
"""Characters in which the word that says what a number is may stand before it."""
_CURRENCY = r"(?:EUR|USD|GBP|CHF|JPY|[€$£¥])"
# One point or comma, and as many places as a database writes; a telephone's begins with 0 or has more groups.
_DECIMAL = r"(?:[1-9]\d{0,8}|1\d{9}|0)[.,]\d+(?:[eE][+-]?\d{1,3})?"
_ROUND = r"[1-9]\d{2}[ .,'](?:\d{3}[ .,'])+000"
_THINGS = (
    r"orders?|invoices?|tickets?|case|ref|reference|booking|reservation|transaction|contract|sku|item|article|"
    r"art|part|serial|s/n|sn|ean|gtin|isbn|tracking|parcel|package|shipment|batch|lot|build|version|rma|"
    r"polic[ey]|polizza|p[óo]liza|polis|claim|sinistre|siniestro|model|imei|vertrag\w*|contrat\w*|rev|"
    r"windows|android|ios|macos|po|error|code|job|bestell\w*|rechnung\w*|auftrag\w*|artikel\w*|sendung\w*|"
    r"paket\w*|vorgang\w*|charge|commande|facture|colis|dossier|pedido|factura|ordine|fattura|"
    r"dhl|ups|usps|fedex|dpd|gls|hermes"
)
PEOPLE = (
    r"customers?|clients?|clientes?|clienti|kund(?:e|en|in|er)?|members?|mitglied(?:er)?|membres?|socio|soci|"
    r"klant(?:en)?|abonn(?:é|ée|ent)|subscribers?|users?|utilisateurs?|usuario|utente|gebruiker|patients?|"
    r"guests?|devices?|ger[äa]t|appareil"
)
"""Words for whoever a number may reach; a device that has one of its own is among them."""
_NUMBER_WORDS = r"\b(?:no|nr|n°|number|num|nummer|id)\b|n°|#"
_BETWEEN = rf"(?:[ :.-]|\b(?:is|was)\b|{_NUMBER_WORDS})*"
_NO_PHONE = r"(?!\w*(?:tel[ée]|fon|phone|handy|hotline|mobil|fax|ruf))"
_NUMBER_OF = (
    rf"(?<![\w.])(?i:{_NO_PHONE}(?:{_THINGS}|(?:kunden|mitglieds|klant)-?(?:nummer|nr|no|id)){_BETWEEN})"
    r"(?<![A-Za-z])"
)
_PERSON_OF = rf"(?<![\w.])(?i:(?:{PEOPLE}){_BETWEEN})(?<![A-Za-z])"
_NO_CODE = rf"(?!(?i:{REACHED_BY})[-_/]|(?i:[xyz]-\d{{7}}-[a-z])\b)"

_PLAIN = re.compile(
    "|".join(
        (
            # 2026-03-02 09:15; 2026/000123, numbered within a year; 02/03/2026; 20260302T0915
            rf"{_BEFORE}{_YEAR}([-/.]){_MONTH}\1{_DAY}(?!\d){_TIME}?(?:/{_YEAR}\1{_MONTH}\1{_DAY}(?!\d))?",
            rf"{_BEFORE}{_YEAR}(?:[-/]\d{{1,6}}| 0\d{{3,7}}){_AFTER}",
            r"(?<!\w)[A-Z]{2} \d{5}-\d{4}(?!\w)",  # a postal code of the United States
            rf"{_BEFORE}{_DAY}([-/.]){_MONTH}\2(?:{_YEAR}|\d\d)(?!\d)(?![./-]\d)(?:{_TIME}|{_AFTER})",
            rf"{_BEFORE}{_MONTH}([-/.]){_DAY}\3(?:{_YEAR}|\d\d)(?!\d)(?![./-]\d)(?:{_TIME}|{_AFTER})",
            rf"{_BEFORE}{_YEAR}{_FULL_MONTH}{_FULL_DAY}(?:T?\d{{0,9}})(?!\d)(?! \d)",
            rf"{_TIME}",
            r"(?<!\w)1\d{9}(?:\d{3})?(?!\w)(?! \d)",  # seconds or milliseconds since 1970
            # EUR 123.456.789; 12 345 678.90; 1234567.89; 0.000012; 52.520008, 13.404954; 1200 x 800
            rf"{_CURRENCY} ?[1-9]\d{{0,2}}(?:[ .,']?\d{{3}})*(?:[.,]\d\d?)?{_AFTER}",
            rf"{_BEFORE}[1-9]\d{{0,2}}(?:[ .,']?\d{{3}})*(?:[.,]\d\d?)? ?{_CURRENCY}(?!\w)",
            rf"{_BEFORE}[1-9]\d?(?:([ .,'])\d{{3}})(?:\4\d{{3}})+(?:[.,]\d\d?)?{_AFTER}(?! ?-?[A-Z]\b)",
            r"(?<![\w.])-?\d{1,3}\.\d{3,8} ?[,;] ?-?\d{1,3}\.\d{3,8}(?![\w.])",
            # 100 000 000; 3.14159, but not where a telephone is meant
            (
                rf"(?P<unless_reached>{_BEFORE}(?:{_ROUND}|"
                rf"{_DECIMAL}(?:(?: ?[,;/-] ?| )-?{_DECIMAL}){{0,3}}){_AFTER})"
            ),
            r"(?<!\w)0x[0-9a-fA-F]+(?:-\d+)?",
            r"(?<!\w)(?<!\d[ .-])\d+(?: ?[x×] ?\d+)+",
            # 10.20.30.40, but not 555.123.4567
            rf"{_BEFORE}(?!\d{{3,}}(?:\.\d{{3,}})+(?![.\d])){_PART}(?:\.{_PART}){{2,3}}(?:/\d\d?)?{_AFTER}",
            # order no. 4500123456; #48213377; 978-3-16-148410-0
            (
                rf"{_NUMBER_OF}(?P<of_thing>\d[0-9A-Za-z]*(?:[ /.-][A-Za-z]*\d[0-9A-Za-z]*)*"
                r"(?:-[A-Za-z])?)(?!\w)"
            ),
            rf"(?P<person>{_PERSON_OF})(?P<of_person>\d+)(?!\w)(?![ /._-]\d)(?!-[A-Za-z]\b)",
            r"#(?P<of_sign>[1-9]\d{4,}|\d+(?![ /._-]\d))(?!\w)",
            r"(?<!\w)1Z(?: ?[0-9A-Z]){16}(?!\w)",
            r"(?<!\w)\d{3}-\d{7}-\d{7}(?!\w)",
            r"(?<!\w)97[89](?:[- ]\d{1,7}){3}[- ]\d(?!\w)",
            # ORD-2026-000123, a UUID, an error's code, a pseudonym of ours
            r"(?<!\w)[act]-[0-9a-f]{24}(?!\w)",
            rf"(?<![\w.]){_NO_CODE}(?P<letters>[A-Z]{{1,6}}|[a-z]{{1,6}})(?P<of_code>(?:[-_/][A-Za-z0-9]+)+)(?![\w-])",
            r"(?<!\w)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)",
        )
    )
)


_PLAIN_DIGITS = re.compile(rf"1\d{{9}}(?:\d{{3}})?|{_YEAR}{_FULL_MONTH}{_FULL_DAY}\d{{0,9}}")


def without_plain_numbers(text: str, regions: tuple[str, ...]) -> str:
    """The text with `~` in place of each sign of a number that reaches nobody; the rest stays."""
    if text.isdigit():  # the most frequent of them, and the most expensive to look through
        return "~" * len(text) if _PLAIN_DIGITS.fullmatch(text) else text
    return _PLAIN.sub(lambda number: "~" * len(number[0]) if _is_plain(number, regions) else number[0], text)


def is_reached_by(before: str) -> bool:
    """Whether a text before a number says that it reaches somebody."""
    return _WORDS_BEFORE.search(before[-_WORD_BEFORE:]) is not None


def is_said_after(digits: str, after: str) -> bool:
    """Whether a text after digits says that they reach somebody: 2025550147 (cell)."""
    return len(digits) >= _FEWEST_BEFORE_WORD and _WORD_AFTER.match(after) is not None


def is_list(groups: Sequence[str]) -> bool:
    """Whether groups of digits are numbers of their own: years, a series, or figures up to 99 in a row.

    Pairs are how a telephone's number is written in France, after a 0.
    """
    if len(groups) < _FEWEST_IN_LIST:
        return False
    if all(re.fullmatch(_YEAR, group) for group in groups):
        return True
    numbers = list(map(int, groups))
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if len(steps) == 1 and steps <= _STEPS:
        return True
    if len(groups) == _FEWEST_IN_LIST or groups[0][0] == "0":
        return False
    return (len(steps) == 1 and steps != {0}) or {*map(len, groups)} <= {1, 2}


_FEWEST_IN_LIST, _STEPS = 4, frozenset(range(1, 11))


def _is_plain(number: re.Match[str], regions: tuple[str, ...]) -> bool:
    """Whether a number reaches nobody; no word excuses what has the form of one that does."""
    if number["unless_reached"] is not None:
        return not is_reached_by(number.string[: number.start()])
    if (code := number["of_code"]) is not None:
        is_of_person = _PERSON.fullmatch(number["letters"]) is not None
        if number["letters"].isupper() and not is_of_person:
            return not has_valid_card(code)
        return not _has_own_form(code, regions, is_of_person=is_of_person)
    if (digits := number["of_person"]) is not None:
        is_number = _NUMBER_WORD.search(number["person"]) is not None
        return not _has_own_form(digits, regions, is_of_person=not is_number)
    digits = number["of_thing"] or number["of_sign"]
    return digits is None or not _has_own_form(digits, regions, is_of_person=False)


def _has_own_form(text: str, regions: tuple[str, ...], *, is_of_person: bool) -> bool:
    """Whether a number in a text says itself that it reaches somebody, a person's also in bare digits."""
    if has_valid_card(text) or any(spans_of_personal_numbers(text)):
        return True
    numbers = [match[0] for match in _GROUPS.finditer(text)]
    if is_of_person and any(number.isdigit() and has_mobile_form(number, regions) for number in numbers):
        return True
    # A blank may part a telephone number from the next one.
    begins = (number[: blank.start()] for number in numbers for blank in re.finditer(" ", number))
    return any(has_own_form(number, regions) for number in (*numbers, *begins))


_PERSON = re.compile(PEOPLE, re.IGNORECASE)
_NUMBER_WORD = re.compile(_NUMBER_WORDS, re.IGNORECASE)
_GROUPS = re.compile(r"(?<![^\W_])\d+(?:[ /._-]\d+)*(?![^\W_])")
