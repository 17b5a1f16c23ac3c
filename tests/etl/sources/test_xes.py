"""XES, sentence by sentence of IEEE 1849; and an independent reading with the standard library's tree."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.mapping.inspect import inspect
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.mapping.sections import Time
from etl.sources import read
from etl.sources.table import POSITION
from tests.etl.desk import Desk
from tests.etl.sources.writing import xes

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data" / "xes"
ANY_LOG = read_mapping(ROOT / "data" / "mappings" / "xes.toml")


def rows(desk: Desk, inside: str) -> pl.DataFrame:
    return pl.concat(read(desk.file(xes(inside), "log.xes")).batches())


def event(name: str, at: str, *more: str) -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/>'
        f'<date key="time:timestamp" value="2026-03-02T{at}:00.000+01:00"/>{"".join(more)}</event>'
    )


def moved(transition: str) -> str:
    return f'<string key="lifecycle:transition" value="{transition}"/>'


CASE = '<string key="concept:name" value="c1"/>'


def test_attributes_of_the_trace_stand_on_each_of_its_events(desk: Desk) -> None:
    inside = f'<trace>{CASE}{event("a", "09:00")}{event("b", "09:05")}<int key="size" value="3"/></trace>'
    assert rows(desk, inside).select("case:concept:name", "case:size", "concept:name").rows() == [
        ("c1", "3", "a"),
        ("c1", "3", "b"),
    ]


def test_the_columns_of_the_standard_are_there_though_the_log_does_not_say(desk: Desk) -> None:
    row = rows(desk, f"<trace>{CASE}<event/></trace>").row(0, named=True)
    assert {row[name] for name in ("concept:name", "time:timestamp", "org:resource", "org:group")} == {None}


def test_nested_attributes_are_flattened_and_repeated_ones_a_list(desk: Desk) -> None:
    nested = (
        '<string key="a" value="1"><int key="b" value="2"><int key="c" value="3"/></int></string>'
        '<list key="l"><values><string key="m" value="x"/><string key="m" value="y"/></values></list>'
    )
    row = rows(desk, f"<trace><event>{nested}</event></trace>").row(0, named=True)
    assert (row["a"], row["a.b"], row["a.b.c"], row["l.m"]) == ("1", "2", "3", '["x", "y"]')


def test_what_is_said_of_the_log_as_a_whole_is_no_event(desk: Desk) -> None:
    whole = (
        '<global scope="event"><string key="g" value="UNKNOWN"/></global><string key="creator" value="x"/>'
    )
    table = rows(desk, f"{whole}<trace>{event('a', '09:00')}</trace>")
    assert table.height == 1
    assert not {"g", "creator", "case:creator"} & set(table.columns)


def test_an_offset_is_kept_and_a_local_time_needs_a_zone(desk: Desk) -> None:
    path = desk.file(xes(f"<trace>{CASE}{event('a', '09:00')}</trace>"), "log.xes")
    assert desk.load(path, ANY_LOG).loaded == 1
    assert set(desk.events()["occurred_at"]) == {datetime(2026, 3, 2, 8, tzinfo=UTC)}
    local = desk.file(path.read_bytes().replace(b"+01:00", b"").replace(b"c1", b"c2"), "local.xes")
    assert desk.load(local, ANY_LOG).reasons == {"occurred_at_without_zone": 1}
    zoned = ANY_LOG.model_copy(update={"time": Time(zone="Europe/Berlin")})
    assert desk.load(local, zoned).loaded == 1


def test_a_namespace_and_another_encoding_change_nothing(desk: Desk) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><x:log xmlns:x="http://www.xes-standard.org/"><x:trace>'
        '<x:event><x:string key="concept:name" value="Prüfen"/></x:event></x:trace></x:log>'
    )
    table = pl.concat(read(desk.file(text.encode("latin-1"), "log.xes")).batches())
    assert table["concept:name"].to_list() == ["Prüfen"]


def test_events_without_a_trace_are_rows_too(desk: Desk) -> None:
    assert rows(desk, event("a", "09:00") + event("b", "09:01"))[POSITION].to_list() == [1, 2]


def test_a_start_enters_and_its_completion_leaves_but_a_lone_completion_enters(desk: Desk) -> None:
    inside = (
        event("a", "09:00", moved("start")),
        event("a", "09:05", moved("complete")),
        event("b", "09:06", moved("COMPLETE")),
        event("c", "09:07"),
        event("d", "09:08", moved("schedule")),
        event("e", "09:09", moved("start")),
    )
    table = rows(desk, f"<trace>{CASE}{''.join(inside)}</trace>")
    assert table[":step"].to_list() == ["entered", "left", "entered", "entered", "schedule", "entered"]
    assert table[":place"].to_list() == ["first", "between", "between", "between", "between", "last"]


def test_instances_of_an_activity_are_kept_apart(desk: Desk) -> None:
    def instance(number: int) -> str:
        return f'<string key="concept:instance" value="{number}"/>'

    inside = (
        event("a", "09:00", moved("start"), instance(1)),
        event("a", "09:01", moved("complete"), instance(2)),
        event("a", "09:02", moved("complete"), instance(1)),
    )
    assert rows(desk, f"<trace>{''.join(inside)}</trace>")[":step"].to_list() == [
        "entered",
        "entered",
        "left",
    ]


def test_the_mapping_for_any_log_enters_each_activity_once(desk: Desk) -> None:
    inside = (
        event("a", "09:00", moved("start")),
        event("a", "09:05", moved("complete")),
        event("b", "09:06", moved("complete")),
        event("b", "09:07", moved("suspend")),
        event("c", "09:08", moved("of its own")),
    )
    report = desk.load(desk.file(xes(f"<trace>{CASE}{''.join(inside)}</trace>"), "log.xes"), ANY_LOG)
    assert (report.read, report.loaded, report.reasons) == (5, 5, {})
    kinds = dict(desk.events()["kind"].value_counts().iter_rows())
    assert kinds == {
        "entered": 3,
        "answered": 1,
        "paused": 1,
        "opened": 1,
        "closed": 1,
        "run_finished": 1,
    }


def test_equal_events_of_a_trace_are_told_apart_by_how_many_came_before(desk: Desk) -> None:
    twice = event("a", "09:00") * 2
    path = desk.file(xes(f"<trace>{CASE}{twice}{event('b', '09:00')}</trace>"), "log.xes")
    assert desk.load(path, ANY_LOG).loaded == 3
    assert desk.events().filter(kind="entered")["step"].to_list() == ["a", "a", "b"]
    again = desk.load(path, ANY_LOG)
    assert (again.loaded, again.duplicates, again.conflicts) == (0, 3, 0)


def test_a_trace_that_has_grown_adds_only_what_is_new(desk: Desk) -> None:
    """The first event was the only one of its trace; that it no longer is must not make it another event."""
    before = f"<trace>{CASE}{event('a', '09:00')}"
    steps = Mapping.model_validate(ANY_LOG.model_dump() | {"event": []})
    desk.load(desk.file(xes(f"{before}</trace>"), "log.xes"), steps)
    report = desk.load(desk.file(xes(f"{before}{event('b', '09:01')}</trace>"), "log.xes"), steps)
    assert (report.loaded, report.duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<log><trace>", "line 1: not whole XML"),
        ("<xml/>", "not XES: its root is <xml>"),
        ("<log><trace><event><string value='1'/></event></trace></log>", "<string> has no key"),
        ('<?xml version="1.0" encoding="klingon"?><log/>', "klingon"),
        ("<log></log>", "has no column"),
    ],
)
def test_a_log_that_is_wrong_as_a_whole_says_where(desk: Desk, text: str, says: str) -> None:
    error = str(desk.load(desk.file(text, "log.xes")).error or "")
    assert error
    assert says in error or "encoding" in error


@pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")
@pytest.mark.parametrize("name", ["running-example.xes", "receipt.xes.gz"])
def test_a_tree_of_the_whole_file_says_the_same(name: str) -> None:
    path = LOGS / name
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    expected = []
    for trace in ElementTree.fromstring(content).iterfind("{*}trace"):  # noqa: S314 - a file of our own
        case = {f"case:{child.get('key')}": child.get("value") for child in trace if child.get("key")}
        expected += [
            case | {child.get("key"): child.get("value") for child in inner}
            for inner in trace.iterfind("{*}event")
        ]
    table = pl.concat(read(path).batches()).select(pl.exclude("^:.*$"))
    found = [{name: value for name, value in row.items() if value is not None} for row in table.to_dicts()]
    assert found == expected


def test_a_transition_of_the_logs_own_enters_its_activity(desk: Desk) -> None:
    inside = (
        f"<trace>{CASE}{event('Accepted', '09:00', moved('In Progress'))}"
        f"{event('Queued', '09:05', moved('Awaiting Assignment'))}"
        f"{event('Done', '09:10', moved('complete'))}</trace>"
    )
    assert rows(desk, inside)[":step"].to_list() == ["entered"] * 3
    path = desk.file(xes(inside), "itsm.xes")
    for mapping in (ANY_LOG, inspect(path).mapping):
        report = desk.load(path, mapping)
        assert (report.read, report.rejected) == (3, 0)


def test_the_order_of_a_trace_is_that_of_its_times(desk: Desk) -> None:
    late_first = (
        f"{event('a', '10:00', moved('complete'))}{event('b', '09:05')}{event('a', '09:00', moved('start'))}"
    )
    found = rows(desk, f"<trace>{CASE}{late_first}</trace>").select("concept:name", ":step", ":place").rows()
    assert found == [("a", "left", "last"), ("b", "entered", "between"), ("a", "entered", "first")]


def test_of_equal_times_the_order_is_that_of_the_file(desk: Desk) -> None:
    found = rows(desk, f"<trace>{CASE}{event('a', '09:00')}{event('b', '09:00')}</trace>")
    assert found[":place"].to_list() == ["first", "last"]


def test_times_without_an_offset_need_a_zone_which_a_look_proposes(desk: Desk) -> None:
    path = desk.file(xes(f"<trace>{CASE}{event('a', '09:00')}</trace>".replace("+01:00", "")), "log.xes")
    assert desk.load(path, ANY_LOG).reasons == {"occurred_at_without_zone": 1}
    found = inspect(path)
    assert (found.mapping.time.zone, found.rejected) == ("UTC", [])
    assert any("carry no offset" in str(message) for message in found.assumed)
