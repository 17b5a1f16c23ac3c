"""What readers write down: saved views and annotations, in one small file beside the warehouse.

`notebook.json` is no part of the archive: no number depends on it. It is read whole, checked, and written
whole under a lock by an atomic rename, so that two readers who write at once lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Literal, TypeVar

from filelock import FileLock, Timeout
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dashboard.language.words import label
from etl.errors import InvalidRequest, StorageFailed, WarehouseBusy, WarehouseDamaged
from etl.messages import Message, os_reason
from etl.private_files import FILE_MODE, make_folder
from etl.store.reader_notes import LOCK, NOTEBOOK, PATIENCE_SECONDS
from etl.store.whole_files import write_whole

FILE = NOTEBOOK
LONGEST_NAME, LONGEST_TEXT, LONGEST_QUERY = 80, 200, 2000
MOST_VIEWS, MOST_ANNOTATIONS = 200, 1000
Occasion = Literal["release", "holiday", "incident", "note"]
Entry = TypeVar("Entry")


def _one_line(text: str) -> str:
    line = label(text, LONGEST_QUERY).strip()
    if not text.strip() or line == "(blank)":
        raise ValueError(text)
    return line


Line = Annotated[str, AfterValidator(_one_line)]
Identity = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", default_factory=lambda: token_hex(8))]


class SavedView(BaseModel):
    """A page with everything its address says, under a name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identity
    name: Annotated[Line, Field(max_length=LONGEST_NAME)]
    page: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
    query: Annotated[str, Field(max_length=LONGEST_QUERY)] = ""
    """As in an address: `period=All+data&channel=chat`."""


class Annotation(BaseModel):
    """What happened on a day that the numbers may show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Identity
    day: date
    occasion: Occasion
    text: Annotated[Line, Field(max_length=LONGEST_TEXT)]


class Notebook(BaseModel):
    """All saved views, by name, and all annotations, by day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    views: Annotated[tuple[SavedView, ...], Field(max_length=MOST_VIEWS)] = ()
    annotations: Annotated[tuple[Annotation, ...], Field(max_length=MOST_ANNOTATIONS)] = ()


def read(folder: Path) -> Notebook:
    """The notebook of a warehouse; an empty one where nothing has been written yet.

    Raises:
        WarehouseDamaged: the file is there and cannot be understood.
    """
    file = folder / FILE
    try:
        return Notebook.model_validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return Notebook()
    except (OSError, ValidationError) as error:
        raise WarehouseDamaged("notes.unreadable", file=file) from error


def change(folder: Path, changed: Callable[[Notebook], Notebook]) -> Notebook:
    """Read, change and write the notebook while nobody else does.

    Raises:
        InvalidRequest: what came of it is no notebook: a text too long or empty, too many entries.
        StorageFailed: the folder cannot be written.
        WarehouseBusy: somebody else has been writing for seconds.
        WarehouseDamaged: the file cannot be understood; it stays as it is.
    """
    try:
        make_folder(folder)
        with FileLock(folder / LOCK, timeout=PATIENCE_SECONDS, mode=FILE_MODE):
            new = _checked(changed(read(folder)))
            write_whole(folder / FILE, new.model_dump_json(indent=1).encode())
            return new
    except Timeout as error:
        raise WarehouseBusy("notes.busy", file=folder / FILE) from error
    except OSError as error:
        raise StorageFailed("notes.not_written", file=folder / FILE, reason=os_reason(error)) from error


def _checked(notebook: Notebook) -> Notebook:
    """Copies made with `model_copy` have not been checked."""
    if len(notebook.views) > MOST_VIEWS or len(notebook.annotations) > MOST_ANNOTATIONS:
        raise InvalidRequest("notes.full", views=MOST_VIEWS, notes=MOST_ANNOTATIONS)
    return Notebook(
        views=tuple(sorted(notebook.views, key=lambda view: (view.name.casefold(), view.id))),
        annotations=tuple(sorted(notebook.annotations, key=lambda note: (note.day, note.text, note.id))),
    )


def with_view(notebook: Notebook, name: str, page: str, query: str) -> Notebook:
    """The notebook with the view saved; one of the same name is replaced.

    Raises:
        InvalidRequest: no name, or one too long.
    """
    view = _made(partial(SavedView, name=name, page=page, query=query), _NO_NAME)
    others = tuple(other for other in notebook.views if other.name.casefold() != view.name.casefold())
    return notebook.model_copy(update={"views": (*others, view)})


def renamed(notebook: Notebook, view_id: str, name: str) -> Notebook:
    """The notebook with the view under another name.

    Raises:
        InvalidRequest: no name, one too long, or that of another view.
    """
    if any(view.name.casefold() == name.strip().casefold() and view.id != view_id for view in notebook.views):
        raise InvalidRequest("notes.name_taken", name=name.strip())
    others = tuple(view for view in notebook.views if view.id != view_id)
    new = tuple(
        _made(partial(SavedView, **view.model_dump() | {"name": name}), _NO_NAME)
        for view in notebook.views
        if view.id == view_id
    )
    return notebook.model_copy(update={"views": (*others, *new)})


def with_annotation(notebook: Notebook, day: date, occasion: Occasion, text: str) -> Notebook:
    """The notebook with one thing more that happened.

    Raises:
        InvalidRequest: no text, or one too long.
    """
    made = _made(partial(Annotation, day=day, occasion=occasion, text=text), _NO_TEXT)
    return notebook.model_copy(update={"annotations": (*notebook.annotations, made)})


def without(notebook: Notebook, entry_id: str) -> Notebook:
    """The notebook without a view or annotation; one that somebody else has deleted already is no error."""
    return notebook.model_copy(
        update={
            "views": tuple(view for view in notebook.views if view.id != entry_id),
            "annotations": tuple(note for note in notebook.annotations if note.id != entry_id),
        }
    )


_NO_NAME = Message("notes.name_length", {"longest": LONGEST_NAME})
_NO_TEXT = Message("notes.text_length", {"longest": LONGEST_TEXT})


def _made(make: Callable[[], Entry], otherwise: Message) -> Entry:
    try:
        return make()
    except ValidationError as error:
        raise InvalidRequest.of(otherwise) from error
