"""The gate has two exits, and reads a column exactly as the model reads a row."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from etl.contract.events import COLUMNS, SCHEMA, Actor, Event, Kind, broken_rules
from etl.contract.gate import check, rules
from etl.contract.instants import Bounds, LocalTime
from etl.mapping.sections import Time
from etl.messages import TEMPLATES, rejection
from tests.lengths import examples

OPENED = {"event_id": "e1", "occurred_at": "2026-03-02T09:00:00Z", "ticket_id": "t1", "kind": "opened"}
RATED = OPENED | {"kind": "rated", "score": "4", "scale_max": "5"}


def reasons(*rows: dict[str, Any], **how: str) -> list[str]:
    """The rule each refused row broke, in row order."""
    frame = pl.DataFrame(list(rows), infer_schema_length=None).with_row_index("position")
    return check(frame, LocalTime(**how)).rejected.sort("position")["rule"].to_list()


def accepted(*rows: dict[str, Any], **how: str) -> list[dict[str, Any]]:
    frame = pl.DataFrame(list(rows), infer_schema_length=None).with_row_index("position")
    return check(frame, LocalTime(**how)).accepted.sort("position").drop("position").to_dicts()


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (OPENED | {"occurred_at": "2026-03-02 09:00"}, "occurred_at_without_zone"),
        (OPENED | {"occurred_at": "soon"}, "occurred_at_unreadable"),
        (OPENED | {"occurred_at": "2026-02-30T09:00Z"}, "occurred_at_unreadable"),
        (OPENED | {"occurred_at": " "}, "occurred_at_missing"),
        (OPENED | {"occurred_at": "1772442000"}, "occurred_at_bare_number"),
        (OPENED | {"occurred_at": 1772442000}, "occurred_at_bare_number"),
        (OPENED | {"occurred_at": 1.772442e9}, "occurred_at_bare_number"),
        (OPENED | {"occurred_at": "46083.375"}, "occurred_at_excel_serial"),
        (OPENED | {"occurred_at": 46083.375}, "occurred_at_excel_serial"),
        (OPENED | {"ticket_id": None}, "ticket_id_missing"),
        (OPENED | {"kind": "opend"}, "kind_unknown"),
        (OPENED | {"kind": "replied"}, "actor_missing"),
        (OPENED | {"actor": "robot"}, "actor_unknown"),
        (OPENED | {"kind": "entered"}, "run_id_missing"),
        (RATED | {"score": "6"}, "score_above_scale_max"),
        (RATED | {"score": "-1"}, "score_too_low"),
        (RATED | {"score": "good"}, "score_unreadable"),
        (RATED | {"score": None}, "score_missing"),
        (RATED | {"scale_max": "0", "score": "0"}, "scale_max_too_low"),
        (OPENED | {"hits": "-2"}, "hits_too_low"),
        (OPENED | {"seq": "1.5"}, "seq_unreadable"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_its_name(row: dict[str, Any], rule: str) -> None:
    assert reasons(row) == [rule]


@pytest.mark.parametrize("kind", ["run_started", "run_finished", "run_abandoned"])
def test_what_happens_to_a_run_needs_no_step(kind: str) -> None:
    row = OPENED | {"kind": kind, "run_id": "r", "workflow": "w", "version": "1"}
    assert accepted(row)[0]["step"] is None
    assert broken_rules(row) == []
    assert reasons(row | {"kind": "entered"}) == ["step_missing"]
    assert reasons(row | {"run_id": None}) == ["run_id_missing"]


def test_one_bad_row_does_not_hold_up_the_others() -> None:
    frame = pl.DataFrame([OPENED, OPENED | {"kind": "?"}, RATED], infer_schema_length=None)
    checked = check(frame.with_row_index("position", offset=1))
    assert sorted(checked.accepted["position"]) == [1, 3]
    assert checked.rejected["position"].to_list() == [2]


def test_every_rule_has_a_name_of_its_own_and_says_what_it_wants() -> None:
    assert len({rule.name for rule in rules()}) == len(rules())
    assert all(rejection(rule.name).code in TEMPLATES for rule in rules())
    assert all(f" {kind}" in str(rejection("kind_unknown")) for kind in Kind)
    assert all(f" {actor}" in str(rejection("actor_unknown")) for actor in Actor)


def test_an_instant_is_kept_in_utc() -> None:
    assert accepted(OPENED | {"occurred_at": "2026-03-02T09:00:00.5+02:00"})[0]["occurred_at"] == datetime(
        2026, 3, 2, 7, 0, 0, 500_000, tzinfo=UTC
    )


def test_a_local_time_is_read_in_the_declared_zone_and_form() -> None:
    row = OPENED | {"occurred_at": "5/3/2016 09:30"}
    read = accepted(row, zone="Europe/Berlin", format="%d/%m/%Y %H:%M")[0]["occurred_at"]
    assert read == datetime(2016, 3, 5, 8, 30, tzinfo=UTC)


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 09:00:00+00",
        "2026-03-02 14:00:00.000+05",
        "2026-03-02 03:30-0530",
        "2026-03-02 09:00:00 UTC",
        "2026-03-02 10:00:00 +0100 UTC",
        "2026-03-02T10:00:00+01:00[Europe/Berlin]",
        "2026-03-02t09:00:00z",
        "2026-03-02 11:00:00 GMT+02:00",
        "2026-03-02T09:00:00,000Z",
        "2026-03-02T09:00:00.0000000000000Z",
        "20260302T090000Z",
        "20260302T1000+0100",
        "Mon, 02 Mar 2026 09:00:00 +0000",
        "2 Mar 2026 09:00 GMT",
        "Mon, 2 Mar 2026 04:00:00 EST",
        "Mon, 02 Mar 2026 10:00:00 +0100 (CET)",
    ],
)
def test_a_text_that_states_its_offset_is_that_instant_whatever_zone_is_declared(text: str) -> None:
    row = OPENED | {"occurred_at": text}
    assert [event["occurred_at"] for event in accepted(row)] == [NINE]
    assert [event["occurred_at"] for event in accepted(row, zone="Asia/Tokyo")] == [NINE]
    assert Event.model_validate(row).occurred_at == NINE


def test_the_end_of_a_day_is_the_next_midnight() -> None:
    rows = [OPENED | {"occurred_at": f"2026-02-28{text}"} for text in (" 24:00:00Z", "T24:00", "T24:00:00,0")]
    assert {event["occurred_at"] for event in accepted(*rows, zone="UTC")} == {
        datetime(2026, 3, 1, tzinfo=UTC)
    }
    assert reasons(OPENED | {"occurred_at": "2026-02-28 24:00:01Z"}) == ["occurred_at_unreadable"]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("%d.%m.%Y %H:%M:%S %z", "02.03.2026 14:30:00 +0530"),
        ("%d.%m.%Y %H:%M:%S %:z", "02.03.2026 14:30:00 +05:30"),
        ("%d.%m.%Y %H:%M:%S %#z", "02.03.2026 14:00:00 +05"),
        ("%+", "2026-03-02T14:30:00+05:30"),
        ("%d.%m.%Y %H:%MZ", "02.03.2026 09:00Z"),
        ("%d.%m.%Y %H:%M UTC", "02.03.2026 09:00 UTC"),
        ("%d.%m.%Y %H:%M +02:00", "02.03.2026 11:00 +02:00"),
        ("%d.%m.%Y %H:%M UTC-0500", "02.03.2026 04:00 UTC-0500"),
        ("%d.%m.%Y %H:%M GMT+02:00", "02.03.2026 11:00 GMT+02:00"),
        ("%d.%m.%Y %H:%M UTC+2", "02.03.2026 11:00 UTC+2"),
        ("%d.%m.%Y %H:%M UTC -5", "02.03.2026 04:00 UTC -5"),
        ("%d.%m.%Y %H:%M GMT+530", "02.03.2026 14:30 GMT+530"),
        ("%d.%m.%Y %H:%M (UTC+02:00)", "02.03.2026 11:00 (UTC+02:00)"),
        ("%d.%m.%Y %H:%M (UTC+01:00) Berlin", "02.03.2026 10:00 (UTC+01:00) Berlin"),
        ("UTC+01:00 %d.%m.%Y %H:%M", "UTC+01:00 02.03.2026 10:00"),
        ("%d.%m.%Y %H:%M [+02:00]", "02.03.2026 11:00 [+02:00]"),
        ("%d.%m.%Y %H:%M \u221205:00", "02.03.2026 04:00 \u221205:00"),
        ("%d.%m.%Y %H:%M EST", "02.03.2026 04:00 EST"),
        ("%a %b %d %H:%M:%S EST %Y", "Mon Mar 02 04:00:00 EST 2026"),
        ("%d.%m.%Y %H:%M (MESZ)", "02.03.2026 11:00 (MESZ)"),
        ("%d.%m.%Y %H:%M utc", "02.03.2026 09:00 utc"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 09:00 GMT"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 04:00 EST"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 10:00 CET"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 04:00 UTC-0500"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 11:00 GMT+2"),
        ("%d.%m.%Y %H:%M %Z", "02.03.2026 11:00 +02:00"),
        ("%a %b %e %H:%M:%S %Z %Y", "Mon Mar  2 04:00:00 EST 2026"),
        ("%s", "1772442000"),
        ("epoch", "1772442000"),
        ("epoch", 1772442000),
        ("epoch", 1772442000.0),
        ("epoch_ms", "1772442000000"),
        ("epoch_us", 1772442000000000),
    ],
)
def test_a_format_that_states_an_offset_or_an_epoch_leaves_nothing_to_the_zone(
    form: str, value: object
) -> None:
    row = OPENED | {"occurred_at": value}
    assert [event["occurred_at"] for event in accepted(row, format=form)] == [NINE]
    assert [event["occurred_at"] for event in accepted(row, format=form, zone="Asia/Tokyo")] == [NINE]


def test_an_epoch_keeps_its_microseconds() -> None:
    rows = [
        OPENED | {"occurred_at": text}
        for text in ("1772442000.123456", "1772442000.5", "-1.5", "253402300800")
    ]
    assert [event["occurred_at"].isoformat() for event in accepted(*rows, format="epoch")] == [
        "2026-03-02T09:00:00.123456+00:00",
        "2026-03-02T09:00:00.500000+00:00",
        "1969-12-31T23:59:58.500000+00:00",
    ]


def test_a_name_that_means_no_one_offset_is_what_the_declared_zone_calls_so() -> None:
    row, form = OPENED | {"occurred_at": "02.03.2026 14:30 IST"}, "%d.%m.%Y %H:%M %Z"
    assert reasons(row, format=form) == ["occurred_at_without_zone"]
    assert accepted(row, format=form, zone="Asia/Kolkata")[0]["occurred_at"] == NINE
    assert reasons(row, format=form, zone="Europe/Berlin") == ["occurred_at_unreadable"]
    in_china = OPENED | {"occurred_at": "02.03.2026 17:00 CST"}
    assert accepted(in_china, format=form, zone="Asia/Shanghai")[0]["occurred_at"] == NINE


def test_a_name_parts_the_two_hours_that_autumn_repeats() -> None:
    rows = [OPENED | {"occurred_at": f"26.10.2025 02:30 {name}"} for name in ("CEST", "CET")]
    events = accepted(*rows, format="%d.%m.%Y %H:%M %Z", zone="Europe/Berlin")
    assert {event["occurred_at"].hour for event in events} == {0, 1}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d-%m-20%y %H:%M", "02-03-2026 10:00"),
        ("%H:%M Uhr, %d.%m.%Y", "10:00 Uhr, 02.03.2026"),
        ("%G-W%V-1T%H:%M", "2026-W10-1T10:00"),
        ("%d.%m.%YZ%H:%M", "02.03.2026Z10:00"),
        ("Est. %d.%m.%Y %H:%M", "Est. 02.03.2026 10:00"),
    ],
)
def test_what_only_looks_like_an_offset_in_a_format_leaves_the_time_local(form: str, text: str) -> None:
    row = OPENED | {"occurred_at": text}
    assert reasons(row, format=form) != []
    events = accepted(row, format=form, zone="Europe/Berlin")
    assert all(event["occurred_at"] == NINE for event in events)


@pytest.mark.parametrize("form", ["foo", "%Q", "%", "%F %k", ""])
def test_a_format_that_reads_nothing_is_refused(form: str) -> None:
    with pytest.raises(ValidationError, match="is not a form of a date and time"):
        Time(format=form)


BOUNDS = Bounds.of_load(NINE)


@pytest.mark.parametrize(
    ("instant", "rules"),
    [
        ("1970-01-01T00:00:00Z", ["occurred_at_too_early"]),
        ("0001-01-01T00:00:00Z", ["occurred_at_too_early"]),
        ("1989-12-31T23:59:59.999999Z", ["occurred_at_too_early"]),
        ("1990-01-01T00:00:00Z", []),
        ("2026-03-03T09:00:00Z", []),
        ("2026-03-03T09:00:00.000001Z", ["occurred_at_in_future"]),
        ("9999-12-31T23:59:59Z", ["occurred_at_in_future"]),
    ],
)
def test_nothing_happened_before_the_earliest_day_nor_a_day_after_the_load(
    instant: str, rules: list[str]
) -> None:
    row = OPENED | {"occurred_at": instant}
    checked = check(pl.DataFrame([row]).with_row_index("position"), bounds=BOUNDS)
    assert checked.rejected["rule"].to_list() == rules == broken_rules(row, BOUNDS)


def test_a_local_time_that_the_spring_clock_skips_is_refused_and_the_doubled_hour_is_the_first() -> None:
    skipped, doubled = (OPENED | {"occurred_at": f"{day} 02:30"} for day in ("2026-03-29", "2026-10-25"))
    assert reasons(skipped, zone="Europe/Berlin") == ["occurred_at_skipped_by_clock"]
    assert accepted(doubled, zone="Europe/Berlin")[0]["occurred_at"].hour == 0


def test_the_actor_has_a_default_for_every_kind_but_a_reply() -> None:
    rows = [OPENED | {"kind": kind.value, "actor": None} for kind in Kind]
    assert reasons(*rows).count("actor_missing") == 1


def test_missing_columns_are_null() -> None:
    (event,) = accepted(OPENED)
    assert event["channel"] is None
    assert event["actor"] == "customer"


texts = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "a", " a\t", "1", "+7", "-3", "1.0", "1.5", "1e3", "nan", "inf", "1_000", "٣", "."]
    ),
    st.sampled_from([kind.value for kind in Kind]),
    st.sampled_from(["agent", "customer", "bot", "system", "Agent"]),
    st.sampled_from(
        [
            "2026-03-02T09:00:00Z",
            "2026-03-02 09:00+0130",
            "2026-03-02 09:00:00.1234567 -23:59",
            "2026-03-02",
            "2026-03-02T09:00",
            "2026-02-29T09:00Z",
            "0001-01-01T00:00+12:00",
            "0000-01-01T00:00Z",
            "9999-12-31T23:59-12:00",
            "2026-03-02T24:00Z",
            "2026-03-02T23:59:60Z",
            "2026-03-02T09:00+24:00",
            *("2026-03-02 09:00+05", "2026-03-02 09:00 UTC", "2026-03-02T24:00:00", "20260302T0900Z"),
            *(
                "Mon, 2 Mar 2026 09:00:00 PDT",
                "31 Feb 2026 09:00 GMT",
                "9999-12-31 24:00Z",
                "1772442000",
                "46083.5",
            ),
            *(
                "2026-03-02T09:00:00,25+0530 UTC",
                "20000",
                "80000",
                "1e5",
                "1970-01-01T00:00Z",
                "2100-01-01T00:00Z",
            ),
        ]
    ),
    st.text(max_size=5),
)
instants = st.one_of(
    texts,
    st.datetimes(timezones=st.just(UTC)).map(str),
    st.datetimes(timezones=st.just(timezone(timedelta(hours=-7)))).map(lambda instant: instant.isoformat()),
)
good_rows = st.fixed_dictionaries(
    {
        "event_id": st.just("e"),
        "occurred_at": st.just("2026-03-02T09:00:00Z"),
        "ticket_id": st.just("t"),
        "kind": st.sampled_from([kind.value for kind in Kind]),
        "actor": st.sampled_from(["agent", None]),
        **dict.fromkeys(("run_id", "workflow", "version", "step"), st.just("x")),
        **dict.fromkeys(("score", "scale_max"), st.sampled_from(["1", "5", "0", None])),
    }
)
any_rows = st.fixed_dictionaries({name: instants if name == "occurred_at" else texts for name in COLUMNS})
rows = st.builds(
    lambda good, other, spoilt: good | {name: other[name] for name in spoilt},
    good_rows,
    any_rows,
    st.sets(st.sampled_from(list(COLUMNS)), max_size=3),
)


@examples(40, long=1500)
@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from([None, BOUNDS]))
def test_reading_by_column_and_by_row_agree(candidates: list[dict[str, Any]], bounds: Bounds | None) -> None:
    frame = pl.DataFrame(candidates, schema=dict.fromkeys(COLUMNS, pl.String)).with_row_index("position")
    checked = check(frame, bounds=bounds)
    by_row = {i: broken_rules(row, bounds) for i, row in enumerate(candidates)}
    assert dict(checked.rejected.select("position", "rule").iter_rows()) == {
        i: broken[0] for i, broken in by_row.items() if broken
    }
    kept = {i: Event.model_validate(row).model_dump() for i, row in enumerate(candidates) if not by_row[i]}
    assert {row.pop("position"): row for row in checked.accepted.to_dicts()} == kept


@examples(20, long=600)
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-5, 5), st.floats(), st.floats(0.5, 10))
def test_typed_values_are_read_as_the_model_reads_them(
    instant: datetime, hits: int, score: float, top: float
) -> None:
    row = RATED | {"occurred_at": instant, "hits": hits, "score": score, "scale_max": top}
    frame = pl.DataFrame([row], schema_overrides={"occurred_at": SCHEMA["occurred_at"]})
    checked = check(frame.with_row_index("position"))
    assert checked.rejected["rule"].to_list() == broken_rules(row)[:1]
    if checked.accepted.height:
        assert checked.accepted.drop("position").to_dicts() == [Event.model_validate(row).model_dump()]
