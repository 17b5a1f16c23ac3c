"""Why steps confuse: where runs come back from, which answers change, what precedes help and is not found."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.asking import ask
from metrics.dimensions import VISITS
from metrics.intervals import wilson
from metrics.relations import DIALECT
from metrics.scope import Over, Scope, conditions, date_column, parameters
from metrics.small_groups import shown_groups
from metrics.statistics.evidence import LEAST_GROUP
from metrics.step_counts import titles
from metrics.visiting import visiting

KEY = ("workflow", "version", "step")
HOLDERS = ("reason", "channel", "team", "priority", "practice")


def returns(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and step that runs went back to from it, the most frequent first.

    `share`: of all its visits. `at_once`: within the quick-back time, which tells against the step itself;
    the others tell against the step gone back to. `title`: what the definition calls that one.
    `answers_changed`: of those returns, how many gave another answer there than before.
    """
    found = _asked(connection, scope, "moves", _RETURNS, ("next_step",), _WENT_BACK)
    visits = _asked(connection, scope, "moves", _VISITS, ())
    changed = _asked(connection, scope, "answer_changes", _CHANGES, ("changed_from_step",))
    changed = changed.select(
        "workflow", "version", step="changed_from_step", next_step="step", answers_changed="changes"
    )
    gone_to = titles(connection).rename({"step": "next_step"})
    told = (
        found.join(visits, on=KEY, nulls_equal=True)
        .join(changed, on=[*KEY, "next_step"], how="left", nulls_equal=True)
        .join(gone_to, on=["workflow", "version", "next_step"], how="left")
    )
    return told.select(
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
    found = _asked(connection, scope, "answer_changes", _CHANGES, ("answer", "new_answer"))
    return found.select(
        *KEY,
        "answer",
        "new_answer",
        changes=pl.col("changes").cast(pl.Int64),
        share=pl.col("changes") / pl.col("changes").sum().over(KEY),
    ).sort("changes", *KEY, "answer", "new_answer", descending=[True, *[False] * 5])


def before_help(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and thing that happened right before help was asked in a visit to it.

    `entered`: help was the first thing sought; `median_seconds`: how long after it.
    """
    found = _asked(connection, scope, "run_happenings", _BEFORE_HELP, ("kind_before",), "kind = 'asked_help'")
    return found.select(
        *KEY,
        "kind_before",
        requests=pl.col("requests").cast(pl.Int64),
        share=pl.col("requests") / pl.col("requests").sum().over(KEY),
        median_seconds=pl.col("median_seconds"),
    ).sort("requests", *KEY, "kind_before", descending=[True, *[False] * 4])


def searches(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and words searched in the knowledge base there, the most frequent first.

    `without_hits`: searches that found nothing, of `counted` ones whose number of hits is recorded, with
    share and interval. Words that differ by case or outer spaces alone are the same.
    """
    found = _asked(connection, scope, "run_happenings", _SEARCHES, (), "kind = 'searched'", _WORDS)
    n = found["counted"].cast(pl.Float64).to_numpy()
    low, high = wilson(found["without_hits"].cast(pl.Float64).to_numpy(), n)
    return found.select(
        *KEY,
        "words",
        *(pl.col(name).cast(pl.Int64) for name in ("searches", "counted", "without_hits")),
        without_hits_share=pl.when(pl.col("counted") > 0).then(pl.col("without_hits") / pl.col("counted")),
        low=pl.Series(low).fill_nan(None),
        high=pl.Series(high).fill_nan(None),
    ).sort("searches", "without_hits", *KEY, "words", descending=[True, True, *[False] * 4], nulls_last=True)


def holders(
    connection: duckdb.DuckDBPyConnection,
    by: str,
    *,
    scope: Scope | None = None,
    least_agents: int = LEAST_GROUP,
) -> pl.DataFrame:
    """One row per step version and value of `by`: where its confused visits beyond the usual come from.

    `by`: reason, channel, team, priority, or practice, the earlier visits of the agent there as the lower end
    of a band. `excess`: confused visits beyond what the rate of the step's other visits would give;
    `excess_share`: of the excess of all the values that have one. The interval of the rate is Wilson's.
    Teams and bands of fewer than `least_agents` agents are left out, and so many more that the step's total
    less those shown tells of no fewer.

    Raises:
        InvalidRequest: another dimension.
    """
    if by not in HOLDERS:
        raise InvalidRequest(f"The excess cannot be told by {by!r}. It can by: {', '.join(HOLDERS)}.")
    relation = "practised_visits" if by == "practice" else VISITS
    found = _asked(connection, scope, relation, _COUNTS, (by,))
    here, whole = pl.col("confused"), (pl.col("visits").sum().over(KEY), pl.col("confused").sum().over(KEY))
    others = pl.when(whole[0] > pl.col("visits")).then((whole[1] - here) / (whole[0] - pl.col("visits")))
    low, high = wilson(_numbers(found, "confused"), _numbers(found, "visits"))
    told = found.with_columns(
        low=pl.Series(low), high=pl.Series(high), excess=here - others * pl.col("visits")
    ).with_columns(positive=pl.col("excess").clip(lower_bound=0))
    total = pl.col("positive").sum().over(KEY)
    told = told.with_columns(
        excess_share=pl.when(total > 0).then(pl.col("positive") / total),
        confusion_rate=here / pl.col("visits"),
    )
    if by in ("team", "practice"):
        entries = _asked(connection, scope, relation, _VISITS, (by, "agent_id"))
        entries = entries.filter(pl.col("agent_id").is_not_null())
        shown = shown_groups(entries, KEY, (by,), least=least_agents).filter("is_shown")
        told = told.join(shown.select(*KEY, by), on=[*KEY, by], how="semi", nulls_equal=True)
    return told.select(
        *KEY,
        pl.col(by).cast(pl.String),
        *(pl.col(name).cast(pl.Int64) for name in ("visits", "confused")),
        *("confusion_rate", "low", "high", "excess", "excess_share"),
    ).sort(*KEY, "excess", by, descending=[False, False, False, True, False], nulls_last=True)


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = frame[name].cast(pl.Float64).to_numpy()
    return values


def _asked(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope | None,
    relation: str,
    told: dict[str, str],
    by: tuple[str, ...],
    among: str = "TRUE",
    also_by: str | None = None,
) -> pl.DataFrame:
    asked = scope or Scope()
    over = Over(VISITS, date_column(asked, "entered_at"), "The causes of confusion")
    groups: list[exp.Expr] = [exp.column(name) for name in (*KEY, *by)]
    shown: list[exp.Expr] = [group.copy() for group in groups]
    if also_by:
        words = sqlglot.parse_one(also_by, dialect=DIALECT)
        groups.append(words)
        shown.append(exp.alias_(words.copy(), "words"))
    columns = [exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in told.items()]
    query = (
        exp.select(*shown, *columns)
        .from_(relation)
        .where(among, *conditions(asked, over), dialect=DIALECT)
        .group_by(*groups)
    )
    tickets = visiting(asked, *_SEEN_BY.get(relation, ())) if relation in _TOLD_BY_TICKET else None
    values = parameters(asked, query) | (parameters(asked, tickets) if tickets else {})
    return ask(connection, query, values, as_of=asked.as_of, tickets=tickets)


_TOLD_BY_TICKET = ("moves", "answer_changes", "run_happenings")
_SEEN_BY = {"answer_changes": ("changed_answer",), "run_happenings": ("asked_help", "searched")}
_WENT_BACK = "is_left_by_going_back AND NOT next_step IS NULL"
_WORDS = "lower(trim(value))"
_VISITS = {"visits": "count(*)"}
_RETURNS = {"returns": "count(*)", "at_once": "count(*) FILTER (WHERE backed_out)"}
_CHANGES = {"changes": "count(*)"}
_BEFORE_HELP = {"requests": "count(*)", "median_seconds": "median(seconds_before)"}
_SEARCHES = {
    "searches": "count(*)",
    "counted": "count(hits)",
    "without_hits": "count(*) FILTER (WHERE hits = 0)",
}
_COUNTS = {
    "visits": "count(*)",
    "confused": "count(*) FILTER (WHERE is_confused)",
}
