"""Whatever is done to a file: it loads, or it is refused in words, and every row is accounted for."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.errors import UnreadableFile
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.sources import files, read
from etl.sources.table import POSITION, FileForm
from etl.store.archive import Archive
from etl.store.warehouse import open_writer
from tests.etl.desk import Desk
from tests.etl.sources.writing import KINDS, PACKINGS, THREE, zipped
from tests.lengths import LONG, examples

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "data" / "mappings"


@cache
def whole_files() -> dict[str, bytes]:
    plain = {name: write(THREE) for name, write in KINDS.items()}
    packed = {
        name + ending: pack(content)
        for name, content in plain.items()
        for ending, pack in PACKINGS.items()
        if ending and not name.endswith(("parquet", "xlsx"))
    }
    return (
        plain
        | packed
        | {"events.zip": zipped({"a.csv": plain["events.csv"], "b.json": plain["events.json"]})}
    )


def damaged(content: bytes, how: random.Random, times: int) -> bytes:
    """Cut short, bytes changed, pieces swapped, doubled or taken out."""
    for _ in range(times):
        if not content:
            break
        at, other = sorted((how.randrange(len(content)), how.randrange(len(content))))
        match how.randrange(6):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + bytes([how.randrange(256)]) + content[at + 1 :]
            case 2:
                content = content[other:] + content[at:other] + content[:at]
            case 3:
                content = content[:at] + content[at : min(other, at + 50)] + content[at:]
            case 4:
                content = content[:at] + content[min(other, at + 50) :]
            case _:
                mark = how.choice(
                    [b'"', b"\0", b"\n", b",", b"<", b"[", b"{", b"\xff\xfe", b"&#0;", b"\\u0000"]
                )
                content = content[:at] + mark + content[at:]
    return content


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with open_writer(folder / "warehouse") as connection:
        yield Desk(folder, connection, Archive(folder / "warehouse" / "archive"))


def load_and_account(desk: Desk, path: Path, mapping: Mapping | None = None) -> None:
    for file in files([path]):
        report = desk.load(file, mapping)
        assert report.read == report.loaded + report.duplicates + report.rejected + report.skipped
        assert report.error is None or (
            report.read == 0 and str(report.error).strip().endswith((".", "?", "…"))
        )


@settings(examples(30, long=1200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(whole_files())),
    seed=st.integers(0, 2**32),
    times=st.integers(1, 5),
)
def test_a_damaged_file_loads_or_is_refused_in_words(
    shared_desk: Desk, name: str, seed: int, times: int
) -> None:
    content = damaged(whole_files()[name], random.Random(seed), times)  # noqa: S311
    load_and_account(shared_desk, shared_desk.file(content, name))


def test_a_typed_file_with_any_byte_wrong_is_read_or_refused_in_words(tmp_path: Path) -> None:
    """Among them counts below zero, over which a reader may fall and take the whole process along."""
    for name in ("events.parquet", "events.arrow", "stream.arrow", "events.feather"):
        whole, path = whole_files()[name], tmp_path / name
        for at in range(0, len(whole), 1 if LONG else 4):
            path.write_bytes(whole[:at] + (b"\x0f" if at % 8 else b"\xff") + whole[at + 1 :])
            with suppress(UnreadableFile):
                for rows in read(path, FileForm()).batches():
                    assert rows.columns[0] == POSITION


@settings(examples(20, long=600), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(KINDS)), content=st.binary(max_size=300))
def test_any_bytes_load_or_are_refused_in_words(shared_desk: Desk, name: str, content: bytes) -> None:
    load_and_account(shared_desk, shared_desk.file(content, name))


@settings(examples(20, long=600), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["events.csv", "events.jsonl", "events.json", "events.xes"]),
    text=st.text(max_size=200),
)
def test_any_text_behind_a_whole_file_loads_or_is_refused_in_words(
    shared_desk: Desk, name: str, text: str
) -> None:
    content = whole_files()[name] + text.encode("utf-8", "replace")
    load_and_account(shared_desk, shared_desk.file(content, name))


REAL = {
    "xes/running-example.xes": "xes.toml",
    "xes/receipt.xes.gz": "xes.toml",
    "xes/running_example_broken.csv": "running_example_broken.toml",
    "helpdesk/helpdesk.csv": "helpdesk.toml",
    "rabobank/incident_cases_sample4000.csv": "rabobank_cases.toml",
}
_HEAD = 40_000


@pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")
@pytest.mark.parametrize("log", REAL)
def test_a_damaged_copy_of_a_real_log_loads_or_is_refused_in_words(desk: Desk, log: str) -> None:
    """The beginning of the log, damaged in its content and, where it is packed, in its packing."""
    path = LOGS / log
    packed = path.suffix == ".gz"
    content = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes())[:_HEAD]
    how = random.Random(20261121)  # noqa: S311
    for number, _ in zip(count(), range(60 if LONG else 6), strict=False):
        copy = damaged(content, how, how.randrange(1, 20))
        if packed:
            copy = gzip.compress(copy)
            copy = damaged(copy, how, number % 2)
        load_and_account(desk, desk.file(copy, path.name), read_mapping(MAPPINGS / REAL[log]))
