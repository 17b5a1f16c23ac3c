"""A text is looked up in the reader's language, and is English where it has no other form."""

from contextvars import copy_context

from dashboard.language import _, languages, ngettext, speak, spoken


def in_a_run_of_its_own(language: str, text: str) -> str:
    def run() -> str:
        speak(language)
        return _(text)

    return copy_context().run(run)


def test_english_is_what_stands_in_the_code() -> None:
    assert in_a_run_of_its_own("en", "Overview") == "Overview"


def test_another_language_comes_from_its_file() -> None:
    assert in_a_run_of_its_own("fr", "Overview") == "Vue d’ensemble"


def test_a_language_without_a_file_is_english() -> None:
    assert in_a_run_of_its_own("../../etc", "Overview") == "Overview"
    assert set(languages()) >= {"en", "fr"}


def test_one_reader_s_language_is_not_another_s() -> None:
    in_a_run_of_its_own("fr", "Overview")
    assert spoken() == "en"


def test_values_are_filled_in_and_decide_the_number() -> None:
    assert ngettext("{n} ticket", "{n} tickets", 1, n="1") == "1 ticket"
    assert ngettext("{n} ticket", "{n} tickets", 2, n="2") == "2 tickets"
    assert _("{what} here", what="{braces}") == "{braces} here"
