"""The facts agree with their twin on any history, now and as of any instant; any split gives the same."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics.refresh.facts import refresh
from metrics.settings.model import Settings
from tests.lengths import examples
from tests.metrics.facts.test_twin import made_up
from tests.metrics.histories import START, add, empty_warehouse, rows
from tests.metrics.refresh import service_twin

SETTINGS = Settings.model_validate(
    {
        "time_zone": "Europe/Berlin",
        "schedules": [
            {"name": "office", "hours": ["Mon-Fri 09:00-12:00", "Mon-Fri 12:30-17:00"], "holidays": "DE"},
            {
                "name": "office",
                "hours": ["Mon-Sat 08:00-20:00"],
                "valid_from": "2026-03-05",
                "closed_on": ["2026-03-10"],
            },
            {"name": "hotline", "hours": ["Mon-Sun 22:00-06:00"], "channels": ["phone"]},
            {"name": "t1", "hours": ["Mon-Sun 00:00-24:00"], "teams": ["t1"], "time_zone": "Asia/Kathmandu"},
            {"name": "chats of t1", "hours": ["Mon 00:01-00:03"], "channels": ["chat"], "teams": ["t1"]},
        ],
        "targets": [
            {"first_response_minutes": 1, "resolution_minutes": 480, "pauses_while": ["customer"]},
            {
                "first_response_minutes": 60,
                "channels": ["chat"],
                "clock": "calendar",
                "pauses_while": ["hold"],
            },
            {
                "resolution_minutes": 1440,
                "priorities": ["high"],
                "clock": "calendar",
                "pauses_while": ["hold"],
            },
            {"resolution_minutes": 60, "channels": ["chat"], "pauses_while": ["customer", "hold"]},
            {"resolution_minutes": 10.5, "channels": ["phone"], "priorities": ["high", "low"]},
        ],
    }
)
QUIET = settings(examples(4, long=120), suppress_health_check=list(HealthCheck))


def histories() -> st.SearchStrategy[pl.DataFrame]:
    """The made-up histories, squeezed so that minute by minute does not take all day."""
    squeezed = START + (pl.col("occurred_at") - START) / 12
    return st.builds(made_up, st.integers(0, 2**32), st.integers(0, 50)).map(
        lambda events: events.with_columns(squeezed.dt.cast_time_unit("us").alias("occurred_at"))
    )


def facts(connection, as_of=None):
    found = rows(connection, "service_levels", as_of=as_of).select("ticket_id", "measure", "status")
    return found.sort("ticket_id", "measure")


def set_up(*parts: pl.DataFrame):
    connection = empty_warehouse()
    for part in parts:
        add(connection, part)
        refresh(connection, SETTINGS)
    return connection


def told(found: list[service_twin.Row]) -> pl.DataFrame:
    schema = {"ticket_id": pl.String, "measure": pl.String, "status": pl.String}
    return pl.DataFrame(found, schema=schema).sort("ticket_id", "measure")


@QUIET
@given(histories(), st.integers(0, 200))
def test_service_levels_agree_with_their_twin_at_any_instant(history, hours):
    connection, then = set_up(history), START + timedelta(hours=hours)
    assert_frame_equal(facts(connection), told(service_twin.service_levels(history, SETTINGS)))
    known = history.filter(pl.col("occurred_at") <= then)
    assert_frame_equal(
        facts(connection, then), told(service_twin.service_levels(known, SETTINGS, as_of=then))
    )


@QUIET
@given(histories())
def test_business_times_agree_with_their_twin(history):
    found = rows(set_up(history), "business_times").sort("ticket_id")
    expected = sorted(service_twin.business_times(history, SETTINGS), key=lambda row: row["ticket_id"])
    for measure in ("first_response", "resolution"):
        us = [None if value is None else round(value * 6e7) for value in found[f"{measure}_business_minutes"]]
        assert us == [row[measure] for row in expected]


@QUIET
@given(histories(), st.integers(2, 4))
def test_any_split_of_a_history_gives_the_same(history, parts):
    whole, split = set_up(history), set_up(*(history.gather_every(parts, part) for part in range(parts)))
    for relation, key in {
        "business_times": ["ticket_id"],
        "ticket_targets": ["ticket_id", "measure"],
        "open_intervals": ["schedule", "opens_at"],
    }.items():
        assert_frame_equal(rows(split, relation).sort(key), rows(whole, relation).sort(key), check_exact=True)


def test_the_histories_made_up_show_every_status():
    seen = set()
    for seed in range(24):
        seen |= {
            (row["measure"], row["status"])
            for row in service_twin.service_levels(made_up(seed, 20), SETTINGS)
        }
    assert {status for _, status in seen} == {"attained", "breached", "pending", "paused", None}
