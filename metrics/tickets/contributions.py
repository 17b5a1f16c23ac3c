"""What moved a metric: each group's part in its change, split into mix and rate.

Mix: other tickets came, so that groups with a high or a low value weigh more or less. Rate: the same tickets
went otherwise. With the shares w and values v of a group before and after, and M the value over all,

    mix = (w₁ − w₀) · ((v₀ + v₁) / 2 − (M₀ + M₁) / 2)        rate = (w₀ + w₁) / 2 · (v₁ − v₀)

Over the groups of a dimension both together are M₁ − M₀ exactly, and neither depends on which period comes
first (the symmetric form of E. M. Kitagawa, JASA 50, 1955, p. 1168). A group seen in one period alone has no
other value to compare with: its whole part is mix.

A median is no weighted mean of its groups' medians, so no such split of it adds up. What is split for one is
the share of tickets that took longer than the median before: half of them then, by definition (but for ties),
and more now if it got slower. A count has no rate: its parts are differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import duckdb
import polars as pl

from etl.errors import InvalidRequest
from etl.messages import Message
from metrics.catalog import metrics
from metrics.catalog.dimensions import dimensions
from metrics.catalog.metric import Among, Metric
from metrics.query.measure import Cut, cells_in, dimension_values, measured
from metrics.query.scope import Scope
from metrics.query.small_groups import hidden_groups
from metrics.tickets.change import Against, period_before

COLUMNS = pl.Schema(
    {
        "dimension": pl.String(),
        "group": pl.String(),
        "n_before": pl.Int64(),
        "n": pl.Int64(),
        "value_before": pl.Float64(),
        "value": pl.Float64(),
        "mix": pl.Float64(),
        "rate": pl.Float64(),
        "total": pl.Float64(),
    }
)

MOVERS = ("channel", "reason", "team", "priority")
"""The dimensions by whose groups a change is explained where the data has them; `movers` has those of one."""


@dataclass(frozen=True)
class Contributions:
    """What moved a metric. `of`: what the parts are parts of; `before` and `now`: its values.

    `parts`: one row per dimension and group ("not recorded" is null), those with the largest parts first in
    each dimension; the `total` of a dimension's groups is the change, `mix` and `rate` those of a total.
    """

    metric: str
    of: Message
    before: float | None
    now: float | None
    parts: pl.DataFrame

    @property
    def change(self) -> float | None:
        """Now less before; null where one is unknown."""
        return None if self.before is None or self.now is None else self.now - self.before


def movers(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[str, ...]:
    """The dimensions that explain a change: of `MOVERS`, source and those of the settings what the data has.

    Where nothing is recorded of one, its only group has all of every change, and explains nothing.
    """
    names = (*MOVERS, "source", *(name for name, _attribute in scope.dimensions))
    values = dimension_values(connection, names, scope.dimensions)
    return tuple(name for name in names if values[name])


def contributions(
    connection: duckdb.DuckDBPyConnection,
    metric: str,
    *,
    scope: Scope,
    by: Sequence[str] | None = None,
    against: Against = "previous",
) -> Contributions:
    """The parts that the groups of each dimension have in the metric's change since the period before.

    `by`: these dimensions; `movers` where none are named.
    Dimensions that the metric's rows lack are left out, and those of which nothing is recorded in either
    period: their only group would have all of the change. So is one of whose groups any is too small to be
    shown: parts that add up would give it away.

    Raises:
        InvalidRequest: the scope's period has an open end, or there is no such metric or dimension.
    """
    earlier = period_before(scope, against)
    if earlier is None:
        raise InvalidRequest("period.open")
    definition = metrics.metric(metric)
    split, of = _split(connection, definition, earlier)
    by_name = dimensions(scope.dimensions)
    names = [
        name
        for name in dict.fromkeys(movers(connection, scope) if by is None else by)
        if name in by_name
        and definition.fact in by_name[name].facts
        and not any(hidden_groups(connection, name, scope=part) for part in (earlier, scope))
    ]
    # Asked once for every combination of groups, and added up for each dimension here.
    cuts = [Cut(tuple(names), part) for part in (earlier, scope)]
    cells = [_cells(part, names) for part in cells_in(connection, [split], cuts)]
    before, now = (_groups(part, []).get((), _NOTHING) for part in cells)
    groups = {name: [_groups(part, [name]) for part in cells] for name in names}
    rows = [
        row
        for name, (then, later) in groups.items()
        if {**then, **later}.keys() - {(None,)}
        for row in _parts(name, then, later, is_count=split.kind == "count")
    ]
    return Contributions(
        metric, of, before.number(split), now.number(split), pl.DataFrame(rows, schema=COLUMNS, orient="row")
    )


def _split(connection: duckdb.DuckDBPyConnection, metric: Metric, earlier: Scope) -> tuple[Metric, Message]:
    """The share or count to split in a metric's stead, and what it is."""
    if metric.kind in {"share", "count"}:
        return metric, metric.title_message
    if metric.kind == "survival":
        raise InvalidRequest("metric.parts_unknown", metric=metric.name)
    limit = measured(connection, [metric], [], earlier)["value"].item()
    bound = 0.0 if limit is None else limit
    longer = replace(
        metric,
        kind="share",
        unit="share",
        among=Among(f"({metric.among.condition}) AND {metric.value} IS NOT NULL"),
        hits=f"{metric.value} > CAST('{bound!r}' AS DOUBLE)",
    )
    return longer, Message("moves.longer", {"minutes": round(bound, 2)})


