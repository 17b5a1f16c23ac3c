"""Who is erased is named in nobody else's ticket either."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from etl.privacy.key_file import key_path
from etl.privacy.pseudonyms import Pseudonyms
from etl.store.archive import Archive, LoadRecord
from etl.store.attributes import attributes_of
from etl.store.erased_list import (
    FOR_GOOD,
    ErasedIds,
    add_erased,
    entries_for,
    read_erased,
    write_erased,
)
from etl.store.mentions import NAMES, PlainIds, hide_mentions, texts_with_mentions, words_of
from tests.attacks.byte_search import files_with_any
from tests.attacks.desk import ADA, content, desk, is_same, run
from tests.warehouses import Templates

HEADER = "event_id,occurred_at,ticket_id,kind,value,custom_from,custom_plan,run_id,workflow,version,step\n"
RUN = "r-of-carl,refund,1,verify"
OF_OTHERS = f"""{HEADER}m1,2026-03-02T09:20Z,carl-1,searched, {ADA.upper()},,,{RUN}
m2,2026-03-02T09:21Z,carl-1,searched,"open ({ADA}), twice",Ada-Ticket-1,"Gold ""é"" \\ 1",{RUN}
m3,2026-03-02T09:22Z,carl-1,answered,customer-ada-47110,{ADA}x,gold,{RUN}
,2026-03-02T09:23Z,carl-1,searched,of {ADA},,gold,{RUN}
m5,2026-03-02T09:24Z,ada-ticket-1,searched,{ADA},,,of-ada,refund,1,verify
"""
WORDS = (ADA + '"', ADA + " ", ADA + ")", ADA.upper(), 'Ada-Ticket-1"', f"of {ADA}")


@pytest.fixture
def warehouse(templates: Templates, tmp_path: Path) -> Path:
    folder = desk(templates, tmp_path)
    load(folder)
    return folder


def load(warehouse: Path, *options: str) -> LoadRecord:
    file = warehouse.parent / "others.csv"
    file.write_text(OF_OTHERS)
    assert run("load", file, *options, warehouse=warehouse) == 0
    file.unlink()
    archive = Archive(warehouse / "archive")
    record = archive.record(max(archive.load_ids()))
    assert isinstance(record, LoadRecord)
    return record


def carl(warehouse: Path) -> dict[str, tuple[str | None, str | None]]:
    rows = content(warehouse)["events"].filter(pl.col("ticket_id") == "carl-1")
    return {str(row[0]): row[1:] for row in rows.select("event_id", "value", "custom").iter_rows()}


def test_mentions_become_pseudonyms_of_the_same_events(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = carl(warehouse)
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0
    assert "4 cells of other tickets" in capsys.readouterr().out
    assert files_with_any(WORDS, warehouse, key_path(warehouse)) == []
    after = carl(warehouse)
    assert after.keys() == before.keys()
    assert after["m3"] == before["m3"]  # that of another customer, and a longer word
    assert json.loads(str(after["m2"][1])) == {"custom_from": "a pseudonym", "custom_plan": 'Gold "é" \\ 1'}
    assert {value for value, _ in after.values()} == {"a pseudonym", "customer-ada-47110"}
    served = content(warehouse)
    for options in ((), ("--allow-erased",)):
        record = load(warehouse, *options)
        assert (record.loaded, record.duplicates, record.conflicts) == (bool(options), 4, 0)
        assert carl(warehouse) == after
    assert load(warehouse).erased == 1
    assert run("rebuild", warehouse=warehouse) == 0
    assert carl(warehouse) == after
    assert not is_same(served, content(warehouse))  # it has Ada's own row again


def test_an_id_that_is_only_mentioned_is_exported_and_goes(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = desk(templates, tmp_path)
    (tmp_path / "others.csv").write_text(
        f"{HEADER}m1,2026-03-02T09:20Z,carl-1,searched,Dora-4712,12,dora-4712,{RUN}\n"
    )
    assert run("load", tmp_path / "others.csv", warehouse=warehouse) == 0
    out = tmp_path / "dora"
    capsys.readouterr()
    assert run("forget", "--customer", ADA.upper(), warehouse=warehouse) == 1  # a slip: it is {ADA}
    assert f"one has it in another case: {ADA}." in " ".join(capsys.readouterr().err.split())
    assert run("export-person", "--customer", "dora-4712", "--out", out, warehouse=warehouse) == 0
    mentions = pl.read_csv(out / "mentions.csv").rows()
    assert mentions == [(4, 1, "m1", each, "dora-4712") for each in ("custom_plan", "value")]
    assert pl.read_csv(out / "pseudonyms.csv").height == 0
    assert json.loads((out / "person.json").read_text())["mentions"][0]["column"] == "custom_plan"
    assert run("forget", "--customer", "dora-4712", warehouse=warehouse) == 0
    assert "No ticket has this customer. The id was taken out of 2 places." in capsys.readouterr().out
    assert files_with_any(("dora-4712", "Dora-4712"), warehouse) == []
    assert run("forget", "--customer", "12", warehouse=warehouse) == 1  # too short to be looked for


def test_shifted_cells_name_nobody_in_columns_for_names(warehouse: Path) -> None:
    columns = ("event_id", "occurred_at", "ticket_id", "kind", *NAMES)
    cells = {"team": ADA, "channel": "ada-ticket-1", "reason": f"of {ADA}", "step": ADA, "workflow": "refund"}
    cells |= {"version": "1", "run_id": ADA, "occurred_at": "2026-03-02T09:30Z", "ticket_id": "carl-2"}
    events = [{"event_id": "n1", "kind": "opened"}, {"kind": "entered"}]
    rows = [",".join((cells | each).get(name, "") for name in columns) for each in events]
    file = warehouse.parent / "shifted.csv"
    file.write_text("\n".join([",".join(columns), *rows]))
    assert run("load", file, warehouse=warehouse) == 0
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0

    def served() -> pl.DataFrame:
        return content(warehouse)["events"].filter(pl.col("ticket_id") == "carl-2").sort("event_id")

    after = served()
    for name in ("team", "step", "channel", "run_id"):
        assert set(after[name]) == {"a pseudonym"}
    assert set(after["reason"]) == {f"of {ADA}"}  # a name of the desk that has it in it
    assert run("load", file, warehouse=warehouse) == 0
    assert served().equals(after)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("word", ["refund", "Billing", "nobody-has-it"])
def test_a_word_that_is_nobodys_id_takes_nothing_from_others(
    warehouse: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    file = warehouse.parent / "names.csv"
    header = HEADER.replace("custom_from", "team")
    file.write_text(f"{header}m7,2026-03-02T09:40Z,carl-3,searched,{word},Billing,gold,{RUN}\n")
    assert run("load", file, warehouse=warehouse) == 0
    before = content(warehouse)
    capsys.readouterr()
    assert run("forget", "--customer", word, warehouse=warehouse) == 1
    assert "Nothing is kept" in capsys.readouterr().err
    assert is_same(before, content(warehouse))
    assert not list((warehouse / "receipts").glob("*"))


def test_names_that_a_definition_states_are_nobodys() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    step = "check-10023"
    events = pl.DataFrame({"kind": ["entered", "went_back"], "step": [step, step], "value": [None, step]})
    ids = PlainIds(frozenset({step}))
    assert hide_mentions(events, ids, None, pseudonyms, frozenset({step})).equals(events)
    hidden = hide_mentions(events, ids, None, pseudonyms, frozenset())
    assert step not in hidden["step"]
    assert hidden["step"][1] == hidden["value"][1]


def test_the_ticket_of_another_that_is_numbered_like_a_customer_keeps_what_was_merged_into_it(
    warehouse: Path,
) -> None:
    file = warehouse.parent / "merged.csv"
    file.write_text(
        "occurred_at,ticket_id,kind,customer_id,value\n"
        "2026-03-06T08:00Z,30003,opened,10123,\n"
        "2026-03-06T09:00Z,10123,opened,carl,\n"
        "2026-03-06T09:00Z,20002,opened,carl,\n"
        "2026-03-06T10:00Z,20002,merged,,10123\n"
    )
    for _ in range(2):
        assert run("load", file, warehouse=warehouse) == 0
        merged = content(warehouse)["events"].filter(kind="merged", ticket_id="20002")
        assert merged["value"].to_list() == ["10123"]
        run("forget", "--customer", "10123", warehouse=warehouse)


def test_words_of_a_cell_are_those_that_could_be_an_id() -> None:
    assert {"John Doe", "C-1002", "shop:C-1002", "1002"} <= words_of("John Doe, (shop:C-1002). ref=1002.0|12")
    assert "12" not in words_of("12")


def test_a_bare_id_is_a_mention_in_rows_of_its_source_and_a_full_one_in_all(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    add_erased(tmp_path, entries_for(pseudonyms, {"shop:C-1002": FOR_GOOD}, {"T-77": FOR_GOOD}))
    erased = ErasedIds(tmp_path, pseudonyms)
    texts = pl.Series(["c-1002", "of SHOP:C-1002", "T-77", "shop:T-77", "C-10021"])
    earlier = read_erased(tmp_path)  # a list of an earlier version knows ids as they are written alone
    assert earlier
    write_erased(tmp_path, earlier.model_copy(update={"mentions": {}}))
    of_earlier = ErasedIds(tmp_path, pseudonyms)
    assert of_earlier.mentioned(["C-1002", "c-1002", "T-77"], "shop") == {"C-1002"}
    plain = PlainIds(frozenset({"shop:C-1002", "T-77"}))
    for ids in (erased, plain):
        found = {source: set(texts_with_mentions(texts, ids, source)) for source in (None, "shop", "desk")}
        assert found == {
            None: {"of SHOP:C-1002", "T-77", "shop:T-77"},
            "shop": {"c-1002", "of SHOP:C-1002"},
            "desk": {"of SHOP:C-1002"},
        }
    straße = PlainIds(frozenset({"Straße"}))
    assert straße.possible(pl.Series(["in STRASSE 7", "Strand"])).to_list() == ["in STRASSE 7"]


def test_attributes_are_written_the_same_again() -> None:
    members = pl.DataFrame({"custom_a": ['"é"\\/\n\t\x01'], "custom_b": [None], "custom_c": ["ä"]})
    written = attributes_of(members.cast(pl.String))
    assert attributes_of(pl.DataFrame([json.loads(written[0])])).to_list() == written.to_list()
