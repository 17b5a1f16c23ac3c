"""Which rows stand: each event once, and of what rows say of it the latest.

Rows of one id and one content are one event; of their places among events of the same instant, the greatest
stands. Of several contents of one id, that stands which its source recorded last (`recorded_at`, none before
any), then that which a load first brought last, then the one further down in its file. So a file loaded again
changes nothing, and a newer export corrects an older one. The others are kept in `conflicts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.contract.instants import Bounds
from etl.mapping.identity import EARLIER_IDS, define_identity


@dataclass(frozen=True)
class Brought:
    """What a load brought: files of its segments, of which rows outside of its bounds never count.

    `width`: the events that a row of its file may tell; a row goes as a whole. `salt`: they are of an earlier
    version, which named events after all columns of their rows; the events get the names of today, which are
    keyed with it.
    """

    load_id: int
    segments: list[Path]
    is_plain: bool
    bounds: Bounds
    width: int = 1
    salt: str | None = None

    @property
    def values(self) -> dict[str, object]:
        """What `WITHIN_BOUNDS` asks for."""
        return {
            "files": [str(path) for path in self.segments],
            "width": self.width,
            "earliest": self.bounds.earliest,
            "latest": self.bounds.latest,
        }


WITHIN_BOUNDS = """
WITH every AS NOT MATERIALIZED (
    FROM (FROM events LIMIT 0) UNION ALL BY NAME FROM read_parquet($files)
),
outside AS NOT MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN occurred_at < $earliest THEN 'occurred_at_too_early'
            WHEN occurred_at > $latest THEN 'occurred_at_in_future'
            WHEN recorded_at < $earliest THEN 'recorded_at_too_early'
            ELSE 'recorded_at_in_future'
        END AS rule
    FROM every
    WHERE occurred_at < $earliest OR occurred_at > $latest OR recorded_at < $earliest OR recorded_at > $latest
),
brought AS NOT MATERIALIZED (
    FROM every WHERE position // $width NOT IN (SELECT position // $width FROM outside)
)
"""
"""Of the rows of segments, `brought` are those within the bounds of their load, `outside` the others."""


def apply(brought: Brought, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Bring segments into the warehouse; the tickets they touch are stale afterwards."""
    if not brought.segments:
        return
    if brought.is_plain and brought.salt is None:
        warehouse.execute(_INSERT, brought.values | {"load_id": brought.load_id})
        warehouse.execute(_MARK_STALE, brought.values)
        return
    arrive(brought, warehouse)
    settle(warehouse)


def take_out(gone: list[Brought], others: list[Brought], warehouse: duckdb.DuckDBPyConnection) -> None:
    """Take out what loads brought, as if they had never come; `others`: those that stay, in order of place.

    What the others say of the same events is settled anew. The tickets are stale afterwards.
    """
    warehouse.execute("CREATE OR REPLACE TEMP TABLE taken_out (event_id VARCHAR)")
    for brought in gone:
        if brought.segments:
            arrive(brought, warehouse)
            warehouse.execute("INSERT INTO taken_out SELECT DISTINCT event_id FROM arrived")
    for statement in _TAKE_OUT:
        warehouse.execute(statement)
    for brought in of_the_same_events(others, warehouse):
        arrive(brought, warehouse)
        warehouse.execute("DELETE FROM arrived WHERE event_id NOT IN (FROM taken_out)")
        settle(warehouse)
    warehouse.execute("DROP TABLE taken_out; DROP TABLE IF EXISTS arrived")


def of_the_same_events(others: list[Brought], warehouse: duckdb.DuckDBPyConnection) -> list[Brought]:
    """Those that say anything of the events in `taken_out`; ids alone are read to tell, which is soon done.

    The ids that an earlier version made are not those of today, so all that it brought is among them.
    """
    files = [str(path) for brought in others for path in brought.segments]
    if not files:
        return []
    touched = {name for (name,) in warehouse.execute(_FILES_OF_TAKEN_OUT, {"files": files}).fetchall()}
    return [
        brought
        for brought in others
        if brought.segments
        and (brought.salt is not None or any(str(path) in touched for path in brought.segments))
    ]


