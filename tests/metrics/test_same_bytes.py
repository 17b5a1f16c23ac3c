"""Same data, same bytes: no answer depends on the pieces a history came in, nor on the order of its rows."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import duckdb
import numpy as np
import polars as pl

import metrics
from etl.contract.workflows import as_frame, read_definitions
from metrics.catalog.dimensions import RESOLUTION_WAITS
from metrics.catalog.metrics import CATALOG
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.steps.holders import HOLDERS, holders
from metrics.steps.hotspots import hotspots
from metrics.tickets.change import trend
from metrics.tickets.contributions import contributions
from metrics.tickets.survival import Waits, waiting_curve
from metrics.training.learning import training_needs
from metrics.training.learning_curve import learning_curve
from metrics.warnings.signs import warning_signs
from tests.lengths import LONG
from tests.metrics.histories import add, empty_warehouse, refresh

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DEFINED = as_frame(read_definitions(SAMPLE / "workflows.json")).to_dicts()
Answer = Callable[[duckdb.DuckDBPyConnection], object]


def of_a_scope() -> Iterator[tuple[str, Answer]]:
    """Every public function of `metrics` that needs a warehouse and, at most, a scope."""
    for module in pkgutil.walk_packages(metrics.__path__, "metrics."):
        if module.name.startswith(("metrics.refresh", "metrics.query.run")):
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            parameters = inspect.signature(function).parameters
            needed = {key for key, value in parameters.items() if value.default is inspect.Parameter.empty}
            is_public = name[0] != "_" and function.__module__ == module.name
            if is_public and "connection" in needed <= {"connection", "scope"}:
                scope = {"scope": Scope()} if "scope" in needed else {}
                yield f"{module.name}.{name}", partial(function, **scope)


def answers() -> Iterator[tuple[str, Answer]]:
    """Those, and some that need more."""
    yield from of_a_scope()
    for by in ([], ["channel"], ["team", "reason"]):
        yield f"metrics by {by}", partial(measure, metrics=list(CATALOG), by=by)
    for by in (None, "channel"):
        waits = Waits(RESOLUTION_WAITS, "waited_minutes")
        yield f"waiting curve by {by}", partial(waiting_curve, waits=waits, by=by)
    yield "training", lambda connection: training_needs(connection, hotspots(connection))
    for of in ("confusion", "minutes"):
        yield f"learning curve of {of}", partial(learning_curve, by="practice", of=of)
    for by in HOLDERS:
        yield f"holders by {by}", partial(holders, by=by)
    month = Scope(start=date(2026, 4, 1), end=date(2026, 4, 30))
    for name in ("first_response_minutes", "csat", "confusion_rate", "tickets_solved"):
        yield f"trend of {name}", partial(trend, metric=name)
        yield f"what moved {name}", partial(contributions, metric=name, scope=month)


def plain(value: Any) -> Any:
    """An answer as values whose text shows every digit."""
    if isinstance(value, pl.DataFrame):
        return value.write_json()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value) and not isinstance(value, type):
        return [(field.name, plain(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, dict):
        return [(key, plain(part)) for key, part in value.items()]
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def loaded(*pieces: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A warehouse in which the facts were brought up to date after each piece."""
    connection = empty_warehouse()
    add(connection, pieces[0], DEFINED)
    refresh(connection)
    for piece in pieces[1:]:
        add(connection, piece)
        refresh(connection)
    return connection


def history() -> pl.DataFrame:
    """Some tickets of the sample, in no order at all."""
    rows = pl.read_parquet(SAMPLE / "events.parquet")
    some = rows["ticket_id"].unique().sort().gather_every(12 if LONG else 60)
    return rows.filter(pl.col("ticket_id").is_in(some.implode())).sample(fraction=1, shuffle=True, seed=1)


def test_pieces_and_order_of_a_history_change_no_byte_of_any_answer() -> None:
    rows = history()
    third = rows.height // 3
    at_once = loaded(rows.sort("event_id"))
    in_pieces = loaded(rows[2 * third :], rows[:third], rows[third : 2 * third])
    wrong, tried = [], 0
    for name, answer in answers():
        if not LONG and crc32(name.encode()) % 6:  # the long suite asks for every one
            continue
        one, other = (repr(plain(answer(connection))) for connection in (at_once, in_pieces))
        tried += one not in ("None", "''", "[]")
        if one != other:
            wrong.append(name)
    assert tried > (50 if LONG else 7)
    assert wrong == []


def test_other_pseudonyms_of_agents_change_no_byte_of_what_steps_show() -> None:
    """Another key gives agents other names, in another order."""
    rows = history()
    names = rows["agent_id"].drop_nulls().unique().sort()
    other_names = dict(zip(names, reversed(names.to_list()), strict=True))
    renamed = rows.with_columns(pl.col("agent_id").replace_strict(other_names, default=None))
    one, other = loaded(rows), loaded(renamed)
    for answer in (
        hotspots,
        lambda connection: training_needs(connection, hotspots(connection)),
        warning_signs,
    ):
        assert plain(answer(one)) == plain(answer(other))
