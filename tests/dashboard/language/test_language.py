"""A text is looked up in the reader's language, and is English where it has no other form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dashboard.filters import scope_words
from dashboard.language import (
    _,
    autonym,
    in_english,
    languages,
    ngettext,
    spoken,
    spoken_later,
    understood,
    words,
)
from metrics.query.scope import Scope
from tests.dashboard.test_pages import open_page
from tests.in_language import in_language

NARROW, TIED = "\u202f", "\u00a0"


def test_english_is_what_stands_in_the_code() -> None:
    assert in_language("en", _, "Overview") == "Overview"


def test_another_language_comes_from_its_file() -> None:
    assert in_language("fr", _, "Overview") == "Vue d’ensemble"


def test_a_language_without_a_file_is_english() -> None:
    assert in_language("../../etc", _, "Overview") == "Overview"
    assert set(languages()) >= {"en", "fr"}


def test_one_reader_s_language_is_not_another_s() -> None:
    in_language("fr", _, "Overview")
    assert spoken() == "en"


def test_values_are_filled_in_and_decide_the_number() -> None:
    assert ngettext("{n} ticket", "{n} tickets", 1, n="1") == "1 ticket"
    assert ngettext("{n} ticket", "{n} tickets", 2, n="2") == "2 tickets"
    assert _("{what} here", what="{braces}") == "{braces} here"


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (lambda: words.count(12345), f"12{NARROW}345"),
        (lambda: words.share(0.034), f"3,4{TIED}%"),
        (lambda: words.minutes(49 * 60), "2 j 1 h"),
        (lambda: words.change(0.321, 0.3, "share"), "+2,1 points"),
        (lambda: words.change(88.0, 100.0, "minutes"), f"-12{TIED}%"),
        (lambda: words.period(date(2026, 9, 1), date(2026, 10, 28)), "1 sept. – 28 oct. 2026"),
        (lambda: words.counted(0, "ticket"), "0 ticket"),
    ],
)
def test_numbers_and_dates_are_written_as_the_reader_writes_them(say, said) -> None:
    assert in_language("fr", say) == said


def test_a_share_changes_by_a_text_that_the_tile_can_tell_the_direction_of() -> None:
    assert in_language("fr", lambda: words.change(0.2, 0.3, "share")).startswith("-")


def test_the_scope_is_said_in_the_language_of_the_reader() -> None:
    scope = Scope(
        start=date(2026, 3, 2),
        end=date(2026, 5, 10),
        time_zone="Europe/Paris",
        where=(("channel", ("chat", "phone")), ("team", ("",))),
        as_of=datetime(2026, 5, 9, 23, tzinfo=UTC),
        cohort=True,
    )
    assert scope_words.in_words(scope) == (
        "2 March 2026 to 10 May 2026, days in Europe/Paris, channel chat or phone, "
        "team not recorded, by the day the ticket was opened, as of 10 May 2026 at 01:00, "
        "with later corrections"
    )
    assert scope_words.in_words(Scope()) == "all data"
    assert scope_words.in_words(Scope(start=date(2026, 3, 2))) == "from 2 March 2026, days in UTC"
    assert in_language("fr", lambda: scope_words.sentence(scope)).startswith("Du 2 mars 2026 au 10 mai 2026")


def test_a_browser_is_understood_by_its_first_part() -> None:
    assert [understood(wish) for wish in ("fr-CA", "FR", "en-GB", "xx", "", None)] == [
        "fr",
        "fr",
        "en",
        None,
        None,
        None,
    ]
    assert [autonym(language) for language in ("en", "fr")] == ["English", "Français"]


def test_what_is_made_later_is_made_in_the_language_of_now() -> None:
    later = in_language("fr", lambda: spoken_later(lambda: _("Overview")))
    assert later() == "Vue d’ensemble"
    assert spoken() == "en"


def test_a_text_of_any_language_is_found_in_english() -> None:
    assert in_english("Vue d’ensemble") == "Overview"
    assert in_english("nothing that is said") == "nothing that is said"


def test_a_link_made_in_one_language_opens_in_another(monkeypatch, warehouses) -> None:
    english = {"kpi": "Reopen rate", "period": "Last 4 weeks"}
    french = {"kpi": "Taux de réouverture", "period": "4 dernières semaines"}
    for language in languages():
        scopes = set()
        for link in (english, french):
            app = open_page(monkeypatch, warehouses["full"], "overview", lang=language, **link)
            assert not app.warning
            assert app.selectbox(key="kpi").value == "Reopen rate"
            scopes.add(app.session_state["asked"][1])
        assert len(scopes) == 1


def test_a_link_in_a_language_there_is_not_is_english(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", lang="../../etc")
    assert app.title[0].value == "Overview"


def test_the_reader_chooses_another_language(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview")
    app.selectbox(key="language").select("fr").run()
    assert app.title[0].value == "Vue d’ensemble"
    assert app.query_params["lang"] in ("fr", ["fr"])
    app.selectbox(key="language").select("en").run()
    assert app.title[0].value == "Overview"