def arrive(brought: Brought, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Put what a load brought into the table `arrived`, in place of what is there."""
    warehouse.execute(_NOTHING_ARRIVED)
    warehouse.execute(_ARRIVED, brought.values | {"load_id": brought.load_id})
    if brought.salt is not None:
        define_identity(warehouse)
        warehouse.execute(EARLIER_IDS, {"salt": brought.salt})


def settle(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Decide which contents stand of the events in `arrived`, which goes."""
    for statement in _SETTLE:
        warehouse.execute(statement)


_TAKE_OUT = (
    """
    INSERT INTO stale_tickets
    SELECT DISTINCT ticket_id FROM events SEMI JOIN taken_out USING (event_id)
    ANTI JOIN stale_tickets USING (ticket_id)
    """,
    "DELETE FROM events WHERE event_id IN (FROM taken_out)",
    "DELETE FROM conflicts WHERE event_id IN (FROM taken_out)",
)

_FILES_OF_TAKEN_OUT = """
SELECT DISTINCT filename
FROM read_parquet($files, filename = true, union_by_name = true) SEMI JOIN taken_out USING (event_id)
"""

_BROUGHT = "SELECT * REPLACE ($load_id AS load_id) FROM brought"
_TICKETS = "SELECT DISTINCT ticket_id FROM brought ANTI JOIN stale_tickets USING (ticket_id)"
_INSERT = " ".join(("INSERT INTO events", WITHIN_BOUNDS, _BROUGHT))
_MARK_STALE = " ".join(("INSERT INTO stale_tickets", WITHIN_BOUNDS, _TICKETS))

_NOTHING_ARRIVED = "CREATE OR REPLACE TEMP TABLE arrived AS FROM events LIMIT 0"
_ARRIVED = " ".join(("INSERT INTO arrived", WITHIN_BOUNDS, _BROUGHT))

# One row per content of an event that something arrived for; a content that lost before takes up what it had.
_RIVALS = """
CREATE OR REPLACE TEMP TABLE rivals AS
WITH every AS (
    FROM arrived UNION ALL BY NAME FROM events SEMI JOIN arrived USING (event_id)
),
each AS (
    SELECT
        event_id, seq, recorded_at, load_id, position,
        struct_pack(*COLUMNS(* EXCLUDE (event_id, seq, recorded_at, load_id, position))) AS content
    FROM every
),
contents AS (
    SELECT
        event_id, content,
        max(seq) AS seq, max(recorded_at) AS recorded_at,
        min((place, load_id, position)) AS brought
    FROM each JOIN loads USING (load_id)
    GROUP BY event_id, content
),
recalled AS (
    SELECT
        contents.event_id, contents.content, contents.seq,
        greatest(contents.recorded_at, lost.recorded_at) AS recorded_at,
        least(contents.brought, lost.brought) AS brought
    FROM contents
    LEFT JOIN (
        SELECT event_id, content, recorded_at, (place, load_id, position) AS brought
        FROM conflicts JOIN loads USING (load_id)
    ) AS lost ON lost.event_id = contents.event_id AND lost.content = to_json(contents.content)
)
SELECT
    *,
    brought[2] AS load_id,
    brought[3] AS position,
    row_number() OVER (PARTITION BY event_id ORDER BY recorded_at DESC NULLS LAST, brought DESC) = 1 AS stands
FROM recalled
"""
_SETTLE = (
    _RIVALS,
    """
    DELETE FROM conflicts USING rivals
    WHERE conflicts.event_id = rivals.event_id AND conflicts.content = to_json(rivals.content)
    """,
    "DELETE FROM events WHERE event_id IN (SELECT event_id FROM rivals)",
    """
    INSERT INTO events BY NAME
    SELECT event_id, seq, recorded_at, load_id, position, unnest(content) FROM rivals WHERE stands
    """,
    """
    INSERT INTO conflicts BY NAME
    SELECT event_id, content.ticket_id AS ticket_id, to_json(content) AS content, recorded_at, load_id,
        position
    FROM rivals WHERE NOT stands
    """,
    """
    INSERT INTO stale_tickets
    SELECT DISTINCT content.ticket_id FROM rivals
    WHERE content.ticket_id NOT IN (SELECT ticket_id FROM stale_tickets)
    """,
    "DROP TABLE rivals",
    "DROP TABLE arrived",
)
