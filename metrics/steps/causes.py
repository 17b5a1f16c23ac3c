"""Why steps confuse: where runs come back from, which answers change, what precedes help and is not found."""

from __future__ import annotations

from functools import partial

import duckdb
import numpy as np
import polars as pl

from metrics.catalog.dimensions import VISITS
from metrics.query.run import run_parallel
from metrics.query.scope import Scope
from metrics.statistics.intervals import wilson
from metrics.steps.counts import KEY, titles
from metrics.steps.group_counts import group_counts, least_shown


def of_steps(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> dict[str, pl.DataFrame]:
    """The rows of `returns`, `changed_answers`, `before_help` and `searches`, asked for at once."""
    questions = [partial(question, scope=scope) for question in (_ways_out, _changes, _sought)]
    ways_out, changes, sought = run_parallel(connection, questions, as_of=scope.as_of if scope else None)
    least = least_shown(connection, scope)
    return {
        "returns": _returns(ways_out, changes, titles(connection)),
        "answers": _changed_answers(changes, least),
        "help": _before_help(sought, least),
        "searches": _searches(sought, least),
    }


def _of_agents_enough(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Rows less those of too few of the `agents`, whom it takes away; one of which none is recorded stays.

    The step's total less what is shown tells how often there was something else, and not what.
    """
    is_small = pl.col("agents").list.drop_nulls().list.n_unique().is_between(1, least - 1)
    return rows.filter(~is_small.fill_null(value=False)).drop("agents")


def returns(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and step that runs went back to from it, the most frequent first.

    `share`: of all its visits. `at_once`: within the quick-back time, which tells against the step itself;
    the others tell against the step gone back to. `title`: what the definition calls that one.
    `answers_changed`: of those returns, how many gave another answer there than before.
    """
    return _returns(_ways_out(connection, scope), _changes(connection, scope), titles(connection))


def _ways_out(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    return group_counts(connection, scope, VISITS, _WAYS_OUT, {"next_step": "next_step"})


def _returns(ways_out: pl.DataFrame, changes: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    changed = changes.group_by("workflow", "version", step="changed_from_step", next_step="step").agg(
        answers_changed=pl.col("changes").sum()
    )
    rows = (
        ways_out.filter(pl.col("returns") > 0)
        .drop("visits")
        .join(ways_out.group_by(KEY).agg(pl.col("visits").sum()), on=KEY, nulls_equal=True)
        .join(changed, on=[*KEY, "next_step"], how="left", nulls_equal=True)
        .join(titles.rename({"step": "next_step"}), on=["workflow", "version", "next_step"], how="left")
    )
    return rows.select(
        *KEY,
        pl.col("next_step").alias("back_to"),
        "title",
        *(pl.col(name).cast(pl.Int64) for name in ("returns", "at_once")),
        answers_changed=pl.col("answers_changed").fill_null(0).cast(pl.Int64),
        share=pl.col("returns") / pl.col("visits"),
    ).sort("returns", *KEY, "back_to", descending=[True, False, False, False, False])


def changed_answers(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version, answer and the answer it was changed into, the most frequent first.

    `share`: of the changed answers of the step. The answer was wrong here, wherever it was noticed.
    """
    return _changed_answers(_changes(connection, scope), least_shown(connection, scope))


def _changes(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    by = {name: name for name in ("changed_from_step", "answer", "new_answer")}
    return group_counts(connection, scope, "answer_changes", {"changes": "count(*)", "agents": _AGENTS}, by)


def _changed_answers(changes: pl.DataFrame, least: int) -> pl.DataFrame:
    rows = changes.group_by(*KEY, "answer", "new_answer").agg(
        pl.col("changes").sum(), pl.col("agents").explode()
    )
    rows = rows.with_columns(share=pl.col("changes") / pl.col("changes").sum().over(KEY))
    return (
        _of_agents_enough(rows, least)
        .select(*KEY, "answer", "new_answer", pl.col("changes").cast(pl.Int64), "share")
        .sort("changes", *KEY, "answer", "new_answer", descending=[True, *[False] * 5])
    )


def before_help(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and thing that happened right before help was asked in a visit to it.

    `entered`: help was the first thing sought; `median_seconds`: how long after it.
    """
    return _before_help(_sought(connection, scope), least_shown(connection, scope))


def _sought(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    """Help by what came before it, searches by their words: the events of visits are put in order once."""
    return group_counts(connection, scope, "run_happenings", _HELP_AND_SEARCHES, _SOUGHT, _IS_SOUGHT)


def _before_help(sought: pl.DataFrame, least: int) -> pl.DataFrame:
    rows = sought.filter(kind="asked_help").with_columns(
        requests=pl.col("times").cast(pl.Int64), share=pl.col("times") / pl.col("times").sum().over(KEY)
    )
    return (
        _of_agents_enough(rows, least)
        .select(*KEY, "kind_before", "requests", "share", "median_seconds")
        .sort("requests", *KEY, "kind_before", descending=[True, *[False] * 4])
    )


def searches(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and words searched in the knowledge base there, the most frequent first.

    `without_hits`: searches that found nothing, of `counted` ones whose number of hits is recorded, with
    share and interval. Words that differ by case or outer spaces alone are the same; those of too few agents
    are left out.
    """
    return _searches(_sought(connection, scope), least_shown(connection, scope))


def _searches(sought: pl.DataFrame, least: int) -> pl.DataFrame:
    rows = _of_agents_enough(sought.filter(kind="searched"), least).rename({"times": "searches"})
    low, high = wilson(_numbers(rows, "without_hits"), _numbers(rows, "counted"))
    return rows.select(
        *KEY,
        "words",
        *(pl.col(name).cast(pl.Int64) for name in ("searches", "counted", "without_hits")),
        without_hits_share=pl.when(pl.col("counted") > 0).then(pl.col("without_hits") / pl.col("counted")),
        low=pl.Series(low).fill_nan(None),
        high=pl.Series(high).fill_nan(None),
    ).sort("searches", "without_hits", *KEY, "words", descending=[True, True, *[False] * 4], nulls_last=True)


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = frame[name].cast(pl.Float64).to_numpy()
    return values


_AGENTS = "list(DISTINCT agent_id)"
_WAYS_OUT = {
    "visits": "count(*)",
    "returns": "count(*) FILTER (WHERE is_left_by_going_back AND NOT next_step IS NULL)",
    "at_once": "count(*) FILTER (WHERE is_left_at_once)",
}
_IS_SOUGHT = "kind IN ('asked_help', 'searched')"
_SOUGHT = {
    "kind": "kind",
    "kind_before": "CASE WHEN kind = 'asked_help' THEN kind_before END",
    "words": "CASE WHEN kind = 'searched' THEN lower(trim(value)) END",
}
_HELP_AND_SEARCHES = {
    "times": "count(*)",
    "agents": _AGENTS,
    "median_seconds": "median(seconds_before)",
    "counted": "count(hits)",
    "without_hits": "count(*) FILTER (WHERE hits = 0)",
}
