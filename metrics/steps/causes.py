"""Why steps confuse: where runs come back from, which answers change, what precedes help and is not found."""

from __future__ import annotations

from functools import partial

import duckdb
import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import VISITS, VISITS_WITH_EXPERIENCE, custom_value
from metrics.facts.relations import DIALECT
from metrics.query.agents import smallest_group
from metrics.query.complements import reportable_groups
from metrics.query.run import run_parallel
from metrics.query.run_in_scope import run_in_scope
from metrics.query.scope import Over, Scope, conditions, date_column
from metrics.query.ticket_prefilter import visiting
from metrics.statistics.evidence import LEAST_GROUP
from metrics.statistics.false_discovery import adjusted
from metrics.statistics.intervals import wilson
from metrics.statistics.step_groups import StepGroups
from metrics.steps.counts import titles

KEY = ("workflow", "version", "step")
NEARLY_ALL = 0.9
"""Of the visits: a group that has more of them is hardly a part."""
FALSE_DISCOVERY_RATE = 0.05
HOLDERS = ("reason", "channel", "team", "priority", "practice", "source")


def of_steps(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> dict[str, pl.DataFrame]:
    """The rows of `returns`, `changed_answers`, `before_help` and `searches`, asked for at once."""
    questions = [partial(question, scope=scope) for question in (_ways_out, _changes, _sought)]
    ways_out, changes, sought = run_parallel(connection, questions, as_of=scope.as_of if scope else None)
    return {
        "returns": _returns(ways_out, changes, titles(connection)),
        "answers": _changed_answers(changes),
        "help": _before_help(sought),
        "searches": _searches(sought),
    }


def returns(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and step that runs went back to from it, the most frequent first.

    `share`: of all its visits. `at_once`: within the quick-back time, which tells against the step itself;
    the others tell against the step gone back to. `title`: what the definition calls that one.
    `answers_changed`: of those returns, how many gave another answer there than before.
    """
    return _returns(_ways_out(connection, scope), _changes(connection, scope), titles(connection))


def _ways_out(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    return _grouped(connection, scope, VISITS, _WAYS_OUT, {"next_step": "next_step"})


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
    return _changed_answers(_changes(connection, scope))


def _changes(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    by = {name: name for name in ("changed_from_step", "answer", "new_answer")}
    return _grouped(connection, scope, "answer_changes", {"changes": "count(*)"}, by)


def _changed_answers(changes: pl.DataFrame) -> pl.DataFrame:
    rows = changes.group_by(*KEY, "answer", "new_answer").agg(pl.col("changes").sum())
    return rows.select(
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
    return _before_help(_sought(connection, scope))


def _sought(connection: duckdb.DuckDBPyConnection, scope: Scope | None) -> pl.DataFrame:
    """Help by what came before it, searches by their words: the events of visits are put in order once."""
    return _grouped(connection, scope, "run_happenings", _HELP_AND_SEARCHES, _SOUGHT, _IS_SOUGHT)


def _before_help(sought: pl.DataFrame) -> pl.DataFrame:
    return (
        sought.filter(kind="asked_help")
        .select(
            *KEY,
            "kind_before",
            requests=pl.col("times").cast(pl.Int64),
            share=pl.col("times") / pl.col("times").sum().over(KEY),
            median_seconds=pl.col("median_seconds"),
        )
        .sort("requests", *KEY, "kind_before", descending=[True, *[False] * 4])
    )


def searches(connection: duckdb.DuckDBPyConnection, *, scope: Scope | None = None) -> pl.DataFrame:
    """One row per step version and words searched in the knowledge base there, the most frequent first.

    `without_hits`: searches that found nothing, of `counted` ones whose number of hits is recorded, with
    share and interval. Words that differ by case or outer spaces alone are the same.
    """
    return _searches(_sought(connection, scope))


def _searches(sought: pl.DataFrame) -> pl.DataFrame:
    rows = sought.filter(kind="searched").rename({"times": "searches"})
    low, high = wilson(_numbers(rows, "without_hits"), _numbers(rows, "counted"))
    return rows.select(
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

    `by`: reason, channel, team, priority, source, a dimension of the settings, or practice, the earlier
    visits of the agent there as the lower end of a band. `excess`: confused visits beyond what the rate of
    the step's other visits would give; `excess_share`: of the excess of all the values that have one. The
    interval of the rate is widened for agents seen more than once. `stands_out`: confused more often than
    the step's other visits, beyond chance and beyond what its agents explain, and with at most nine in ten
    of its visits. Of all that stands out at a step, whatever it is divided by, at most 5 % may be chance:
    the values are paid for, and each of the dimensions that can be asked for has its equal part of the 5 %.
    Groups of too few agents are left out, as are bands of fewer than `least_agents`, and so many more that
    the step's total less those shown tells of no fewer. Logs of states have no rows.

    Raises:
        InvalidRequest: another dimension.
    """
    attributes = dict((scope or Scope()).dimensions)
    if by not in HOLDERS and by not in attributes:
        raise InvalidRequest("dimension.does_not_fit", name=by, known=[*HOLDERS, *attributes])
    relation, among = VISITS, "is_guided"
    if by == "practice":
        relation, among = VISITS_WITH_EXPERIENCE, "is_guided AND practice IS NOT NULL"
    held_by = custom_value(attributes[by]).sql(dialect=DIALECT) if by in attributes else by
    entries = _grouped(connection, scope, relation, _COUNTS, {by: held_by, "agent_id": "agent_id"}, among)
    rate = FALSE_DISCOVERY_RATE / len({*HOLDERS, *attributes})
    entries = entries.sort(*KEY, by, "confused", "visits", "agent_id", nulls_last=True)
    rows = _with_standing_out(entries, by, rate)
    total = pl.col("excess").clip(lower_bound=0).sum().over(KEY)
    rows = rows.with_columns(
        excess_share=pl.when(total > 0).then(pl.col("excess").clip(lower_bound=0) / total),
        confusion_rate=pl.col("confused") / pl.col("visits"),
    )
    least = 1 if scope is not None and scope.small_groups else smallest_group(connection)
    least = max(least, least_agents) if by == "practice" else least
    if least > 1:
        of_agents = entries.filter(pl.col("agent_id").is_not_null())
        reportable_values = reportable_groups(of_agents, KEY, (by,), least=least).filter("is_shown")
        rows = rows.join(reportable_values.select(*KEY, by), on=[*KEY, by], how="semi", nulls_equal=True)
    return rows.select(
        *KEY,
        pl.col(by).cast(pl.String),
        *(pl.col(name).cast(pl.Int64) for name in ("visits", "confused")),
        *("confusion_rate", "low", "high", "excess", "excess_share", "stands_out"),
    ).sort(*KEY, "excess", by, descending=[False, False, False, True, False], nulls_last=True)


def _with_standing_out(entries: pl.DataFrame, by: str, rate: float) -> pl.DataFrame:
    """One row per step version and value of `by`, from sorted entries of these and agents.

    With its interval, its excess, and whether it stands out where that share of the findings may be chance.
    """
    rows = (
        entries.group_by(*KEY, by, maintain_order=True)
        .agg(pl.col("visits", "confused").sum())
        .with_row_index("group")
        .with_columns(place=pl.struct(KEY).rank("dense").cast(pl.Int64) - 1)
    )
    of_agents = (
        entries.filter(pl.col("agent_id").is_not_null())
        .join(rows.select(*KEY, by, "group", "place"), on=[*KEY, by], nulls_equal=True, maintain_order="left")
        .with_columns(agent=pl.struct("place", "agent_id").rank("dense").cast(pl.Int64) - 1)
    )
    step = rows["place"].to_numpy()
    groups = StepGroups(
        step=step,
        hits=_numbers(rows, "confused"),
        visits=_numbers(rows, "visits"),
        group=of_agents["group"].cast(pl.Int64).to_numpy(),
        agent=of_agents["agent"].to_numpy(),
        agent_hits=_numbers(of_agents, "confused"),
        agent_visits=_numbers(of_agents, "visits"),
    )
    (low, high), chance = groups.interval(), groups.chance()
    q = np.full(chance.shape, np.nan)
    for place in np.unique(step):
        q[step == place] = adjusted(chance[step == place])
    is_part = groups.visits <= NEARLY_ALL * (groups.visits + groups.others[1])
    return rows.with_columns(
        low=pl.Series(low, dtype=pl.Float64),
        high=pl.Series(high, dtype=pl.Float64),
        excess=pl.Series(groups.hits - groups.rate_of_others * groups.visits, dtype=pl.Float64).fill_nan(
            None
        ),
        stands_out=pl.Series((np.nan_to_num(q, nan=1.0) <= rate) & is_part, dtype=pl.Boolean),
    )


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = frame[name].cast(pl.Float64).to_numpy()
    return values


def _grouped(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope | None,
    relation: str,
    aggregates: dict[str, str],
    by: dict[str, str],
    among: str = "TRUE",
) -> pl.DataFrame:
    """One row per step version and value of what it is grouped `by`, with the `aggregates` of each."""
    scope = scope or Scope()
    over = Over(VISITS, date_column(scope, "entered_at"))
    columns = {name: name for name in KEY} | by | aggregates
    groups = range(1, len(KEY) + len(by) + 1)
    query = (
        exp.select(
            *(exp.alias_(sqlglot.parse_one(text, dialect=DIALECT), name) for name, text in columns.items())
        )
        .from_(relation)
        .where(among, *conditions(scope, over), dialect=DIALECT)
        .group_by(*(str(place) for place in groups))
    )
    tickets = visiting(scope, *_SIGNS_NEEDED[relation]) if relation in _SIGNS_NEEDED else None
    return run_in_scope(connection, query, scope, tickets=tickets)


_SIGNS_NEEDED = {"answer_changes": ("changed_answer",), "run_happenings": ("asked_help", "searches > 0")}
"""What is told of a ticket alone, and the signs of visits to look for it at."""
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
    "median_seconds": "median(seconds_before)",
    "counted": "count(hits)",
    "without_hits": "count(*) FILTER (WHERE hits = 0)",
}
_COUNTS = {
    "visits": "count(*)",
    "confused": "count(*) FILTER (WHERE is_confused)",
}
