"""The shape of a text: how it is written, without what it says. `02.03.2026` is `99.99.9999`.

It is enough to see that a day stands where an id should, or a comma where a point should.
"""

from __future__ import annotations

import polars as pl

LONGEST_SHAPE = 80
"""Characters; of a longer text the shape of its beginning says how it is written."""

_READ = 4 * LONGEST_SHAPE
_BLANK, _MARKS, _HIDDEN = r"\s", r"\p{M}", r"\p{C}"
# Signs that are no letters by their class, and still write words.
_WRITTEN_SIGNS = r"[\u{2460}-\u{24FF}\u{2800}-\u{28FF}\u{1F100}-\u{1F1FF}]"
_CAPITALS, _OTHER_LETTERS, _DIGITS = r"[\p{Lu}\p{Lt}]", r"[\p{L}--\p{Lu}--\p{Lt}]", r"\p{N}"


def shapes_of(texts: pl.Series) -> pl.Series:
    """Digits of any script as 9, capitals as A, other letters as a; blanks and other signs as they are.

    Accents and what cannot be seen are left out. Null stays null.
    """
    shapes = texts.str.slice(0, _READ).str.normalize("NFKC")
    for pattern, sign in (
        (_BLANK, " "),
        (_MARKS, ""),
        (_HIDDEN, ""),
        (_OTHER_LETTERS, "a"),
        (_WRITTEN_SIGNS, "a"),
        (_CAPITALS, "A"),
        (_DIGITS, "9"),
    ):
        shapes = shapes.str.replace_all(pattern, sign)
    is_cut = (shapes.str.len_chars() > LONGEST_SHAPE) | (texts.str.len_chars() > _READ)
    frame = pl.DataFrame({"shape": shapes, "is_cut": is_cut})
    cut = pl.col("shape").str.slice(0, LONGEST_SHAPE) + "…"
    return frame.select(pl.when("is_cut").then(cut).otherwise("shape")).to_series().alias(texts.name)
