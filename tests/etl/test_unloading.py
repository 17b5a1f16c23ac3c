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
from etl.store.archive import Archive
from etl.store.load import catch_up, unload
from etl.store.warehouse import open_writer
from tests.etl.desk import Desk
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
    return desk.table("loads").sort("load_id").select(COUNTS).rows()


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


@examples(15)
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
            if not any(record.replaces for record in standing):
                assert counts(desk) == numbers
            assert all(sum(row[1:5]) == row[0] for row in counts(desk))
            with open_writer(folder / "anew") as other:
                anew = Desk(folder, other, desk.archive)
                catch_up(other, desk.archive)
                assert_same(content(anew), expected)
                assert counts(anew) == counts(desk)
