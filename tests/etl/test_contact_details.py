"""What says how to reach somebody becomes a pseudonym; dates, amounts, versions and codes do not."""

from __future__ import annotations

import polars as pl
import pytest

from etl.privacy.pseudonyms import Pseudonyms, pseudonymised

CONTACTS = [
    *("ada@example.org", "+49 170 1234567", "0170-1234567", "(555) 123-4567", "020 7946 0958"),
    *("555.123.4567", "01.23.45.67.89", "01 23 45 67 89", "06-12-34-56-78", "+49 (0)30 123 456 78"),
    *("0049 30 12345678", "0170–1234567", "600 123 456", "tel-0170-1234567", "0170/1234567"),
    *("4111 1111 1111 1111", "4111-1111-1111-1111", "DE89 3704 0044 0532 0130 00", "12345678"),
    *("on 2026-03-02 call 0170 1234567", "02/03/2026 0170 1234567", "2026-03-02, 030 12345678"),
]
OTHERS = [
    *("2026-03-02", "02/03/2026 09:15", "2026-03-02 09:15", "2026-03-02T09:15:00.123456Z", "03/22/2026"),
    *("(2026-03-02)", "20260302", "20260302T091500", "2026-03-02/2026-03-09", "02.03.2026 - 05.03.2026"),
    *("10.20.30.40", "2026.03.1", "10.0.19045.1234", "ORD-2026-000123", "INV/2026/00012", "2026-000123"),
    *("1 000 000", "EUR 1.000.000", "12 345 678,90", "EUR 123.456.789,00", "123 456 789 EUR", "1234567.89"),
    *("550e8400-e29b-41d4-a716-446655440000", "yes"),
]


@pytest.mark.parametrize(("text", "is_contact"), [(t, True) for t in CONTACTS] + [(t, False) for t in OTHERS])
def test_an_answer_or_attribute_becomes_a_pseudonym_if_it_says_how_to_reach_somebody(
    text: str, is_contact: bool
) -> None:
    events = pl.DataFrame({"kind": ["answered"], "value": [text], "custom_a": [text]})
    row = pseudonymised(events, Pseudonyms(b"1" * 32), keep_free_text=False).row(0, named=True)
    assert [row[name].startswith("t-") for name in ("value", "custom_a")] == [is_contact] * 2
    assert is_contact or row["value"] == row["custom_a"] == text
