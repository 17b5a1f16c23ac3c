"""How numbers are said."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.language import words


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 s"), (0.5, "30 s"), (1.5, "2 min"), (12.4, "12 min"), (59.6, "1 h 00 min"), (185, "3 h 05 min")],
)
def test_a_duration_is_said_in_its_two_largest_units(number: float, said: str) -> None:
    assert words.minutes(number) == said


def test_two_days_and_more_are_said_in_days() -> None:
    assert words.minutes(2 * 24 * 60 + 4 * 60) == "2 d 4 h"


def test_what_is_unknown_is_a_dash_and_never_zero() -> None:
    assert {words.count(None), words.share(None), words.minutes(None), words.hours(None)} == {"–"}
    assert words.share(0.0) == "0%"


def test_a_share_below_ten_percent_has_a_decimal() -> None:
    assert [words.share(share) for share in (0.034, 0.099, 0.1, 0.84, 1.0)] == [
        "3.4%",
        "9.9%",
        "10%",
        "84%",
        "100%",
    ]


def test_a_share_changes_by_points_and_a_duration_by_percent() -> None:
    assert words.change(0.321, 0.3, "share") == "+2.1 points"
    assert words.change(11.0, 12.5, "minutes") == "-12%"


def test_no_change_is_the_number_zero_for_a_text_would_get_an_arrow() -> None:
    assert words.change(0.3, 0.3, "share") == 0
    assert words.change(100.0, 100.0001, "count") == 0


def test_a_change_from_nothing_or_from_the_unknown_is_unknown() -> None:
    assert words.change(5.0, 0.0, "count") is None
    assert words.change(5.0, None, "count") is None


def test_a_period_names_the_month_once_where_it_can() -> None:
    assert words.period(date(2026, 10, 1), date(2026, 10, 28)) == "1 – 28 Oct 2026"
    assert words.period(date(2026, 9, 1), date(2026, 10, 28)) == "1 Sep – 28 Oct 2026"
    assert words.period(date(2025, 9, 1), date(2026, 10, 28)) == "1 Sep 2025 – 28 Oct 2026"


def test_one_ticket_and_two_tickets() -> None:
    assert [words.counted(n, "ticket") for n in (0, 1, 2345)] == ["0 tickets", "1 ticket", "2,345 tickets"]


def test_a_name_from_data_is_one_short_line_without_direction_marks() -> None:
    assert words.label("a\u202eb\n\tc") == "ab c"
    assert words.label("x" * 10_000) == "x" * 59 + "…"
    assert words.label(None) == "(not recorded)"
    assert words.label(" \n") == "(blank)"


def test_markdown_in_a_name_is_shown_and_takes_no_effect() -> None:
    assert words.escaped("[x](y) :red[z] $a$") == r"\[x\]\(y\) \:red\[z\] \$a\$"


def test_an_axis_is_in_the_unit_of_its_largest_value() -> None:
    assert words.axis("minutes", 90) == (1.0, " min")
    assert words.axis("minutes", 600)[1] == " h"
    assert words.axis("minutes", 9000)[1] == " d"
    assert words.axis("share", 0.4) == (100.0, "%")
