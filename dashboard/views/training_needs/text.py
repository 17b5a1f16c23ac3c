"""What the page on training needs says first: which steps newcomers stumble over, and what training saves."""

from __future__ import annotations

import polars as pl

from dashboard.language import _, ngettext, words
from metrics.training.learning import Learning


def training_needs(steps: pl.DataFrame) -> str:
    """In sentences, from the rows of `training_needs`: where to train, where training will not help."""
    tested = steps.filter(pl.col("learning") != Learning.UNKNOWN)
    if tested.is_empty():
        return _(
            "At no step are there five newcomers and five others to compare, so nothing can be said yet."
        )
    trained = tested.filter(pl.col("learning").is_in([Learning.FADES, Learning.BOTH]))
    sentences = []
    if trained.is_empty():
        sentences.append(
            ngettext(
                "At {n} step newcomers can be compared with the others, and are not confused more often "
                "beyond chance.",
                "At {n} steps newcomers can be compared with the others, and at none are they confused more "
                "often beyond chance.",
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
        saves = float(trained["saves_hours_per_week"].sum())
        if saves >= 1 / 60:
            sentences.append(
                _(
                    "At the steps found, newcomers take {time} a week more than others.",
                    time=words.minutes(60 * saves),
                )
            )
    stays = tested.filter(pl.col("learning") == Learning.STAYS).height
    if stays:
        sentences.append(
            ngettext(
                "{n} step stays hard for practised agents: rewrite it, training does not help.",
                "{n} steps stay hard for practised agents: rewrite them, training does not help.",
                stays,
                n=words.count(stays),
            )
        )
    return " ".join(sentences)
