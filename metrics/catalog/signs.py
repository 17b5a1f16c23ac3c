"""The signs of confusion a visit may show, as data for facts, pages and documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp


@dataclass(frozen=True)
class Sign:
    """One sign: `name` is a boolean column of `visits_with_signs`, null where it cannot be told.

    `only_where`: the column that says of which visits its share may be told; all of those with a value, else.
    """

    name: str
    strength: Literal["strong", "weak"]
    sentence: str
    only_where: str = ""

    def counts(self) -> tuple[exp.Expr, exp.Expr]:
        """The visits that show the sign, and those of which it is known whether they do."""
        column: exp.Expr = exp.column(self.name)
        if self.only_where:
            column = exp.Case().when(exp.column(self.only_where), column)
        shows = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=column))
        return shows, exp.Count(this=column.copy())


SIGNS: tuple[Sign, ...] = (
    Sign("asked_help", "strong", "Help was asked for."),
    Sign(
        "changed_answer",
        "strong",
        "The run came back later and gave another answer, and the definition does not mean it to.",
    ),
    Sign(
        "backed_out",
        "strong",
        "The step was left by going back within seconds. Then help was asked for, or an answer changed.",
    ),
    Sign("input_rejected", "strong", "Two or more inputs were refused."),
    Sign(
        "abandoned",
        "strong",
        "The run was given up here: its end says so, or it fell silent and its ticket was not solved. "
        "Not known where hardly any run has an end.",
        only_where="is_end_known",
    ),
    Sign(
        "off_path",
        "strong",
        "The run went where the definition does not allow, or skipped this required step. "
        "Not known without a definition.",
    ),
    Sign(
        "hesitated",
        "weak",
        "The visit took more than three times as long as an untroubled one. Or a pause ended in help or in "
        "giving up.",
    ),
    Sign(
        "searched",
        "weak",
        "A search found nothing, there were two, or help was asked for after it. Not by design.",
    ),
    Sign("repeated", "weak", "The run came to this step again, not by going back and not by design."),
    Sign("input_rejected_once", "weak", "One input was refused."),
)


def _shows(sign: Sign) -> exp.Expr:
    """True or false: what is not known is not held against the step."""
    return exp.func("coalesce", exp.column(sign.name), exp.false())


def _any(signs: list[Sign]) -> exp.Expr:
    return exp.paren(exp.or_(*(_shows(sign) for sign in signs)))


def _number(signs: list[Sign]) -> exp.Expr:
    total: exp.Expr = exp.Literal.number(0)
    for sign in signs:
        total = exp.Add(this=total, expression=exp.cast(_shows(sign), "integer"))
    return exp.paren(total)


def written_out(query: exp.Query) -> exp.Query:
    """The query with the three words a fact may use for lists of signs replaced by those lists."""
    if not any(node.name.lower() in _WORDS for node in query.find_all(exp.Anonymous)):
        return query
    written = query.copy()
    for node in list(written.find_all(exp.Anonymous)):
        if node.name.lower() in _WORDS:
            node.replace(_WORDS[node.name.lower()].copy())
    return written


_WORDS = {
    "shows_a_strong_sign": _any([sign for sign in SIGNS if sign.strength == "strong"]),
    "weak_signs_shown": _number([sign for sign in SIGNS if sign.strength == "weak"]),
    "shows_a_sign_beside_hesitation": _any([sign for sign in SIGNS if sign.name != "hesitated"]),
}
