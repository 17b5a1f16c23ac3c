"""What is in order is not suspected: the sample, simulated histories, public logs but for what ails them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.health.finding import Severity
from etl.health.run_checks import run_checks
from etl.mapping.mapping_file import read_mapping
from etl.simulator import simulate
from tests.etl.desk import Desk
from tests.etl.health.histories import Ward, day_and_month_exchanged, ward
from tests.lengths import examples

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "data" / "mappings"
real_logs = pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")


def suspicious(made: Ward | Desk) -> set[str]:
    return {f.check for f in run_checks(made.connection) if f.severity == Severity.SUSPICIOUS}


def test_the_sample_is_in_order() -> None:
    found = ward(pl.read_parquet(ROOT / "data" / "sample" / "events.parquet")).examine()
    assert {finding.severity for finding in found} == {Severity.OK}


@examples(2, long=50)
@given(
    st.integers(0, 10_000),
    st.integers(100, 1500),
    st.integers(1, 20),
    st.dates(date(2024, 1, 1), date(2026, 6, 1)),
)
def test_simulated_histories_are_in_order(seed: int, tickets: int, weeks: int, start: date) -> None:
    assert suspicious(ward(simulate(tickets=tickets, seed=seed, weeks=weeks, start=start).events)) == set()


@pytest.mark.sweep(9)
@real_logs
@pytest.mark.parametrize(
    ("file", "mapping", "expected"),
    [
        ("helpdesk/helpdesk.csv", "helpdesk.toml", set()),
        # The copy has neither openings nor ends, so all its runs are endless; and it is swapped.
        (
            "helpdesk/helpdesk_day_month_swapped.csv",
            "helpdesk_day_month_swapped.toml",
            {"day_and_month", "endless_runs"},
        ),
        # Its mapping declares UTC, which is believed, and takes a reopening where the count of them rises.
        ("incidents/incident_event_log.csv.gz", "incidents.toml", set()),
        ("xes/receipt_wrong_time_zone.csv", "receipt.toml", {"time_zone", "endless_runs"}),
    ],
)
def test_public_logs_are_suspected_of_what_ails_them(
    desk: Desk, file: str, mapping: str, expected: set[str]
) -> None:
    desk.load(LOGS / file, read_mapping(MAPPINGS / mapping))
    assert suspicious(desk) == expected


@real_logs
def test_the_receipt_log_with_its_true_times_is_not_suspected_of_a_wrong_zone(desk: Desk) -> None:
    desk.load(LOGS / "xes" / "receipt.xes.gz", read_mapping(MAPPINGS / "xes.toml"))
    (finding,) = [finding for finding in run_checks(desk.connection) if finding.check == "time_zone"]
    assert (finding.severity, finding.is_known, finding.numbers["moved_hours"]) == (Severity.OK, True, 1)


@real_logs
def test_the_incidents_log_read_month_first_is_flagged_and_so_is_any_large_part_of_it() -> None:
    log = pl.read_csv(LOGS / "incidents" / "incident_event_log.csv.gz", infer_schema=False)
    at = pl.col("sys_updated_at").str.to_datetime("%d/%m/%Y %H:%M", time_unit="us", time_zone="UTC")
    events = log.select(
        ticket_id="number",
        occurred_at=at,
        kind=pl.lit("assigned"),
        actor=pl.lit("agent"),
        event_id=pl.int_range(pl.len()).cast(pl.String),
        seq=pl.lit(0, pl.Int64),
    )
    swapped = events.with_columns(occurred_at=day_and_month_exchanged(pl.col("occurred_at")))
    for salt in (1, 2):
        part = pl.col("ticket_id").hash(salt) % 10 == 0
        assert ward(events.filter(part)).severity("day_and_month") == Severity.OK
        assert ward(swapped.filter(part)).severity("day_and_month") == Severity.SUSPICIOUS
        strict = swapped.filter(part, pl.col("occurred_at").dt.day() <= 12)
        assert ward(strict).severity("day_and_month") == Severity.SUSPICIOUS
