"""What a scope chooses among the rows of agents, and what wider scopes have beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

import duckdb
import polars as pl

from etl.contract.time_zones import zone
from metrics.query.agents import days_of_data, is_guarded, period_of
from metrics.query.scope import Scope

WEEK = timedelta(days=7)
"""A period of so many days is no group."""


class Choice:
    """What a scope chooses of the agents of a fact: a condition for each of its dimensions."""

    def __init__(self, scope: Scope, fact: str, period: tuple[date, date] | None) -> None:
        self.values = [(name, values) for name, values in scope.where if is_guarded(name, fact, scope)]
        self.masks = {
            name: pl.col(name).cast(pl.String).fill_null("").is_in(list(values))
            for name, values in self.values
        }
        self._filters = list(self.masks.values())
        self._spans: list[pl.Expr] = [pl.lit(value=True)]
        if period:
            first, last = period
            self.masks["day"] = pl.col("day").is_between(first, last)
            weeks = [
                pl.col("day").is_between(
                    last - WEEK + timedelta(days=1 + later), last + timedelta(days=later)
                )
                for later in range((WEEK - (last - first)).days)
            ]
            self._spans += [self.masks["day"], *weeks]

    @property
    def own(self) -> pl.Expr:
        """Whether a row is in the scope."""
        return pl.all_horizontal(pl.lit(value=True), *self.masks.values())

    def agents_beyond(self, table: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
        """How many agents each wider scope has beyond this one: `wider …`, one row per group of `by`.

        What a row meets is worked out once: the wider scopes are many, and what rows meet differs little.
        """
        met = {f"filter {place}": mask for place, mask in enumerate(self._filters)}
        met |= {f"span {place}": span for place, span in enumerate(self._spans)}
        rows = table.filter(~self.own).select(*by, "agent_id", **met).unique()
        filters = [pl.col(name) for name in met if name.startswith("filter")]
        spans = [pl.col(name) for name in met if name.startswith("span")]
        wider = [
            pl.all_horizontal(span, *remaining)
            for size in range(len(filters) + 1)
            for remaining in combinations(filters, size)
            for span in spans
        ]
        counts = [
            pl.col("agent_id").filter(scope).n_unique().alias(f"wider {place}")
            for place, scope in enumerate(wider)
        ]
        return rows.group_by(by).agg(counts) if by else rows.select(counts)


def short_period(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, date] | None:
    """The days of the scope that the data has, where they are fewer than seven and not all it has."""
    days = period_of(connection, scope) if scope.start or scope.end or scope.as_of else None
    if days is None:
        return None
    first, last = days
    is_short = first <= last and last - first + timedelta(days=1) < WEEK
    return days if is_short and days != days_of_data(connection, scope) else None


def is_part_of_a_day(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether what is known of a scope ends within its first day: nobody counts the agents of a few hours."""
    by_then = scope.as_of and scope.as_of.astimezone(zone(scope.time_zone)).date()
    days = period_of(connection, scope) if by_then else None
    return bool(days and by_then and days[1] < days[0] <= by_then <= (scope.end or by_then))
