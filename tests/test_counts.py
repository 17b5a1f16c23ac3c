"""Read = loaded + duplicates + rejected + skipped: in report, JSON, list of loads, health and page."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.data_health.tables import load_table
from etl.health.run_checks import findings, run_checks
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.query.load_history import loads
from metrics.refresh.facts import refresh
from tests.etl.desk import LOADED_AT
from tests.extremes import run
from tests.lengths import examples

COUNTS = ("loaded", "duplicates", "rejected", "skipped")
HEADER = "ticket_id,occurred_at,step_name,note\n"
MAPPING = {
    "activity": "step_name",
    "activities": {"Open": ["opened"], "Close": ["solved", "closed"], "Note": []},
    "event": [{"kind": "held", "when": {"note": ["hold"]}}],
}
TOML = """
activity = "step_name"
[activities]
"Open" = ["opened"]
"Note" = []
"""
WITHOUT_NOTES = MAPPING | {"event": [], "activities": {"Open": ["opened"], "*": ["solved"]}}

lines = st.builds(
    ",".join,
    st.tuples(
        st.sampled_from(["t1", "t2", ""]),
        st.sampled_from(["2026-03-02T09:00Z", "2026-03-03T09:00Z", "soon", "9999-12-31T00:00Z"]),
        st.sampled_from(["Open", "Close", "Note", "Other", ""]),
        st.sampled_from(["", "hold"]),
    ),
)
contents = st.lists(lines, max_size=6).map(lambda rows: HEADER + "".join(f"{row}\n" for row in rows))
mappings = st.sampled_from([MAPPING, WITHOUT_NOTES]).map(Mapping.model_validate)


@examples(3, long=80)
@given(st.lists(st.tuples(contents, mappings), min_size=1, max_size=4))
def test_every_row_that_is_read_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, Mapping]]
) -> None:
    folder = tmp_path_factory.mktemp("counts")
    with open_writer(folder / "warehouse") as connection:
        archive = Archive(folder / "warehouse" / "archive")
        for number, (content, mapping) in enumerate(history):
            file = folder / f"{number}.csv"
            file.write_text(content)
            report = load([file], connection, archive, now=LOADED_AT, mapping=mapping)
            assert report.read == sum(getattr(report, name) for name in COUNTS)
            (part,) = json.loads(report.model_dump_json())["files"]
            if part.get("error"):  # most of its rows lie in the future
                assert part["read"] == 0
                continue
            assert part["read"] == content.count("\n") - 1 == sum(part[name] for name in COUNTS)
            assert part["rejected"] == sum(part["reasons"].values())
        refresh(connection)
        run_checks(connection)
        ledger = loads(connection)
        for row in ledger.iter_rows(named=True):
            assert row["read"] == sum(row[name] for name in COUNTS)
        page = load_table(ledger, time_zone="UTC").frame
        assert page.select(pl.sum_horizontal(COUNTS)).to_series().to_list() == ledger["read"].to_list()
        rejected = sum(row["rejected"] for row in ledger.iter_rows(named=True))
        bad = [each.message.values for each in findings(connection) if each.check == "rejected_rows"]
        assert any("rejected" in values for values in bad) == bool(rejected)


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["t1,soon,Open,"], 1),
        (["t1,soon,Open,", "t2,,Open,"], 1),
        ([""], 1),
        (["t1,soon,Open,", "t1,2026-03-02T09:00Z,Open,"], 0),
        (["t1,2026-03-02T09:00Z,Note,"], 0),
        (["t0,2026-03-02T09:00Z,Open,"], 0),
    ],
)
def test_a_command_by_which_nothing_was_loaded_there_already_or_skipped_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: list[str], code: int
) -> None:
    (tmp_path / "m.toml").write_text(TOML)
    (tmp_path / "before.csv").write_text(f"{HEADER}t0,2026-03-02T09:00Z,Open,\n")
    common = ("--mapping", str(tmp_path / "m.toml"), "--warehouse", str(tmp_path / "warehouse"))
    assert run("load", str(tmp_path / "before.csv"), *common) == 0
    paths = []
    for number, rows in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"{HEADER}{rows}\n")
        paths.append(str(path))
    capsys.readouterr()
    assert run("load", *paths, *common, "--json") == code
    report = json.loads(capsys.readouterr().out)
    assert report["read"] == sum(report[name] for name in COUNTS)
    assert bool(report["loaded"] + report["duplicates"] + report["skipped"]) == (code == 0)
