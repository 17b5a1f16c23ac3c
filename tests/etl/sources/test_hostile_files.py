"""Files made to harm are refused, or carried as data, within two seconds and 320 MiB."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.feather import write_feather

from etl.contract.names import name_of
from tests.etl.desk import Desk
from tests.etl.sources.measuring import measured_load
from tests.etl.sources.writing import (
    THREE,
    as_arrow,
    as_csv,
    as_xlsx,
    ods,
    ods_row,
    ods_text,
    text_cell,
    xes,
    xlsx,
    zipped,
    zstd,
)

MOST_SECONDS = 2.0
MOST_MEBIBYTES = 320  # it takes 283 to 305 where nothing is wrong

MANY = 2**28
HEADER = "event_id,occurred_at,ticket_id,kind"
ROW = "e1,2026-03-02T09:00:00Z,t1,opened"


def zeros_gz(size: int = MANY) -> bytes:
    return gzip.compress(b"0\n" * (size // 2), 6)


def with_lying_size() -> bytes:
    """A .zip whose list says that its file of 256 MiB has ten bytes."""
    content = bytearray(zipped({"a.csv": b"0" * MANY}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    content[22:26] = (10).to_bytes(4, "little")
    return bytes(content)


def many_members(number: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for i in range(number):
            archive.writestr(f"{i}.csv", "")
    return content.getvalue()


def repeated_trace() -> bytes:
    text = "x" * 2**20
    return xes(f'<trace><string key="a" value="{text}"/>{"<event/>" * 200_000}</trace>')


def parquet(columns: dict[str, pa.Array]) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def feather(table: pa.Table) -> bytes:
    content = io.BytesIO()
    write_feather(table, content, compression="zstd")
    return content.getvalue()


def far_cell() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xlsx({"S": f'<row r="1">{text_cell("a")}</row>{far}'})


def shared_bomb() -> bytes:
    cells = '<c t="s"><v>0</v></c>' * 10
    rows = "".join(f'<row r="{i}">{cells}</row>' for i in range(1, 30_000))
    return xlsx({"S": rows}, shared=f"<si><t>{'ab' * 2**18}</t></si>")


# name → content, and a part of the reason for which it is refused
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a gzip bomb of CSV": ("a.csv.gz", zeros_gz, "bytes or more, far more than"),
    "a gzip bomb of XES": (
        "a.xes.gz",
        lambda: gzip.compress(xes("<a></a>" * 2**23)),
        "bytes or more, far more than",
    ),
    "a gzip bomb of Parquet": ("a.parquet.gz", zeros_gz, "bytes or more, far more than"),
    "a gzip bomb within a gzip": (
        "a.csv.gz",
        lambda: gzip.compress(zeros_gz()),
        "is packed, which its name does not say",
    ),
    "a zst bomb": ("a.csv.zst", lambda: zstd(b"0\n" * (MANY // 2)), "bytes or more, far more than"),
    "a zip bomb": ("a.zip", lambda: zipped({"a.csv": b"0" * MANY}), "unfolds to"),
    "a zip bomb that lies about its size": ("a.zip", with_lying_size, "not a whole .zip"),
    "a zip of a zip": ("a.zip", lambda: zipped({"b.zip": zipped({"a.csv": b"a"})}), "another .zip"),
    "a zip of many files": ("a.zip", lambda: many_members(2_000), "at most 1,000"),
    "a zip of very many files": ("a.zip", lambda: many_members(40_000), "bytes of contents"),
    "a name that leads out": ("a.zip", lambda: zipped({"../../a.csv": as_csv()}), "leads out"),
    "a name that leads to the root": ("a.zip", lambda: zipped({"/etc/a.csv": as_csv()}), "leads out"),
    "a name that leads out on Windows": ("a.zip", lambda: zipped({"..\\a.csv": as_csv()}), "leads out"),
    "a file without a name": ("a.zip", lambda: zipped({"": as_csv()}), "without a name"),
    "a name with a drive": ("a.zip", lambda: zipped({"c:/a.csv": as_csv()}), "leads out"),
    "a document type": (
        "a.xes",
        lambda: b'<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>',
        "document type",
    ),
    "entities within entities": (
        "a.xes",
        lambda: b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><log><trace>&b;</trace></log>',
        "document type",
    ),
    "a document type in a workbook": (
        "a.xlsx",
        lambda: xlsx({"S": ""}, more={"docProps/app.xml": "<!DOCTYPE a><a/>"}),
        "document type",
    ),
    "elements within a million elements": ("a.xes", lambda: xes("<list>" * 10**6), "within each other"),
    "brackets within a million brackets": ("a.json", lambda: b"[" * 10**6, "nested too deeply"),
    "an object of a million brackets": (
        "a.json",
        lambda: b'[{"a":' + b"[" * 10**6 + b"]" * 10**6 + b"}]",
        "nested too deeply",
    ),
    "a line of a million brackets": ("a.jsonl", lambda: b"[" * 10**6, "holds no JSON object"),
    "a million columns of CSV": (
        "a.csv",
        lambda: b"c," * 10**6,
        "1,000,001 columns",
    ),
    "very many names of JSON": (
        "a.jsonl",
        lambda: ("{" + ",".join(f'"{i}":1' for i in range(150_000)) + "}").encode(),
        "columns; at most",
    ),
    "ten thousand columns of Parquet": (
        "a.parquet",
        lambda: parquet({f"c{i}": pa.array([1], pa.int8()) for i in range(10_000)}),
        "10,000 columns",
    ),
    "a Parquet file of nothing, many times": (
        "a.parquet",
        lambda: parquet({"a": pa.nulls(5 * 10**7, pa.int8())}),
        "nearly all of them empty",
    ),
    "a name a line": (
        "a.jsonl",
        lambda: b"".join(b'{"%d":1}\n' % i for i in range(10**5)),
        "columns; at most",
    ),
    "names that hardly any line has": (
        "a.jsonl",
        lambda: ("{" + ",".join(f'"{i}":1' for i in range(4000)) + "}\n" + '{"0":1}\n' * 40_000).encode(),
        "nearly all of them empty",
    ),
    "columns that hardly any row has": (
        "a.csv",
        lambda: (",".join(f"c{i}" for i in range(4000)) + "\n" + "x\n" * 10**6).encode(),
        "nearly all of them empty",
    ),
    "blank lines": (
        "a.csv",
        lambda: f"{HEADER}\n{ROW}\n".encode() + b"\n" * 10**7,
        "nearly all of them empty",
    ),
    "a million attributes": (
        "a.xes",
        lambda: xes("<trace><event>" + "".join(f'<int key="{i}" value="1"/>' for i in range(10**6))),
        "columns; at most",
    ),
    "a very long line": ("a.csv", lambda: (HEADER + "\n").encode() + b"x" * 10**8, "line 2 has more than"),
    "a very long line of JSON": ("a.jsonl", lambda: b'{"a":"' + b"x" * 10**8, "line 1 has more than"),
    "a very long element": (
        "a.json",
        lambda: b'[{"a":"' + b"x" * 2**24 + b'"}]',
        "more than 2,097,152 bytes",
    ),
    "a very long value": ("a.xes", lambda: xes(f'<trace><string key="{"x" * 2**25}'), "a tag of more than"),
    "a trace that says much of many events": ("a.xes", repeated_trace, "repeated for each event"),
    "a cell far out": ("a.xlsx", far_cell, "more than 30,000,000 cells"),
    "a long text in every cell": ("a.xlsx", shared_bomb, "repeats long texts"),
    "a cell that repeats": (
        "a.ods",
        lambda: ods(ods_row(ods_text("x" * 1000, repeats=16_000), repeats=10**6)),
        "more than 30,000,000 cells",
    ),
    "a row that repeats": (
        "a.ods",
        lambda: ods(ods_row(ods_text("x" * 1000), repeats=10**6)),
        "repeats long",
    ),
    "a document type in a sheet": ("a.ods", lambda: ods("", before="<!DOCTYPE a>"), "document type"),
    "a locked sheet": (
        "a.ods",
        lambda: ods("", more={"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}),
        "locked by a password",
    ),
    "ten thousand columns of Arrow": (
        "a.arrow",
        lambda: as_arrow([{f"c{i}": "" for i in range(10_000)}]),
        "10,000 columns",
    ),
    "an Arrow file of nothing, many times": (
        "a.feather",
        lambda: feather(pa.table({"a": pa.nulls(5 * 10**7, pa.int8())})),
        "nearly all of them empty",
    ),
    "an Arrow bomb": (
        "a.arrow",
        lambda: feather(pa.table({"ticket_id": pa.array(["x" * 2**27] * 2)})),
        "bytes or more, far more than",
    ),
    "a workbook bomb": ("a.xlsx", lambda: xlsx({"S": " " * MANY}), "unfolds to"),
    "a locked workbook": (
        "a.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        "locked by a password",
    ),
}


@pytest.mark.sweep(12)
@pytest.mark.parametrize("what", REFUSED)
def test_a_file_made_to_harm_is_refused_in_time_and_memory(tmp_path: Path, what: str) -> None:
    name, content, reason = REFUSED[what]
    (tmp_path / name).write_bytes(content())
    taken = measured_load(tmp_path / name, tmp_path / "warehouse")
    assert reason in taken.report["error"]["text"]
    assert taken.report["read"] == 0
    assert taken.seconds < MOST_SECONDS
    assert taken.mebibytes < MOST_MEBIBYTES


CARRIED = {
    "a label of a megabyte": ("a.csv", lambda: f"{HEADER},reason\n{ROW},{'x' * 2**20}\n".encode()),
    "many rows with too many fields": (
        "a.csv",
        lambda: f"{HEADER}\n{ROW}\n{'1,2,3,4,5' + chr(10)}".encode() + b"1,2,3,4,5\n" * 50_000,
    ),
}


@pytest.mark.sweep(2)
@pytest.mark.parametrize("what", CARRIED)
def test_strange_content_is_carried_in_time_and_memory(tmp_path: Path, what: str) -> None:
    name, content = CARRIED[what]
    (tmp_path / name).write_bytes(content())
    taken = measured_load(tmp_path / name, tmp_path / "warehouse")
    assert (taken.report["error"], taken.report["loaded"]) == (None, 1)
    assert taken.seconds < MOST_SECONDS
    assert taken.mebibytes < MOST_MEBIBYTES


LABELS = [
    '"; DROP TABLE events; --',
    "'); DELETE FROM events; --",
    "![x](http://example.invalid/a.png)",
    "<script>alert(1)</script>",
    "[red]bold[/red]",
    "=1+1",
    "\u202etxt.exe",
    "a\u200bb",
    "a\x00b",
    "\x1b[2J",
    "{x} %s $1 \\n",
    "🎉" * 10,
    "x" * 10_000,
]


@pytest.mark.sweep(5)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet", "a.arrow"])
def test_evil_labels_are_data(desk: Desk, name: str) -> None:
    from tests.etl.sources.writing import KINDS

    rows = [{**THREE[0], "event_id": f"e{i}", "reason": label} for i, label in enumerate(LABELS)]
    report = desk.load(desk.file(KINDS[name.replace("a.", "events.")](rows), name))
    assert (report.loaded, report.rejected, report.error) == (len(LABELS), 0, None)
    found = dict(desk.events().select("event_id", "reason").iter_rows())
    assert [found[f"e{i}"] for i in range(len(LABELS))] == [name_of(label) for label in LABELS]


@pytest.mark.parametrize("name", ["a.xes", "a.xlsx", "a.ods"])
def test_evil_labels_are_data_where_xml_can_say_them(desk: Desk, name: str) -> None:
    from tests.etl.sources.writing import KINDS

    labels = [label for label in LABELS if not {"\x00", "\x1b"} & set(label)]
    rows = [{**THREE[0], "event_id": f"e{i}", "reason": label} for i, label in enumerate(labels)]
    assert desk.load(desk.file(KINDS[name.replace("a.", "events.")](rows), name)).loaded == len(labels)
    assert set(desk.events()["reason"]) == {name_of(label) for label in labels}


@pytest.mark.sweep(4)
@pytest.mark.parametrize("label", [label for label in LABELS if "x" * 100 not in label])
def test_evil_column_names_are_names(desk: Desk, label: str) -> None:
    rows = [{**row, label: "v"} for row in THREE]
    for name, content in {"a.csv": as_csv(rows), "a.xlsx": as_xlsx(rows)}.items():
        if name == "a.xlsx" and {"\x00", "\x1b"} & set(label):
            continue
        report = desk.load(desk.file(content, name))
        assert (report.read, report.error, report.ignored_columns) == (3, None, [label])
    assert desk.table("events").height == 3


@pytest.mark.sweep(8)
@pytest.mark.parametrize(
    "name", ["[red].csv", "a b;c.csv", "\u202ecsv.exe.csv", "'; --.csv", "a\nb.csv", "%s.csv"]
)
def test_evil_file_names_are_names(desk: Desk, name: str) -> None:
    assert desk.load(desk.file(as_csv(), name)).loaded == 3
    assert desk.table("loads")["file"].to_list() == [name]
