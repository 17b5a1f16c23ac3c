"""Files that readers bring through the page "Your data": allowed or not, how large, and what happens to them.

The operator says so when starting the dashboard. A file lies on this machine's disk only while it is looked
at or loaded, in a folder of its own that nobody else may read; afterwards what was accepted is in the
archive, with people as pseudonyms, and the rest is gone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

import polars as pl

from dashboard.queries import warehouse
from dashboard.queries.archives import archive_of
from etl.contract.instants import Bounds
from etl.errors import InvalidRequest, StepsightError, UnreadableFile
from etl.mapping.inspect import Inspection, inspect
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.mapping.open_table import open_table
from etl.mapping.stated_names import stated_names
from etl.messages import Message
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.text_rules import TextRules
from etl.private_files import write_private
from etl.progress import Progress, quiet
from etl.sources import files, read
from etl.sources.digest import digest
from etl.store.erased_list import ErasedIds
from etl.store.file_names import name_to_keep
from etl.store.load import load
from etl.store.load_report import LoadReport
from etl.store.replacement import FileReading
from etl.store.stage import stage
from etl.store.storage_failures import storage_failures
from etl.store.upload_folders import upload_folder
from etl.store.warehouse import open_writer
from metrics.refresh.facts import bring_up_to_date
from metrics.settings.model import Settings
from metrics.settings.names import setting_names

ALLOWED, MEGABYTES = "STEPSIGHT_ALLOW_UPLOADS", "STEPSIGHT_UPLOAD_MEGABYTES"
USUAL_MEGABYTES = 200
_LONGEST_NAME = 100
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Tried:
    """What a load of a file would take and reject; nothing of it is kept.

    `rejected`: one row per rule: rows, the position of the first and its content. `skipped`: rows that
    tell no event by the mapping. `erased`: rows more that the file has, of who was erased, and `of_erased`:
    tickets of theirs. `reading`: the content, and what it was read with.
    """

    read: int
    rejected: pl.DataFrame
    skipped: int = 0
    erased: int = 0
    of_erased: frozenset[str] = frozenset()
    reading: FileReading | None = None

    @property
    def accepted(self) -> int:
        """Rows that a load would take, or find there already."""
        return self.read - int(self.rejected["rows"].sum()) - self.skipped


def allowed() -> bool:
    """Whether the operator lets readers bring files; not, unless said."""
    return os.environ.get(ALLOWED, "").strip().lower() in {"1", "true", "yes", "on"}


def most_megabytes() -> int:
    """How large a file may be."""
    setting = os.environ.get(MEGABYTES, "").strip()
    return max(int(setting), 1) if setting.isdigit() else USUAL_MEGABYTES


def checked(name: str, content: bytes) -> Upload:
    """The upload; what the browser says of its size and name is not to be trusted.

    Raises:
        InvalidRequest: it is too large, or empty.
    """
    if not content:
        raise InvalidRequest("upload.empty", file=safe_name(name))
    if len(content) > most_megabytes() * _MEGABYTE:
        megabytes = len(content) / _MEGABYTE
        raise InvalidRequest(
            "upload.too_large", file=safe_name(name), megabytes=megabytes, most_megabytes=most_megabytes()
        )
    return Upload(safe_name(name), content)


def safe_name(name: str) -> str:
    """The last part of a name, of plain characters, its endings kept; never empty and never hidden."""
    last = re.sub(r"[^\w.\- ]", "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    return last[-_LONGEST_NAME:].lstrip(". ") or "upload"


@contextmanager
def on_disk(upload: Upload, directory: Path | None = None) -> Iterator[Path]:
    """The file in a folder that nobody else can read and that is gone afterwards; messages do not name it.

    `directory`: of the warehouse, unless it is the one that is shown.

    Raises:
        StorageFailed: the warehouse cannot be written.
    """
    directory = directory or warehouse.folder()
    with ExitStack() as held:
        with storage_failures(directory):
            folder = held.enter_context(upload_folder(directory))
            path = folder / upload.name
            write_private(path, upload.content)
        try:
            yield path
        except StepsightError as error:
            raise type(error).of(_without(f"{folder}/", error.message)) from error


def _without(folder: str, value: Any) -> Any:
    """The value of a message, and whatever it is made of, without the folder in any path."""
    match value:
        case str():
            return value.replace(folder, "")
        case Message(code, values):
            return Message(code, _without(folder, values))
        case dict():
            return {name: _without(folder, part) for name, part in value.items()}
        case list():
            return [_without(folder, part) for part in value]
    return value


def look(upload: Upload, mapping: Mapping | None = None, bounds: Bounds | None = None) -> Inspection:
    """What is in the file, with a mapping or a guessed one.

    Raises:
        UnreadableFile: the file as a whole cannot be read.
        MissingColumns: it has not the columns that the mapping names.
    """
    with on_disk(upload) as path:
        return inspect(_only(path), mapping, bounds=bounds)


def activities(upload: Upload, mapping: Mapping, column: str) -> list[str]:
    """What the column names in the first rows, the most frequent first.

    Raises:
        UnreadableFile: the file as a whole cannot be read.
    """
    with on_disk(upload) as path:
        rows = next(read(_only(path), mapping.form).batches(), None)
        if rows is None or column not in rows.columns:
            return []
        counted = rows[column].cast(pl.String).drop_nulls().alias("name").value_counts()
        return counted.sort("count", "name", descending=[True, False])["name"].to_list()


def attempt(
    upload: Upload,
    mapping: Mapping,
    bounds: Bounds | None = None,
    *,
    rules: TextRules | None = None,
    erased: ErasedIds | None = None,
    progress: Progress = quiet,
) -> Tried:
    """Send every row through the gate, and keep nothing.

    `rules`: what texts stay as they are written. `erased`: whose rows a load would not take.

    Raises:
        UnreadableFile, MissingColumns: nothing of the file can be loaded.
    """
    with on_disk(upload) as path:
        file = _only(path)
        nobody, rules = Pseudonyms(token_bytes(32)), rules or TextRules()
        opened, aside = open_table(file, mapping), path.parent / "tried"
        staged = stage(
            opened.table,
            file.name,
            opened.mapping,
            aside,
            nobody,
            bounds=bounds,
            rules=rules.with_names(stated_names(opened.mapping)),
            erased=erased,
            mentioned=erased,
            progress=progress,
        )
        first = staged.rejected.sort("position").unique("rule", keep="first")
        counted = staged.rejected["rule"].value_counts()
        rejected = (
            first.join(counted, on="rule")
            .select("rule", pl.col("count").cast(pl.Int64).alias("rows"), "position", "content")
            .sort("rows", "rule", descending=[True, False])
        )
        reading = FileReading(
            path=file,
            name=name_to_keep(file.name, rules.contacts),
            mark=None,
            sha256=digest(file),
            fingerprint=opened.fingerprint(nobody.salt),
            source=opened.mapping.source,
            table=opened.name,
        )
        of_erased = frozenset(staged.of_erased["ticket_id"])
        return Tried(staged.read, rejected, staged.skipped, staged.erased, of_erased, reading)


def content_digest(upload: Upload) -> str:
    """What tells the content from others, whatever the file is called.

    Raises:
        UnreadableFile: a .zip of several files.
    """
    with on_disk(upload) as path:
        return digest(_only(path))


def keep(
    upload: Upload,
    mapping: Mapping,
    folder: Path,
    settings: Settings,
    *,
    now: datetime,
    progress: Progress = quiet,
) -> LoadReport:
    """Load the file into the warehouse, bring its facts up to date and give readers a new snapshot.

    Raises:
        StepsightError: the warehouse is being written by somebody else, the disk fails, the key is missing,
            or the file as a whole was refused; nothing of it was kept.
    """
    with on_disk(upload, folder) as path, open_writer(folder) as connection:
        report = load(
            [_only(path)],
            connection,
            archive_of(folder),
            now=now,
            earliest=settings.earliest,
            mapping=mapping,
            keep_free_text=settings.privacy.keep_free_text,
            retention=settings.retention(now),
            regions=settings.privacy.regions,
            names={each.name for each in setting_names(settings)},
            progress=progress,
        )
        if error := report.files[0].error:
            raise UnreadableFile.of(error)
        progress("computing facts", report.read)
        bring_up_to_date(connection, folder, settings)
        return report


def written_mapping(text: str) -> Mapping:
    """The mapping that somebody wrote as TOML.

    Raises:
        InvalidMapping: it is none; the place is named.
    """
    with on_disk(Upload("mapping.toml", text.encode())) as path:
        return read_mapping(path)


def _only(path: Path) -> Path:
    """The file itself, or the one in a .zip."""
    inside = files([path])
    if len(inside) > 1:
        raise UnreadableFile("upload.many_files", file=path.name, n=len(inside))
    return inside[0]
