"""What is answered anew at a step, what is searched there, and what comes before a call for help."""

from __future__ import annotations

import polars as pl

from dashboard.kit.steps.cause_words import BEFORE_HELP
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, words

MOST_ROWS = 50


def answer_table(answers: pl.DataFrame) -> Table:
    """One row per answer and the one it was changed into, the most frequent first."""
    rows = answers.head(MOST_ROWS)
    return Table(
        title=_("Answers that were changed later"),
        frame=rows.select(
            "changes",
            "share",
            before=texts(words.label(answer, 80) for answer in rows["answer"]),
            after=texts(words.label(answer, 80) for answer in rows["new_answer"]),
        ),
        columns={
            "before": Column(_("Answer given here"), width=220),
            "after": Column(_("Changed into"), width=220),
            "changes": Column(_("Times (n)"), "count"),
            "share": Column(_("Of all changes"), "share"),
        },
        alt=_("Which answer was changed into which, the most frequent first"),
    )


def search_table(searches: pl.DataFrame) -> Table:
    """One row per words searched, the most frequent first."""
    rows = searches.head(MOST_ROWS)
    return Table(
        title=_("What is searched there, and how often nothing is found"),
        frame=rows.select(
            "searches",
            "counted",
            "without_hits_share",
            words=texts(words.label(text, 80) for text in rows["words"]),
            interval=texts(
                words.interval(low, high, "share") or words.UNKNOWN
                for low, high in rows["low", "high"].rows()
            ),
        ),
        columns={
            "words": Column(_("Words"), width=240),
            "searches": Column(_("Searches (n)"), "count"),
            "without_hits_share": Column(_("Nothing found"), "share"),
            "interval": Column(_("95% interval"), width=130),
            "counted": Column(_("of (n)"), "count", _("Searches whose number of results is recorded.")),
        },
        alt=_("What is searched at this step and how often nothing is found, the most frequent first"),
    )


def help_table(requests: pl.DataFrame) -> Table:
    """One row per thing done right before help was asked, the most frequent first."""
    return Table(
        title=_("What happens right before help is asked"),
        frame=requests.select(
            "requests",
            "share",
            before=texts(
                _(BEFORE_HELP[kind]) if kind in BEFORE_HELP else words.label(kind)
                for kind in requests["kind_before"]
            ),
            after=texts(
                words.minutes(None if value is None else value / 60) for value in requests["median_seconds"]
            ),
        ),
        columns={
            "before": Column(_("Right after"), width=260),
            "requests": Column(_("Calls for help (n)"), "count"),
            "share": Column(_("Share"), "share"),
            "after": Column(_("Median time since"), width=130),
        },
        alt=_("What happens right before help is asked at this step, the most frequent first"),
    )
