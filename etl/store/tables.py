"""The tables of the warehouse that hold what the archive says; facts have tables of their own."""

from __future__ import annotations

import hashlib

from etl.contract.events import STORED

TABLES = """
-- One row: which version of these tables this is. Another one is made anew from the archive.
CREATE TABLE IF NOT EXISTS schema_version (version VARCHAR);

-- One row per event that stands, with its source and custom attributes, the load that first brought it as it
-- stands, and its place in that load's file.
CREATE TABLE IF NOT EXISTS events AS
SELECT *, NULL::BIGINT AS load_id, NULL::BIGINT AS position FROM contract;

-- One row per loaded file that counts. Rows are rows of the file: read = loaded + duplicates + rejected +
-- skipped. source: the system, where one was named. place: its order among loads, that of the load it
-- replaced if it replaced one. path: a keyed hash of the file's.
-- mapping: what decided its rows, as a hash. stated_mapping: the mapping as
-- stated for all files, as a hash. mapping_table: which of its tables the file is. without_effect: keys of
-- the mapping that changed nothing; shared_without_effect: those of them that no table states for itself.
-- guided: whether its workflows guide agents, where the mapping says so.
-- time_zone: the one zone that its mapping declares for instants without an offset.
-- has_seq: whether the source gives all its events their order at one instant. erased, too_old: rows more
-- that were not taken; allow_erased: whether rows of who was erased were.
CREATE TABLE IF NOT EXISTS loads (
    load_id BIGINT, file VARCHAR, source VARCHAR, path VARCHAR, loaded_at TIMESTAMP WITH TIME ZONE,
    read BIGINT, loaded BIGINT, duplicates BIGINT, rejected BIGINT, skipped BIGINT, events BIGINT,
    repeated BIGINT, conflicts BIGINT, place BIGINT, ignored_columns VARCHAR[], mapping VARCHAR,
    stated_mapping VARCHAR, mapping_table VARCHAR, without_effect VARCHAR[], shared_without_effect VARCHAR[],
    time_zone VARCHAR, guided BOOLEAN, has_seq BOOLEAN, erased BIGINT, too_old BIGINT, allow_erased BOOLEAN
);

-- One row per rejected row of a file, with the columns of the file that the rule is about, and with what is
-- kept of its content. row: tells the row from others, as a keyed hash.
CREATE TABLE IF NOT EXISTS rejected (
    load_id BIGINT, file VARCHAR, position BIGINT, rule VARCHAR, "column" VARCHAR, "row" VARCHAR,
    explanation VARCHAR, content VARCHAR
);

-- One row per content of an event that does not stand since another one is later, and what first brought it.
CREATE TABLE IF NOT EXISTS conflicts (
    event_id VARCHAR, ticket_id VARCHAR, content VARCHAR, recorded_at TIMESTAMP WITH TIME ZONE,
    load_id BIGINT, position BIGINT
);

-- One row per step of a workflow version's definition; position 0 is where a run starts.
CREATE TABLE IF NOT EXISTS workflow_steps (
    workflow VARCHAR, version VARCHAR, workflow_title VARCHAR, position INTEGER,
    step VARCHAR, title VARCHAR, type VARCHAR, next VARCHAR[],
    required BOOLEAN, returns_by_design BOOLEAN, customer_decides BOOLEAN, searches_by_design BOOLEAN,
    help_by_design BOOLEAN, waits_by_design BOOLEAN,
    expected_seconds DOUBLE, expected_confusion DOUBLE
);

-- One row where the settings say within what a run id is unique, 'source' or 'ticket'; else none.
CREATE TABLE IF NOT EXISTS run_rules (unique_within VARCHAR);

-- One row per record of the archive that the tables above already hold.
CREATE TABLE IF NOT EXISTS applied (load_id BIGINT);

-- One row per ticket whose facts are out of date.
CREATE TABLE IF NOT EXISTS stale_tickets (ticket_id VARCHAR);
"""

SCHEMA_VERSION = hashlib.sha256(f"{TABLES}{STORED}".encode()).hexdigest()[:16]
