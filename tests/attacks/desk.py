"""A small warehouse with two loads, a definition, notes and a rejected row, and how to run commands on it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import stepsight
from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.mapping.mapping import Mapping
from etl.privacy.key_file import key_path
from etl.store.warehouse import latest_snapshot, open_snapshot
from metrics.settings.model import Settings
from tests.warehouses import Templates

HEADER = "event_id,occurred_at,ticket_id,kind,customer_id,channel,agent_id,actor\n"
ADA, BEN = "customer-ada-4711", "customer-ben-0815"
FIRST = f"""{HEADER}e1,2026-03-02T09:00Z,ada-ticket-1,opened,{ADA},phone,,
e2,2026-03-02T09:05Z,ada-ticket-1,replied,,,eve,agent
e3,2026-03-02T09:10Z,ben-ticket-1,opened,{BEN},email,,
e4,yesterday,ada-ticket-1,solved,{ADA},,,
"""
SECOND = f"""{HEADER}e2,2026-03-02T09:05Z,ada-ticket-1,replied,,,eve,agent
e5,2026-04-20T09:00Z,ben-ticket-2,opened,{BEN},phone,,
e6,2026-04-20T09:30Z,ben-ticket-2,solved,,,,
"""
THIRD = f"""{HEADER}e7,2026-05-02T09:00Z,carl-ticket-1,opened,,phone,,
"""


def months_since_march() -> int:
    """Purged to so many months, the desk keeps what is of April and later, whenever this runs."""
    today = datetime.now(UTC)
    return (today.year - 2026) * 12 + today.month - (3 if today.day > 2 else 4)


DEFINITION = [
    {
        "workflow": "refund",
        "version": "1",
        "title": "Refund",
        "steps": [{"id": "verify", "title": "Verify", "type": "question"}],
    }
]
NOTEBOOK = {
    "views": [],
    "annotations": [{"id": "a" * 16, "day": "2026-03-02", "kind": "note", "text": f"{ADA} rang"}],
}


def run(*arguments: object, warehouse: Path) -> int:
    """`stepsight …` on a warehouse, in this process; the status that it ends with."""
    with pytest.raises(SystemExit) as end:
        stepsight.main([*map(str, arguments), "--warehouse", str(warehouse)])
    return int(end.value.code or 0)


def upload(file: str | Path, warehouse: str | Path) -> None:
    """Load a file as the page does."""
    sent = Upload(Path(file).name, Path(file).read_bytes())
    uploads.keep(sent, Mapping(), Path(warehouse), Settings(), now=datetime.now(UTC))


def files(folder: Path) -> dict[str, Path]:
    """What commands are given."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "first.csv": FIRST,
        "second.csv": SECOND,
        "third.csv": THIRD,
        "workflows.json": json.dumps(DEFINITION),
        "mapping.toml": '[constants]\npriority = "high"\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    return {name: folder / name for name in texts}


def make(warehouse: Path) -> None:
    """Load the two files and a definition, and note something."""
    paths = files(warehouse.parent / "inputs")
    assert run("load", paths["first.csv"], warehouse=warehouse) == 0
    assert run("load", paths["second.csv"], warehouse=warehouse) == 0
    assert run("workflows", "add", paths["workflows.json"], warehouse=warehouse) == 0
    (warehouse / "notebook.json").write_text(json.dumps(NOTEBOOK))


def desk(templates: Templates, folder: Path) -> Path:
    """That warehouse in a folder of its own."""
    return templates.copy(folder / "warehouse", ["attacks", FIRST, SECOND, DEFINITION, NOTEBOOK], make)


def copy(source: Path, target: Path) -> Path:
    """A warehouse with its key at another place."""
    shutil.copytree(source, target)
    shutil.copy(key_path(source), key_path(target))
    return target


TABLES = ("events", "conflicts", "rejected", "loads", "tickets", "workflow_steps")


def content(warehouse: Path) -> dict[str, pl.DataFrame]:
    """What readers are served."""
    with open_snapshot(latest_snapshot(warehouse)) as reader:
        frames = {name: pl.DataFrame(reader.table(name).to_arrow_table()) for name in TABLES}
    frames["loads"] = frames["loads"].drop("loaded_at", "path")
    # A new key makes others of them, by chance.
    masked = pl.col(pl.String).str.replace_all("[acprt]-[0-9a-f]{24}", "a pseudonym")
    return {name: frame.with_columns(masked).sort(frame.columns) for name, frame in frames.items()}


def is_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    return all(one[name].equals(other[name]) for name in TABLES)


def event_ids(warehouse: Path) -> list[str]:
    """The events that readers are served."""
    return content(warehouse)["events"]["event_id"].sort().to_list()
