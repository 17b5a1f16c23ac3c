"""Every form of an instant is the same in every format of file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etl.mapping.mapping import Mapping
from tests.etl.desk import Desk
from tests.etl.sources.writing import KINDS, Row

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATING = (
    *("2026-03-02T09:00:00Z", "2026-03-02 09:00Z", "2026-03-02t09:00:00z", "2026-03-02 09:00:00+00"),
    *("2026-03-02 14:00:00+05", "2026-03-02T14:30:00+0530", "2026-03-02T14:30:00.000+05:30"),
    *("2026-03-02 05:00:00-04", "2026-03-02 09:00:00 UTC", "2026-03-02 09:00:00 GMT"),
    *("2026-03-02 10:00:00 +0100 UTC", "2026-03-02T10:00:00+01:00[Europe/Berlin]"),
    *("2026-03-02T09:00:00,000Z", "2026-03-02T10:00:00,000+01", "20260302T090000Z", "20260302T1000+0100"),
    *("Mon, 02 Mar 2026 09:00:00 +0000", "2 Mar 2026 09:00 GMT", "Mon, 2 Mar 2026 04:00:00 EST"),
    "\t2026-03-02T09:00:00Z ",
)
LOCAL = ("2026-03-02 09:00", "2026-03-02T09:00:00", "2026-03-02 09:00:00,0", "20260302T090000")
"""Texts of one instant, if their clock stands in UTC."""
EPOCHS = {
    "epoch": "1772442000",
    "%s": "1772442000",
    "epoch_ms": "1772442000000",
    "epoch_us": "1772442000000000",
}


def rows(texts: tuple[str, ...]) -> list[Row]:
    return [
        {"event_id": f"e{n}", "occurred_at": text, "ticket_id": "t1", "kind": "opened"}
        for n, text in enumerate(texts)
    ]


def in_time(**how: str) -> Mapping:
    return Mapping.model_validate({"time": how})


@pytest.mark.sweep(6)
@pytest.mark.parametrize("name", KINDS)
def test_what_states_its_offset_is_one_instant_and_a_zone_beside_it_changes_nothing(
    desk: Desk, name: str
) -> None:
    report = desk.load(desk.file(KINDS[name](rows(STATING)), name), in_time(zone="Asia/Tokyo"))
    assert (report.loaded, report.reasons) == (len(STATING), {})
    assert set(desk.events()["occurred_at"]) == {NINE}
    assert [remark.code for remark in report.remarks] == ["mapping.zone_unused"]


@pytest.mark.sweep(6)
@pytest.mark.parametrize("name", KINDS)
def test_what_states_none_is_read_in_the_declared_zone_or_rejected(desk: Desk, name: str) -> None:
    path = desk.file(KINDS[name](rows(LOCAL)), name)
    assert desk.load(path).reasons == {"occurred_at_without_zone": len(LOCAL)}
    assert desk.load(path, in_time(zone="UTC")).loaded == len(LOCAL)
    assert set(desk.events()["occurred_at"]) == {NINE}


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", KINDS)
def test_the_end_of_a_day_is_the_next_midnight_in_every_format(desk: Desk, name: str) -> None:
    texts = ("2026-03-01T24:00:00Z", "2026-03-01 24:00+00", "2026-03-02T00:00:00Z")
    assert desk.load(desk.file(KINDS[name](rows(texts)), name)).loaded == len(texts)
    assert set(desk.events()["occurred_at"]) == {datetime(2026, 3, 2, tzinfo=UTC)}


@pytest.mark.sweep(15)
@pytest.mark.parametrize("form", EPOCHS)
@pytest.mark.parametrize("name", KINDS)
def test_a_number_is_an_instant_only_where_the_mapping_says_what_it_counts(
    desk: Desk, name: str, form: str
) -> None:
    path = desk.file(KINDS[name](rows((EPOCHS[form],))), name)
    assert desk.load(path, in_time(zone="Asia/Tokyo")).reasons == {"occurred_at_bare_number": 1}
    report = desk.load(path, in_time(zone="Asia/Tokyo", format=form))
    assert (report.loaded, [remark.code for remark in report.remarks]) == (1, ["mapping.zone_unused"])
    assert desk.events()["occurred_at"].to_list() == [NINE]


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", KINDS)
def test_a_day_number_of_excel_is_rejected_as_such(desk: Desk, name: str) -> None:
    path = desk.file(KINDS[name](rows(("46083.375", "46083"))), name)
    assert desk.load(path, in_time(zone="UTC")).reasons == {"occurred_at_excel_serial": 2}
