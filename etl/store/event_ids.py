"""The ids of archived events, also of those whose ids an earlier version made in another way."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from etl.mapping.identity import EARLIER_IDS, define_identity
from etl.store.archive import LoadRecord


def events_with_ids(segment: Path, record: LoadRecord, salt: str) -> pl.DataFrame:
    """The events of a segment, with the ids that they have in the database."""
    if record.named_by == "event":
        return pl.read_parquet(segment)
    with duckdb.connect() as engine:
        define_identity(engine)
        engine.execute("CREATE TABLE arrived AS FROM read_parquet($file)", {"file": str(segment)})
        engine.execute(EARLIER_IDS, {"salt": salt})
        return pl.DataFrame(engine.table("arrived").to_arrow_table())
