"""What says how to reach somebody becomes a pseudonym; dates, amounts, versions and codes do not."""

from __future__ import annotations

import csv
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from etl.contract.names import decoded_escapes, name_of
from etl.mapping.mapping import Mapping
from etl.privacy.contact_details import ContactDetails
from etl.privacy.pseudonyms import FREE_COLUMNS, Pseudonyms, pseudonymised, without_prose
from etl.privacy.text_rules import TextRules
from etl.store.file_names import name_to_keep
from etl.store.load import load
from tests.etl.desk import LOADED_AT, Desk

TABLES = Path(__file__).parent
PSEUDONYMS = Pseudonyms(b"1" * 32)
CALL = "Call 0800 123 456"


@pytest.mark.parametrize("name", ["contact_details.csv", "contact_details_unseen.csv"])
def test_of_the_claims_95_in_100_are_found_and_of_the_innocent_2_at_most(name: str) -> None:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        rows = [(decoded_escapes(row["text"]), row["is_contact"] == "yes") for row in lines]
    contacts = ContactDetails()
    claims = [text for text, is_claim in rows if is_claim]
    innocent = [text for text, is_claim in rows if not is_claim]
    missed = [text for text in claims if not contacts.is_in(text)]
    false = [text for text in innocent if contacts.is_in(text)]
    assert len(missed) <= 0.05 * len(claims), missed
    assert len(false) <= 0.02 * len(innocent), false
    texts = pl.Series([text for text, _ in rows])
    assert set(contacts.texts_with(texts)) == {text for text, _ in rows if contacts.is_in(text)}


def test_a_number_as_it_is_written_at_home_is_found_in_the_regions_of_the_settings() -> None:
    danish, indian = "22 33 44 55", "98765 43210"
    assert not ContactDetails().is_in(danish)
    assert ContactDetails(["DK"]).is_in(danish)
    assert not ContactDetails(["DK"]).is_in(indian)
    assert ContactDetails(["IN"]).is_in(indian)


def test_bare_digits_are_an_orders_number_unless_something_says_that_they_reach_somebody() -> None:
    contacts, orders = ContactDetails(["US", "DE"]), random.Random(7)  # noqa: S311
    bare = {str(orders.randrange(10 ** (n - 1), 10**n)) for n in range(6, 11) for _ in range(200)}
    bare |= {str(orders.randrange(1, 10**7)).zfill(n) for n in (9, 10, 12) for _ in range(200)}
    assert [text for text in bare if contacts.is_in(text)] == []
    assert contacts.texts_with(pl.Series(list(bare))).is_empty()
    for text in ("2025550147 (cell)", "cell 2025550147", "01712345678", "00491712345678", "491712345678"):
        assert contacts.is_in(text), text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("tel \uff10\uff11\uff17\uff11\u200b2345678!", "tel (contact)!"),
        ("\u00bd ann\uff20example.org, \u00bd", "\u00bd (contact), \u00bd"),
        (
            "a\u0301 0171\u00ad\u2212\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u200b b\u0301",
            "a\u0301 (contact) b\u0301",
        ),
    ],
)
def test_what_was_written_is_replaced_however_it_is_written(text: str, masked: str) -> None:
    assert ContactDetails().masked(text) == masked


def test_where_contact_details_stand_is_said_and_no_stretch_overlaps_another() -> None:
    text = "tel 0170 1234567 or ada@example.org, order 10023456"
    spans = ContactDetails().spans_in(text)
    assert [text[begin:end] for begin, end in spans] == ["0170 1234567", "ada@example.org"]


@pytest.mark.parametrize(
    "text", ["ada@example.org", "0170-1234567", "+49\u00a0171\u00a02345678", "ada@\u200bexample.org"]
)
def test_every_free_column_is_without_contact_details(text: str) -> None:
    columns = (*FREE_COLUMNS, "value", "custom_a")
    assert {"reason", "priority", "team", "channel", "step", "workflow", "version"} == set(FREE_COLUMNS)
    events = pl.DataFrame({"kind": ["answered"], **{name: [text] for name in columns}})
    once = pseudonymised(events, PSEUDONYMS, TextRules())
    row = once.row(0, named=True)
    assert {row[name] for name in columns} == {PSEUDONYMS.of(text, "text")}
    assert pseudonymised(once, PSEUDONYMS, TextRules()).equals(once)
    untouched = pseudonymised(events, PSEUDONYMS, TextRules(keep_free_text=True))
    assert {name_of(untouched[name].item()) for name in columns} == {name_of(text)}


