"""Every place where data can lie, and what an erasure does there: a test fails for a file that is in none."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

from etl.store.database_files import ASIDE, BESIDE, DAMAGED, DATABASE
from etl.store.erased_list import ERASED
from etl.store.upload_folders import UPLOADS

Erasure = Literal["rewritten", "made anew", "removed", "dropped", "names nobody", "kept"]


@dataclass(frozen=True)
class Place:
    """Where data can lie.

    `patterns`: of paths from the warehouse's folder, `{name}` being its own name; none of what is in memory.
    A `*` stands for a part of one name, never for a folder and what is in it.
    `erasure`: what `forget` and `purge` do there. Those that name nobody hold counts, keys and numbers alone.
    """

    name: str
    patterns: tuple[str, ...]
    erasure: Erasure


_UNFINISHED = ("archive/*.unfinished", "archive/*/*.unfinished", "receipts/*.unfinished")
PLACES = (
    Place("accepted events", ("archive/segments/*.parquet",), "rewritten"),
    Place("notes of repeated rows", ("archive/repeats/*.parquet",), "rewritten"),
    Place("rejected rows", ("archive/rejected/*.parquet",), "rewritten"),
    Place("records of loads", ("archive/loads/*.json",), "rewritten"),
    Place("plan of an erasure", ("archive/erasure.json",), "names nobody"),
    Place("losses of a salvage", ("archive/salvage.json",), "names nobody"),
    Place("staging", ("archive/staging/*",), "removed"),
    Place("files on their way", _UNFINISHED, "removed"),
    Place("database", (DATABASE, f"{DATABASE}.wal"), "made anew"),
    Place("database being made", (BESIDE, f"{BESIDE}.wal"), "removed"),
    Place("spill folders", ("*.duckdb.tmp/*", "snapshots/*.duckdb.tmp/*"), "removed"),
    Place("databases put aside", (ASIDE, f"{ASIDE}.wal"), "removed"),
    Place("damaged files put aside", (f"{DAMAGED}/*/*",), "removed"),
    Place("snapshots", ("snapshots/*.duckdb", "snapshots/*.unfinished"), "made anew"),
    Place("uploads", (f"{UPLOADS}/*/*",), "removed"),
    Place("saved views and annotations", ("notebook.json", "notebook.unfinished"), "rewritten"),
    Place("list of the erased", (ERASED, "erased.unfinished"), "names nobody"),
    Place("receipts", ("receipts/*.json",), "names nobody"),
    Place("log of small groups", ("small_groups.log",), "names nobody"),
    Place("locks", ("writer.lock", "writer.pid", "notebook.lock"), "names nobody"),
    Place("settings", ("stepsight.toml",), "kept"),
    Place("key", ("../{name}.key",), "kept"),
    Place("new key", ("../{name}.key.next",), "kept"),
    Place("answers, figures and exports of pages", (), "dropped"),
)
"""Findings about the data lie in the database. All else that Stepsight logs goes to the terminal."""


TOP_NAMES = tuple(
    {
        name: None
        for place in PLACES
        for pattern in place.patterns
        for name in pattern.split("/")[:1]
        if name != ".."
    }
)
"""Patterns of what lies in the folder of a warehouse itself."""


def place_of_file(path: str, warehouse: str) -> Place | None:
    """The place of a file, by its path from the warehouse's folder; `warehouse`: the name of that folder."""
    for place in PLACES:
        if any(_matches(path, pattern.format(name=warehouse)) for pattern in place.patterns):
            return place
    return None


def _matches(path: str, pattern: str) -> bool:
    names, patterns = path.split("/"), pattern.split("/")
    return len(names) == len(patterns) and all(map(fnmatch, names, patterns))
