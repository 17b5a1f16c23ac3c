"""Saved views: a name, a page and what its address said; a file that two writers cannot spoil."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from dashboard.notes import notebook
from dashboard.notes.notebook import FILE, MOST_VIEWS, Notebook, SavedView
from etl.errors import InvalidRequest, StorageFailed, WarehouseBusy, WarehouseDamaged
from tests.dashboard.test_pages import open_page
from tests.lengths import examples


def saved(folder: Path, name: str, page: str = "hotspots", query: str = "") -> Notebook:
    return notebook.change(folder, lambda old: notebook.with_view(old, name, page, query))


def test_nothing_saved_is_an_empty_notebook(tmp_path: Path) -> None:
    assert notebook.read(tmp_path) == Notebook()
    assert notebook.read(tmp_path / "not there") == Notebook()


def test_a_saved_view_is_there_for_the_next_reader(tmp_path: Path) -> None:
    saved(tmp_path, "  Chat\nonly ", query="channel=chat&period=All+data")
    (view,) = notebook.read(tmp_path).views
    assert (view.name, view.page, view.query) == ("Chat only", "hotspots", "channel=chat&period=All+data")


def test_the_same_name_replaces_whatever_its_case(tmp_path: Path) -> None:
    saved(tmp_path, "Chat", query="channel=chat")
    saved(tmp_path, "CHAT", query="channel=phone")
    assert [view.query for view in notebook.read(tmp_path).views] == ["channel=phone"]


def test_views_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "C", "a"):
        saved(tmp_path, name)
    assert [view.name for view in notebook.read(tmp_path).views] == ["a", "b", "C"]


def test_a_view_is_renamed_and_deleted(tmp_path: Path) -> None:
    first = saved(tmp_path, "one").views[0]
    notebook.change(tmp_path, lambda old: notebook.renamed(old, first.id, "two"))
    assert [(view.id, view.name) for view in notebook.read(tmp_path).views] == [(first.id, "two")]
    notebook.change(tmp_path, lambda old: notebook.without(old, first.id))
    assert notebook.read(tmp_path).views == ()


def test_no_two_views_get_one_name(tmp_path: Path) -> None:
    first = saved(tmp_path, "one").views[0]
    saved(tmp_path, "two")
    with pytest.raises(InvalidRequest, match="another saved view named “Two”"):
        notebook.change(tmp_path, lambda old: notebook.renamed(old, first.id, "Two"))


@pytest.mark.parametrize("name", ["", " \n ", "x" * 81])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 80"):
        saved(tmp_path, name)
    assert not (tmp_path / FILE).exists()


def test_there_is_room_for_so_many(tmp_path: Path) -> None:
    views = tuple(SavedView(name=f"{place}", page="hotspots") for place in range(MOST_VIEWS))
    (tmp_path / FILE).write_text(Notebook(views=views).model_dump_json())
    with pytest.raises(InvalidRequest, match="room for 200"):
        saved(tmp_path, "one more")
    assert len(notebook.read(tmp_path).views) == MOST_VIEWS


@pytest.mark.parametrize("content", [b"", b"{", b'{"views": [{"name": "x"}]}', b"\xff\xfe", b"[]"])
def test_a_damaged_file_is_said_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WarehouseDamaged, match="cannot be read"):
        saved(tmp_path, "new")
    assert (tmp_path / FILE).read_bytes() == content


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="Nothing was changed"):
        saved(tmp_path / "file", "x")


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "PATIENCE_SECONDS", 0.05)
    with FileLock(tmp_path / "notebook.lock"), pytest.raises(WarehouseBusy, match="Try again"):
        saved(tmp_path, "x")


WRITER = """
import sys
from pathlib import Path
from dashboard.notes import notebook
for place in range(10):
    name = f"{sys.argv[2]}-{place}"
    notebook.change(Path(sys.argv[1]), lambda old: notebook.with_view(old, name, "hotspots", ""))
"""


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), str(who)] for who in range(3)]
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(notebook.read(tmp_path).views) == 30
    assert not list(tmp_path.glob("*unfinished*"))


@given(st.text(max_size=100), st.text(max_size=100))
@examples(60)
def test_any_text_is_kept_as_said_or_refused(name: str, query: str) -> None:
    try:
        book = notebook.with_view(Notebook(), name, "hotspots", query)
    except InvalidRequest:
        return
    assert Notebook.model_validate_json(book.model_dump_json()) == book
    assert 1 <= len(book.views[0].name) <= 80
    assert "\n" not in book.views[0].name


def test_the_view_shown_is_saved_with_its_filters(monkeypatch, tmp_path, warehouses) -> None:
    monkeypatch.setattr(notebook, "FILE", f"{tmp_path.name}.json")
    app = open_page(monkeypatch, warehouses["full"], "overview", period="All data", channel=["chat", "phone"])
    app.text_input(key="view name").set_value("Chat and phone")
    next(button for button in app.button if button.label == "Save").click()
    app.run()
    assert not app.exception
    (view,) = notebook.read(warehouses["full"]).views
    assert (view.name, view.page) == ("Chat and phone", "overview")
    assert view.query == "period=All+data&channel=chat&channel=phone"


def test_a_damaged_notebook_takes_no_number_away(monkeypatch, tmp_path, warehouses) -> None:
    monkeypatch.setattr(notebook, "FILE", f"{tmp_path.name}.json")
    file = warehouses["full"] / notebook.FILE
    file.write_text("no notebook")
    app = open_page(monkeypatch, warehouses["full"], "overview")
    file.unlink()
    assert not app.exception
    assert any("cannot be read" in warning.value for warning in app.warning)
    assert len(app.metric) == 8


def test_a_view_of_a_page_that_is_gone_is_not_offered(monkeypatch, tmp_path, warehouses) -> None:
    monkeypatch.setattr(notebook, "FILE", f"{tmp_path.name}.json")
    saved(warehouses["full"], "gone", page="no_such_page")
    app = open_page(monkeypatch, warehouses["full"], "overview")
    assert not app.exception
    assert not [box for box in app.selectbox if box.key == "view to edit"]
