"""Several systems in one warehouse: each has the numbers that it has alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from etl.contract.events import SCHEMA
from etl.contract.kinds import STEP_KINDS, Kind
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.catalog.metrics import CATALOG
from metrics.catalog.runs import RUN_METRICS
from metrics.query.measure import measured
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from tests.lengths import LONG, examples
from tests.metrics.histories import show_small_groups

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOADED_AT = datetime(2026, 6, 1, tzinfo=UTC)
END = {"ticket_id": "end", "kind": "assigned", "actor": "system"}
ENDS = (9, 30)
"""Days after which a source tells no more: each is looked at at the instant of its own newest event."""
EVERY = (*CATALOG.values(), *RUN_METRICS)[:: 1 if LONG else 3]
Rows = Sequence[dict[str, Any]]


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """One row; few ids, so that tickets, runs, customers and agents of two sources have the same."""
    kind = draw(st.sampled_from(list(Kind)))
    in_run = kind in STEP_KINDS
    return {
        "occurred_at": START + timedelta(minutes=draw(st.integers(0, 300)), days=draw(st.integers(0, 8))),
        "ticket_id": draw(st.sampled_from(["t1", "t2", "t3"])),
        "kind": kind.value,
        "actor": draw(st.sampled_from(["agent", "customer"])),
        "agent_id": draw(st.sampled_from(["x", "y"])),
        "customer_id": draw(st.sampled_from(["c", "d"])),
        "reason": draw(st.sampled_from(["bill", None])),
        "run_id": draw(st.sampled_from(["r1", "r2"])) if in_run else None,
        "workflow": "refund" if in_run else None,
        "version": "1" if in_run else None,
        "step": draw(st.sampled_from(["ask", "pay"])) if in_run else None,
        "score": draw(st.sampled_from([2.0, 5.0])) if kind == Kind.RATED else None,
        "scale_max": 5.0 if kind == Kind.RATED else None,
    }


@contextmanager
def warehouse_of(*files: tuple[Rows, str | None, int]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with files of sources, no two of the same bytes: those would replace one another."""
    with tempfile.TemporaryDirectory() as name, open_writer(Path(name) / "warehouse") as connection:
        for number, (rows, source, days) in enumerate(files):
            path = Path(name) / f"{number}.parquet"
            end = END | {"occurred_at": START + timedelta(days=days)}
            frame = pl.DataFrame([*rows, end], schema=dict(SCHEMA))
            frame.with_columns(priority=pl.lit(source)).write_parquet(path)
            mapping = Mapping(source=source)
            report = load(
                [path],
                connection,
                Archive(Path(name) / "warehouse" / "archive"),
                now=LOADED_AT,
                mapping=mapping,
            )
            assert report.rejected == 0
        refresh(connection)
        show_small_groups(connection)
        yield connection


@examples(1, long=60)
@given(st.lists(events(), min_size=1, max_size=30), st.lists(events(), min_size=1, max_size=30))
def test_a_source_has_the_numbers_that_it_has_alone(one: Rows, other: Rows) -> None:
    with warehouse_of((one, "a", ENDS[0]), (other, "b", ENDS[1])) as together:
        for source, rows, days in (("a", one, ENDS[0]), ("b", other, ENDS[1])):
            with warehouse_of((rows, None, days)) as alone:
                expected = measured(alone, EVERY, [], Scope())
            of_source = Scope(where=(("source", (source,)),))
            assert measured(together, EVERY, [], of_source).equals(expected)
            parts = measured(together, EVERY, ["source"], Scope()).filter(pl.col("source") == source)
            assert parts.drop("source").filter(pl.col("n") > 0).equals(expected.filter(pl.col("n") > 0))
