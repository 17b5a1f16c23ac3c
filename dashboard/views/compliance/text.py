"""Whether runs kept to their definition, in sentences, and the measure drawn week by week."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.language import N_, _, ngettext, words
from metrics.catalog.dates import ENTERED_AT
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metric import Metric
from metrics.query.scope import Scope

IN_BREACH = Metric(
    name="runs_in_breach",
    title=N_("Runs in breach"),
    question=N_("Do runs keep to what was agreed?"),
    definition=N_(
        "Share of ended runs with a breach, where their workflow version has a definition. A "
        "breach is a move or an escalation that the definition does not list. So is a required "
        "step that was skipped or never reached. Going back is always allowed. By the day of the "
        "first step."
    ),
    kind="share",
    unit="share",
    better="lower",
    fact=VISITS,
    date=ENTERED_AT,
    hits="true",
)
BREACHES = {
    "unlisted next step": N_("a move that is not listed"),
    "unlisted escalation": N_("an escalation that is not listed"),
    "required step skipped": N_("a required step skipped"),
    "required step never reached": N_("a required step never reached"),
}


def breach(name: str) -> str:
    """What a run did against its definition."""
    return _(BREACHES[name])


def in_breach(weeks: pl.DataFrame) -> pl.DataFrame:
    """The other side of the share that kept to it: it is small, and so its changes can be seen."""
    turned = {"value": 1 - pl.col("value"), "low": 1 - pl.col("high"), "high": 1 - pl.col("low")}
    return weeks.with_columns(**turned) if weeks.height else weeks


def opening(versions: pl.DataFrame, breaches: pl.DataFrame) -> str:
    """How many runs kept to their definition, where most did not, and what cannot be known."""
    defined = versions.filter(pl.col("conforming").is_not_null())
    sentences = [_of(defined), *_worst(breaches)] if defined.height else []
    unknown = versions.filter(pl.col("conforming").is_null())
    if unknown.height:
        runs = sum(unknown["runs"])
        sentences.append(
            ngettext(
                "Of {runs} of {n} workflow version without a definition it is not known.",
                "Of {runs} of {n} workflow versions without a definition it is not known.",
                unknown.height,
                runs=words.counted(runs, "run"),
                n=words.count(unknown.height),
            )
        )
    return " ".join(sentences)


def _of(defined: pl.DataFrame) -> str:
    conforming, runs = sum(defined["conforming"]), sum(defined["runs"])
    return _(
        "{kept} of {runs} kept to their definition ({share}).",
        kept=words.count(conforming),
        runs=words.counted(runs, "run"),
        share=words.share(conforming / runs),
    )


def _worst(breaches: pl.DataFrame) -> list[str]:
    if breaches.is_empty():
        return [_("No run left the allowed way.")]
    row = breaches.row(0, named=True)
    values = {
        "what": breach(row["breach"]),
        "step": words.label(row["title"] or row["step"]),
        "workflow": words.label(row["workflow"]),
        "version": words.label(row["version"]),
        "runs": words.counted(row["runs"], "run"),
    }
    return [
        _(
            "The most frequent breach is {what}, at “{step}” ({workflow}, version {version}): {runs}.",
            **values,
        )
    ]


def is_known(versions: pl.DataFrame) -> bool:
    """Whether any version with runs has a definition that they could keep to."""
    return versions["conforming"].null_count() < versions.height


def without_definition(*, has_runs: bool) -> tuple[str, str]:
    """What is missing where nothing can be told: runs, or a definition; why, and what next."""
    if not has_runs:
        return (
            _("No run has ended in this selection"),
            _(
                "This page needs the step events of workflow runs. Remove a filter or choose a "
                "longer period in the sidebar. Or load a file that has them: stepsight load FILE"
            ),
        )
    return (
        _("It is not known whether runs keep to their definition"),
        _(
            "It needs the definition of a workflow version: its steps, which may follow which, and which are "
            "required. Write it as a file (docs/EVENTS.md shows one) and load it with: "
            "stepsight workflows add FILE"
        ),
    )


def kinds(runs: pl.DataFrame) -> dict[str, str]:
    """The breaches there are, each under what a reader calls it; first all of them."""
    names = set(runs["breach"])
    return {_("Any breach"): ""} | {breach(name): name for name in BREACHES if name in names}


def shaded(scope: Scope) -> tuple[date, date] | None:
    """The days of the scope, where it has an end on both sides."""
    return (scope.start, scope.end) if scope.start and scope.end else None