@dataclass(frozen=True)
class _Group:
    hits: int
    n: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.hits, self.n) if self.n else None

    def number(self, metric: Metric) -> float | None:
        if metric.kind == "count":
            return float(self.n)
        return None if self.value is None else float(self.value)


_NOTHING = _Group(0, 0)


def _cells(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row per combination of groups: its hits and its n, whole numbers, so that sums stay exact."""
    hits = (pl.col("value").fill_null(0) * pl.col("n")).round().cast(pl.Int64)
    return rows.filter(pl.col("n") > 0).select(*by, "n", hits=hits)


def _groups(cells: pl.DataFrame, by: list[str]) -> dict[tuple[object, ...], _Group]:
    """Hits and n of each group, in order; of all together without a dimension."""
    if not by:
        return {(): _Group(int(cells["hits"].sum()), int(cells["n"].sum()))}
    sums = cells.group_by(by).agg(pl.col("hits", "n").sum()).sort(by, nulls_last=True)
    return {tuple(key): _Group(hits, n) for *key, hits, n in sums.select(*by, "hits", "n").rows()}


def _parts(
    name: str,
    before: dict[tuple[object, ...], _Group],
    now: dict[tuple[object, ...], _Group],
    *,
    is_count: bool,
) -> list[tuple[object, ...]]:
    totals = [
        _Group(sum(g.hits for g in side.values()), sum(g.n for g in side.values())) for side in (before, now)
    ]
    rows = []
    for key in {**before, **now}:
        then, later = before.get(key, _NOTHING), now.get(key, _NOTHING)
        if is_count:
            mix, rate, total = None, None, Fraction(later.n - then.n)
        elif totals[0].value is None or totals[1].value is None:
            mix, rate, total = None, None, None
        else:
            mix, rate = _mix_and_rate(then, later, totals[0], totals[1])
            total = mix + rate
        values = [None if is_count or g.value is None else float(g.value) for g in (then, later)]
        group = None if key[0] is None else str(key[0])
        rows.append(
            (
                name,
                group,
                then.n,
                later.n,
                *values,
                *(None if p is None else float(p) for p in (mix, rate, total)),
            )
        )
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    order = frame.sort(pl.col("total").abs(), "group", descending=[True, False], nulls_last=True)
    return order.rows()


def _mix_and_rate(then: _Group, later: _Group, before: _Group, now: _Group) -> tuple[Fraction, Fraction]:
    v0 = then.value if then.value is not None else later.value
    v1 = later.value if later.value is not None else then.value
    assert v0 is not None  # noqa: S101 - a group occurs in one of the periods
    assert v1 is not None  # noqa: S101
    assert before.value is not None  # noqa: S101 - asked before
    assert now.value is not None  # noqa: S101
    w0, w1 = Fraction(then.n, before.n), Fraction(later.n, now.n)
    return (w1 - w0) * ((v0 + v1) / 2 - (before.value + now.value) / 2), (w0 + w1) / 2 * (v1 - v0)
