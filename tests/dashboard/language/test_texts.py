"""Every text of the pages is in every language's file, with the same blanks, and none is left over."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from dashboard import language
from dashboard.language import catalogue, words
from etl.messages.nouns import NOUNS

OTHERS = [code for code in language.languages() if code != language.ENGLISH]
BLANK = re.compile(r"\{([^{}]*)\}")
PATTERNS = {"{d} {MMM}"}
"""Forms of dates, in which a language has its own order and names."""


def known(code: str) -> Catalog:
    return language.read(code)


def both(text: catalogue.Text) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_lacks_its_translation(code: str) -> None:
    file = known(code)
    missing = []
    for text, where in catalogue.texts().items():
        message = file.get(both(text)[0])
        if message is None or message.id != text or not all(both(message.string)) or message.fuzzy:
            missing.append((where, text))
    assert missing == [], "run `make texts` and translate what it has added"


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_over(code: str) -> None:
    assert {message.id for message in known(code) if message.id} - set(catalogue.texts()) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_in_the_same_blanks(code: str) -> None:
    for message in known(code):
        if not message.id or both(message.id)[0] in PATTERNS:
            continue
        blanks = {blank for text in both(message.id) for blank in BLANK.findall(text)}
        for said in both(message.string):
            # One of a kind may be said without its number ("once").
            allowed = blanks if len(both(message.id)) > 1 else None
            found = set(BLANK.findall(said))
            assert found <= blanks if allowed else found == blanks, message.id


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_its_own_rule_for_numbers(code: str) -> None:
    file = known(code)
    assert all(len(message.string) == file.num_plurals for message in file if isinstance(message.id, tuple))


def test_a_third_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "Overview"\nmsgstr "Überblick"\n'
    )
    monkeypatch.setattr(language, "TEXTS", tmp_path)
    caches = (language.languages, language._catalogue, language._meanings)
    for cached in caches:
        cached.cache_clear()
    try:
        assert language.languages() == ("en", "de")
        language.speak("de")
        assert language._("Overview") == "Überblick"
        assert words.decimal(1234.5, 1) == "1.234,5"
        assert language.in_english("Überblick") == "Overview"
        with (tmp_path / "de.po").open("rb") as file:
            fresh = catalogue.up_to_date(read_po(file, locale="de"))
        assert fresh["Overview"].string == "Überblick"
        assert len(fresh) == len(catalogue.texts())
    finally:
        language.speak(language.ENGLISH)
        monkeypatch.undo()
        for cached in caches:
            cached.cache_clear()


def calls(name: str) -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path in catalogue.sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


@pytest.mark.parametrize("name", ["_", "N_", "ngettext"])
def test_a_text_is_never_put_together_before_it_is_looked_up(name: str) -> None:
    for path, call in calls(name):
        assert not any(isinstance(part, ast.JoinedStr) for part in call.args), (path.name, ast.unparse(call))


@pytest.mark.parametrize("code", language.languages())
def test_every_noun_that_is_counted_is_known(code: str) -> None:
    language.speak(code)
    try:
        for noun in NOUNS:
            assert "1" in words.counted(1, noun)
            assert words.counted(1, noun) != words.counted(2, noun)
    finally:
        language.speak(language.ENGLISH)


HARD_TO_READ = (
    "beyond chance",
    "beyond doubt",
    "by how its",
    "by how many",
    "came to rest",
    "half within",
    "hang on",
    "hangs on",
    "more than chance",
    "n {n}.",
    "n {n})",
    "n {n} ·",
    "noise:",
    "of whom",
    "signal:",
    "told by",
    "to be found here",
    "usual swing",
    "with those waiting",
)


def test_no_text_needs_a_second_reading() -> None:
    found = [
        (phrase, text)
        for texts in catalogue.texts()
        for text in both(texts)
        for phrase in HARD_TO_READ
        if phrase in text.lower()
    ]
    assert found == []


MOST_WORDS = {language.ENGLISH: 20, "fr": 26}
"""French needs a few more words for the same."""
A_SENTENCE = re.compile(r"[.!?;:](?=\s|$)")
NOT_PLAIN = re.compile(
    r"\b(told by|beyond (doubt|chance)|of whom|by how|goes? along with|lapses?|lapsing|stands? behind"
    r"|signal|noise|the silent|come to rest|null|happenings?)\b|\bn \{|\d\^\d|\de[+-]?\d",
    re.IGNORECASE,
)
"""Inversions, words of ours and of statistics, exponents, and an n without its unit."""


def sentences(text: str) -> list[str]:
    return [] if "run_abandoned" in text else A_SENTENCE.split(text)  # all kinds there are


@pytest.mark.parametrize("code", language.languages())
def test_a_sentence_is_short_enough_to_be_read_once(code: str) -> None:
    own = catalogue.texts() if code == language.ENGLISH else [message.string for message in known(code)]
    long = [
        sentence
        for text in own
        for one in both(text)
        for sentence in sentences(one)
        if len(sentence.split()) > MOST_WORDS[code]
    ]
    assert long == []


def test_texts_are_plain_words() -> None:
    assert [one for text in catalogue.texts() for one in both(text) if NOT_PLAIN.search(one)] == []


def test_the_help_of_a_command_is_as_short_and_plain() -> None:
    helps = []
    for file in sorted((catalogue.ROOT / "commands").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "command" in ast.unparse(d) for d in node.decorator_list
            ):
                helps.append(ast.get_docstring(node) or "")
            if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
                helps.append(str(node.value.value))
    assert len(helps) > 50
    assert [text for text in helps if NOT_PLAIN.search(text)] == []
    assert [one for text in helps for one in sentences(text) if len(one.split()) > 20] == []


@pytest.mark.parametrize(
    "text", ["told by channel", "95% beyond doubt", "n {count} ·", "beyond 2^53", "1e-06"]
)
def test_what_is_not_plain_is_noticed(text: str) -> None:
    assert NOT_PLAIN.search(text)
