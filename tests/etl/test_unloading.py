"""After a load is taken out, the warehouse is what the other files alone give, in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from etl.mapping.mapping import Mapping
from etl.privacy.erasure import forget_customer
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.load import unload
from etl.store.warehouse import open_writer
from tests.etl.desk import LOADED_AT, Desk
from tests.lengths import examples

HEADER = "ticket,kind,at,again,reason,customer,seq,changed\n"
COLUMNS = {
    "ticket_id": "ticket",
    "occurred_at": "at",
    "reason": "reason",
    "customer_id": "customer",
    "seq": "seq",
    "recorded_at": "changed",
}
PLAIN = Mapping.model_validate({"columns": COLUMNS | {"kind": "kind"}, "time": {"zone": "UTC"}})
RENAMED = PLAIN.model_copy(update={"values": {"reason": {"billing": "delivery"}}})
WIDE = Mapping.model_validate(
    {
        "columns": COLUMNS,
        "time": {"zone": "UTC"},
        "event": [
            {"kind": "opened", "columns": {"ticket_id": "ticket", "occurred_at": "at", "reason": "reason"}},
            {"kind": "solved", "columns": {"ticket_id": "ticket", "occurred_at": "again"}},
        ],
    }
)
MAPPINGS = (PLAIN, RENAMED, WIDE)
COUNTS = ("read", "loaded", "duplicates", "rejected", "skipped", "events", "conflicts", "repeated")


@dataclass(frozen=True)
class Load:
    """One load of a history: which file of it, and by which mapping."""

    file: str
    mapping: Mapping


def content(desk: Desk) -> dict[str, pl.DataFrame]:
    frames = {name: desk.table(name).drop("load_id") for name in ("events", "conflicts", "rejected")}
    return {name: frame.sort(frame.columns) for name, frame in frames.items()}


def counts(desk: Desk) -> list[tuple[object, ...]]:
    return desk.table("loads").sort("place").select(COUNTS).rows()


def load_all(desk: Desk, loads: Iterable[Load]) -> None:
    for each in loads:
        assert desk.load(desk.file(each.file), each.mapping).error is None


def load_alone(
    folder: Path, key: Path, loads: Iterable[Load]
) -> tuple[dict[str, pl.DataFrame], list[object]]:
    """What a new warehouse with the same key holds after these loads."""
    folder.mkdir()
    with open_writer(folder / "warehouse") as connection:
        desk = Desk(folder, connection, Archive(folder / "warehouse" / "archive", key))
        load_all(desk, loads)
        return content(desk), list(counts(desk))


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert frame.equals(other[name]), f"{name}\n{frame}\n{other[name]}"


lines = st.builds(
    ",".join,
    st.tuples(
        st.sampled_from(["t1", "t2", "t3"]),
        st.sampled_from(["opened", "solved", "opend"]),
        st.sampled_from(["2026-03-02 09:00", "2026-03-02 10:00"]),
        st.sampled_from(["2026-03-02 09:00", "2026-03-02 11:00"]),
        st.sampled_from(["billing", "delivery"]),
        st.sampled_from(["ada", "ben"]),
        st.sampled_from(["", "", "1"]),
        st.sampled_from(["", "", "2026-03-03 09:00", "2026-03-04 09:00"]),
    ),
)
files = st.lists(lines, min_size=1, max_size=5).map(lambda rows: HEADER + "\n".join(rows) + "\n")


@st.composite
def histories(draw: st.DrawFn) -> list[Load]:
    """Up to four loads of up to three files, some of them again by another mapping."""
    contents = draw(st.lists(files, min_size=1, max_size=3, unique=True))
    contents.append(contents[0] + "".join(content.removeprefix(HEADER) for content in contents[1:]))
    loads = st.builds(Load, st.sampled_from(contents), st.sampled_from(MAPPINGS))
    return draw(st.lists(loads, min_size=2, max_size=4))


@examples(2, long=150)
@given(histories(), st.data())
def test_what_is_left_after_a_load_is_taken_out_is_what_the_other_files_give(
    history: list[Load], data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        folder, key = Path(name), Path(name) / "key"
        with open_writer(folder / "warehouse") as connection:
            desk = Desk(folder, connection, Archive(folder / "warehouse" / "archive", key))
            load_all(desk, history)
            standing = desk.archive.loads()
            gone = data.draw(st.sampled_from([record.load_id for record in standing]))
            unload(gone, connection, desk.archive)
            left = sorted((r for r in standing if r.load_id != gone), key=lambda r: r.place or r.load_id)
            alone = [history[record.load_id - 1] for record in left]
            expected, numbers = load_alone(folder / "alone", key, alone)
            assert_same(content(desk), expected)
            assert counts(desk) == numbers
            assert all(sum(row[1:5]) == row[0] for row in counts(desk))
            with open_writer(folder / "anew") as other:
                anew = Desk(folder, other, desk.archive)
                catch_up(other, desk.archive)
                assert_same(content(anew), expected)
                assert counts(anew) == counts(desk)


def as_of_ada(*tickets: str) -> str:
    return HEADER + "".join(f"{name},opened,2026-03-02 09:00,,,ada,,\n" for name in tickets)


def test_who_is_forgotten_does_not_come_back_when_a_load_goes(desk: Desk) -> None:
    desk.load(desk.file(as_of_ada("t1", "t2")), PLAIN)
    desk.load(desk.file(as_of_ada("t2", "t3", "t1")), PLAIN)
    home = desk.archive.staging().parents[1]
    forget_customer("ada", home, desk.archive, now=LOADED_AT)
    with open_writer(desk.folder / "anew") as connection:
        catch_up(connection, desk.archive)
        anew = Desk(desk.folder, connection, desk.archive)
        assert anew.events().is_empty()
        unload(1, connection, desk.archive)
        assert anew.events().is_empty()
    assert [record.segments for record in desk.archive.loads()] == [[]]


def test_loads_count_no_row_of_who_was_forgotten(desk: Desk) -> None:
    first = as_of_ada("t1", "t2") + "t3,opened,2026-03-02 09:00,,,ben,,\nt4,opend,2026-03-02 09:00,,,ada,,\n"
    desk.load(desk.file(first), PLAIN)
    desk.load(desk.file(as_of_ada("t2", "t5") + "t3,opened,2026-03-02 09:00,,,ben,,\n"), PLAIN)
    gone = desk.load(desk.file(as_of_ada("t1", "t6")), PLAIN)
    assert gone.loaded == 1
    unload(1, desk.connection, desk.archive)
    assert [row[1] for row in counts(desk)] == [3, 2]
    forget_customer("ada", desk.archive.staging().parents[1], desk.archive, now=LOADED_AT)
    with open_writer(desk.folder / "anew") as connection:
        catch_up(connection, desk.archive)
        anew = Desk(desk.folder, connection, desk.archive)
        assert [row[:4] for row in counts(anew)] == [(1, 1, 0, 0), (0, 0, 0, 0)]
        assert anew.table("loads").sort("place")["events"].to_list() == [1, 0]


def test_loads_count_no_repeat_of_who_was_forgotten(desk: Desk) -> None:
    first = as_of_ada("t1", "t2") + "t3,opened,2026-03-02 09:00,,,ben,,\nt4,opend,2026-03-02 09:00,,,ada,,\n"
    desk.load(desk.file(first), PLAIN)
    desk.load(desk.file(as_of_ada("t2", "t5") + "t3,opened,2026-03-02 09:00,,,ben,,\n"), PLAIN)
    forget_customer("ada", desk.archive.staging().parents[1], desk.archive, now=LOADED_AT)
    with open_writer(desk.folder / "anew") as connection:
        catch_up(connection, desk.archive)
        anew = Desk(desk.folder, connection, desk.archive)
        assert [row[:6] for row in counts(anew)] == [(1, 1, 0, 0, 0, 1), (1, 0, 1, 0, 0, 0)]


def test_a_repeated_row_takes_next_to_no_room(desk: Desk) -> None:
    text = as_of_ada(*(f"t{n}" for n in range(2000)))
    folder = desk.archive.staging().parent
    desk.load(desk.file(text), PLAIN)
    (first,) = (folder / "segments").iterdir()
    desk.load(desk.file(text + "t-new,opened,2026-03-02 09:00,,,ada,,\n"), PLAIN)
    (notes,) = (folder / "repeats").iterdir()
    assert notes.stat().st_size < first.stat().st_size / 10


def test_a_replaced_load_keeps_its_place_before_what_later_loads_only_repeat(desk: Desk) -> None:
    old, new = (as_of_ada("t1").replace(",,,ada", f",,{reason},ada") for reason in ("billing", "delivery"))
    path = desk.file(old)
    desk.load(path, PLAIN.model_copy(update={"null": ["x"]}))
    desk.load(desk.file(new), PLAIN)
    desk.load(desk.file(old + "t2,opened,2026-03-02 09:00,,billing,ada,,\n"), PLAIN)
    desk.load(path, PLAIN)
    assert desk.events()["reason"].to_list() == ["delivery", "billing"]