def test_the_ticket_that_one_is_merged_into_is_an_id_and_no_telephone_number() -> None:
    events = pl.DataFrame({"kind": ["merged", "answered"], "value": ["0170-1234567"] * 2})
    merged, answered = pseudonymised(events, PSEUDONYMS, TextRules())["value"]
    assert merged == "0170-1234567"
    assert answered.startswith("t-")


def test_names_of_definitions_and_mappings_are_never_altered(desk: Desk) -> None:
    step = {"id": CALL, "title": CALL, "type": "question", "next": []}
    definition = {"workflow": "w", "version": "1", "title": "W", "steps": [step]}
    desk.define(desk.file(json.dumps([definition]), "workflows.json"))
    mapping = Mapping.model_validate({"values": {"team": {"eve": "Eve 0800 222 333"}}})
    header = "occurred_at,ticket_id,kind,run_id,workflow,version,step,team"
    rows = [f"2026-03-02T09:0{n}Z,t1,entered,r1,w,1,{step},eve" for n, step in enumerate([CALL, f"{CALL}9"])]
    desk.load(desk.file("\n".join([header, *rows])), mapping)
    events = desk.events().sort("occurred_at")
    assert events["step"].to_list()[0] == CALL
    assert events["step"].to_list()[1].startswith("t-")
    assert set(events["team"]) == {"Eve 0800 222 333"}


def test_a_longer_export_brings_what_is_new_alone_whatever_the_rules_of_texts_were(desk: Desk) -> None:
    header = "occurred_at,ticket_id,kind,run_id,workflow,version,step"
    rows = [
        f"2026-03-02T09:0{n}Z,t1,entered,r1,w,1,{step}" for n, step in enumerate([CALL, "a", "b", "c", "d"])
    ]
    changed: list[dict[str, Any]] = [
        {},
        {"names": {CALL}},
        {"regions": ()},
        {"keep_free_text": True},
        {},
    ]
    for n, rules in enumerate(changed):
        file = desk.file("\n".join([header, *rows[: n + 1]]))
        report = load([file], desk.connection, desk.archive, now=LOADED_AT, **rules).files[0]
        assert (report.loaded, report.duplicates) == (1, n), rules
    assert desk.events().height == len(rows)


@pytest.mark.parametrize(
    "text", ["x", "1", "aa12", "order 1", "(1 ", "x at y ", "x_at_", "x.dot ", "\u0661\u200b", "1-", "@a."]
)
def test_a_long_text_takes_no_longer_than_it_is_long(text: str) -> None:
    begin = time.process_time()
    ContactDetails().is_in(text * 1000 + "!")
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("unit", ["x", "aB3/+", "at", "\uff11"])
def test_a_token_of_100_kilobytes_is_no_work_wherever_texts_are_looked_at(unit: str) -> None:
    token, contacts = unit * (100_000 // len(unit)), ContactDetails()
    scans: dict[str, Callable[[str], object]] = {
        "is_in": contacts.is_in,
        "masked": contacts.masked,
        "a file's name": lambda text: name_to_keep(f"{text}.csv", contacts),
        "an e-mail address": lambda text: contacts.masked(f"{text}@example.org"),
        "a column of names": lambda text: contacts.texts_with(pl.Series([f"{text} 12 34 56"])),
        "a column of values": lambda text: without_prose(pl.Series([text]), PSEUDONYMS, TextRules()),
    }
    for name, scan in scans.items():
        begin = time.process_time()
        scan(token)
        assert time.process_time() - begin < 1, name


def test_a_text_longer_than_any_name_counts_as_soon_as_it_may_have_contact_details() -> None:
    texts = pl.Series(["a b " * 100, "a b " * 100 + "12 34 56", "12 34 56"])
    assert ContactDetails().texts_with(texts).to_list() == [texts[1]]


def test_in_a_long_text_contact_details_are_found_wherever_they_stand() -> None:
    for before in range(0, 900, 37):
        text = "on " * before + "call ada@example.org now" + " on" * 300
        begin, end = ContactDetails().spans_in(text)[0]
        assert text[begin:end] == "ada@example.org"
