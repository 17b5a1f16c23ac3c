"""The flow of public logs: what others counted in them, and a second count straight from the files."""

import gzip
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest

from etl.mapping.mapping_file import read_mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.process.flow import Runs, edges, steps, variants
from metrics.refresh.facts import refresh

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")
WHOLE = Runs(starts=("Assign seriousness", "Insert ticket"), ends=("Closed",))
NAMES = {"receipt": "xes/receipt.xes.gz", "running": "xes/running-example.xes"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    opened: dict[str, duckdb.DuckDBPyConnection] = {}

    def log(name: str) -> duckdb.DuckDBPyConnection:
        if name not in opened:
            folder = tmp_path_factory.mktemp(name)
            with open_writer(folder) as connection:
                mapping = read_mapping(ROOT / "data" / "mappings" / "xes.toml")
                load(
                    [LOGS / NAMES[name]],
                    connection,
                    Archive(folder / "archive"),
                    now=datetime.now(UTC),
                    mapping=mapping,
                )
                refresh(connection)
            opened[name] = duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)
            opened[name].execute("SET TimeZone = 'UTC'")
        return opened[name]

    yield log
    for connection in opened.values():
        connection.close()


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory):
    """The log with its rows numbered: 127 are copies of another, else one event with it."""
    folder = tmp_path_factory.mktemp("helpdesk")
    numbered = folder / "helpdesk.csv"
    pl.read_csv(LOGS / "helpdesk" / "helpdesk.csv", infer_schema=False).with_row_index("row").write_csv(
        numbered
    )
    mapping = read_mapping(ROOT / "data" / "mappings" / "helpdesk.toml")
    mapping = mapping.model_copy(
        update={"identity": mapping.identity.model_copy(update={"columns": ["row"]})}
    )
    with open_writer(folder / "warehouse") as connection:
        archive = Archive(folder / "archive")
        load([numbered], connection, archive, now=datetime.now(UTC), mapping=mapping)
        refresh(connection)
        yield connection


def between(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("step").is_not_null() & pl.col("next_step").is_not_null())


def test_the_helpdesk_has_the_published_variants_edges_and_self_loops(helpdesk):
    ways = variants(helpdesk, runs=WHOLE)
    assert (ways["runs"].sum(), ways.height) == (4_479, 193)
    graph = between(edges(helpdesk, runs=WHOLE))
    assert graph.height == 52
    loops = dict(graph.filter(pl.col("step") == pl.col("next_step")).select("step", "moves").iter_rows())
    published = {
        "Assign seriousness": 438,
        "Resolve ticket": 246,
        "Wait": 101,
        "Take in charge ticket": 96,
        "Closed": 14,
    }
    assert {step: loops[step] for step in published} == published
    self_loops = dict(steps(helpdesk, runs=WHOLE).select("step", "self_loops").iter_rows())
    assert {step: count for step, count in self_loops.items() if count} == loops
    assert variants(helpdesk).select("runs").sum().item() == 4_580
    assert variants(helpdesk).height == 226


def counted(file: Path) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, ...]]]:
    """Directly-follows pairs and variants of an XES file, read line by line with nothing of ours."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    pairs: Counter[tuple[str, str]] = Counter()
    ways: Counter[tuple[str, ...]] = Counter()
    for trace in ElementTree.fromstring(text):  # noqa: S314 - a file of our own choosing
        if not trace.tag.endswith("trace"):
            continue
        names = tuple(
            part.get("value", "")
            for event in trace
            if event.tag.endswith("event")
            for part in event
            if part.get("key") == "concept:name"
        )
        pairs.update(pairwise(names))
        ways[names] += 1
    return pairs, ways


@pytest.mark.sweep(2)
@pytest.mark.parametrize(("name", "cases", "events"), [("running", 6, 42), ("receipt", 1_434, 8_577)])
def test_a_log_gives_the_pairs_and_variants_that_its_file_holds(logs, name, cases, events):
    connection = logs(name)
    pairs, ways = counted(LOGS / NAMES[name])
    found = variants(connection)
    assert (found["runs"].sum(), steps(connection)["visits"].sum()) == (cases, events)
    assert {tuple(path): runs for path, runs in found.select("path", "runs").iter_rows()} == ways
    graph = between(edges(connection)).select("step", "next_step", "moves")
    assert {(step, to): moves for step, to, moves in graph.iter_rows()} == pairs
