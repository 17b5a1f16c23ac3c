"""What the page on training needs says first: which steps newcomers stumble over, and what training saves."""

from __future__ import annotations

import polars as pl

from dashboard.language import _, ngettext, words
from metrics.training.learning import Learning

_SAVINGS = ("saves_hours_per_week", "saves_low", "saves_high")


def training_needs(steps: pl.DataFrame) -> str:
    """In sentences, from the rows of `training_needs`: where to train, where training will not help."""
    tested = steps.filter(pl.col("learning") != Learning.UNKNOWN)
    if tested.is_empty():
        return _("It is too early to say: no step has five newcomers and five others to compare.")
    trained = tested.filter(pl.col("learning").is_in([Learning.FADES, Learning.BOTH]))
    sentences = []
    if trained.is_empty():
        sentences.append(
            ngettext(
                "Newcomers are not confused more often than others at the {n} step with enough data.",
                "Newcomers are not confused more often than others at any of the {n} steps with enough data.",
                tested.height,
                n=words.count(tested.height),
            )
        )
    else:
        first = trained.row(0, named=True)
        sentences.append(
            _(
                "Training pays first at “{step}” ({workflow}, version {version}): newcomers are confused "
                "{times} times as often ({low} to {high}).",
                step=words.label(first["title"] or first["step"]),
                workflow=words.label(first["workflow"]),
                version=words.label(first["version"], 12),
                times=words.decimal(first["newcomer_ratio"], 1),
                low=words.decimal(first["newcomer_ratio_low"], 1),
                high=words.decimal(first["newcomer_ratio_high"], 1),
            )
        )
        saves, low, high = (60 * float(trained[name].sum()) for name in _SAVINGS)
        # Agents work at several steps, so the ends are added, too: the interval is rather too wide.
        if low > 0 and saves >= 1:
            sentences.append(
                _(
                    "Newcomers take about {time} a week longer at these steps ({interval}).",
                    time=words.minutes(saves),
                    interval=words.interval(low, high, "minutes"),
                )
            )
    stays = tested.filter(pl.col("learning") == Learning.STAYS).height
    if stays:
        sentences.append(
            ngettext(
                "{n} step stays hard for practised agents: look at it first, training may not help.",
                "{n} steps stay hard for practised agents: look at them first, training may not help.",
                stays,
                n=words.count(stays),
            )
        )
    return " ".join(sentences)
