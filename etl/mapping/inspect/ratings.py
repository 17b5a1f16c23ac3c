"""How satisfied customers were, in the numbers or words of a source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from etl.mapping.inspect.column_names import RATINGS, SCALES
from etl.mapping.inspect.names import words
from etl.mapping.inspect.profile import Profile

_TOPS = (1, 5, 10, 100)
_GOOD_OR_BAD = {"good": 1, "bad": 0, "positive": 1, "negative": 0, "thumbs up": 1, "thumbs down": 0}
_STRONG = r"(?:extremely|very|highly|completely|totally|sehr|ausserst|tres|muy)"
_POOR = (
    "dissatisfied|unsatisfied|unhappy|bad|poor|unzufrieden|insatisfait|mecontent|insatisfecho|not satisfied"
)
_FINE = "satisfied|happy|good|great|zufrieden|satisfait|satisfecho"
# Of words from bad to good, what each is on a scale of five; the first that fits.
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"^{_STRONG} (?:{_POOR})\b|^(?:terrible|awful)$")),
    (2, re.compile(rf"^(?:{_POOR})\b")),
    (3, re.compile(r"^(?:neutral|neutre|ok|okay|average|fair|neither)\b")),
    (5, re.compile(rf"^{_STRONG} (?:{_FINE})\b|^(?:amazing|excellent|outstanding)$")),
    (4, re.compile(rf"^(?:{_FINE})\b")),
)
_LED_BY_NUMBER = re.compile(
    r"^([0-9]{1,3})(?: ?/ ?(?P<top>[0-9]{1,3}))?(?: ?(?:stars?|sterne|etoiles|estrellas))?"
    r"(?:\s*[-–—:].*)?$"
)


@dataclass(frozen=True)
class Rating:
    """A column of ratings. `values`: its words and the score of each, empty where it holds numbers.

    `top`: the best score, unless the table has a column for it, `top_column`.
    """

    column: str
    top: int
    values: dict[str, str] = field(default_factory=dict)
    top_column: str | None = None


def rating(profile: Profile) -> Rating | None:
    """The column that says how a ticket was rated, if one does."""
    scale = next((name for name, text in profile.names.items() if text in SCALES), None)
    for pattern in RATINGS:
        for name, text in profile.names.items():
            if (
                pattern.match(text)
                and name not in profile.forms
                and (column_rating := _rating_of(profile, name))
            ):
                return Rating(column_rating.column, column_rating.top, column_rating.values, scale)
    return None


def _rating_of(profile: Profile, name: str) -> Rating | None:
    column = profile.rows[name].drop_nulls()
    if column.dtype.is_nested() or column.is_empty():
        return None
    numbers = column.cast(pl.String).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if numbers.null_count() == 0:
        low, high = float(numbers.min() or 0), float(numbers.max() or 0)  # type: ignore[arg-type]
        top = next((top for top in _TOPS if high <= top), None)
        return Rating(name, top) if top and low >= 0 else None
    return _word_rating(name, profile.texts(name))


def _word_rating(name: str, texts: list[str]) -> Rating | None:
    plain = {text: words(text) for text in texts}
    simple = {text: _GOOD_OR_BAD.get(re.sub(r" with comment$", "", word)) for text, word in plain.items()}
    levels = {text: _level(word) for text, word in plain.items()}
    led = {text: _LED_BY_NUMBER.match(text) for text in texts}
    if any(led.values()):
        scores = {text: match[1] for text, match in led.items() if match}
        tops = {int(match["top"]) for match in led.values() if match and match["top"]}
        most = max(map(int, scores.values()))
        top = max(tops) if tops else next((top for top in _TOPS if most <= top), None)
        return Rating(name, top, scores) if top and most <= top else None
    texts_with_level = {text: level for text, level in levels.items() if level}
    if any(score is not None for score in simple.values()) and all(
        simple[text] is not None for text in texts_with_level
    ):
        return Rating(name, 1, {text: str(score) for text, score in simple.items() if score is not None})
    return (
        Rating(name, 5, {text: str(level) for text, level in texts_with_level.items()})
        if texts_with_level
        else None
    )


def _level(word: str) -> int | None:
    return next((level for level, pattern in _LEVELS if pattern.search(word)), None)
