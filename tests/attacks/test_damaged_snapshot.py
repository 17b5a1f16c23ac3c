"""A snapshot that is damaged, wherever it is, is a sentence that says what to do: never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.store.warehouse import latest_snapshot
from tests.attacks.desk import desk, run
from tests.dashboard.test_pages import open_page
from tests.warehouses import Templates

BLOCK = 262_144


def damaged(folder: Path, kind: str) -> None:
    snapshot = latest_snapshot(folder)
    assert snapshot is not None
    content = bytearray(snapshot.read_bytes())
    if kind == "cut short":
        del content[len(content) // 2 :]
    else:  # after the headers, one byte of every block
        for place in range(12_288 + 100, len(content), BLOCK):
            content[place] ^= 0xFF
    snapshot.write_bytes(content)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("kind", ["cut short", "damaged blocks"])
def test_a_damaged_snapshot_is_a_sentence_everywhere(
    templates: Templates,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    folder = desk(templates, tmp_path)
    damaged(folder, kind)
    capsys.readouterr()
    for command in (["metrics", "tickets_opened"], ["loads"], ["health"]):
        assert run(*command, warehouse=folder) == 1
        assert "stepsight rebuild" in capsys.readouterr().err
    assert run("doctor", "--port", "0", warehouse=folder) == 1
    assert "stepsight rebuild" in capsys.readouterr().out
    app = open_page(monkeypatch, folder, "data_health")
    assert not app.exception
    assert "stepsight rebuild" in app.error[0].value
    assert run("rebuild", warehouse=folder) == 0
    assert run("metrics", "tickets_opened", warehouse=folder) == 0


def test_whatever_block_is_damaged_a_command_and_a_page_answer_or_say_so(
    templates: Templates, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ends = desk(templates, tmp_path), list[int]()
    snapshot = latest_snapshot(folder)
    assert snapshot is not None
    sound = snapshot.read_bytes()
    for place in range(12_288 + 100, len(sound), BLOCK):
        content = bytearray(sound)
        content[place] ^= 0xFF
        snapshot.write_bytes(content)
        capsys.readouterr()
        ends.append(run("loads", warehouse=folder))
        assert ends[-1] == 0 or "stepsight rebuild" in capsys.readouterr().err
        app = open_page(monkeypatch, folder, "data_health")
        assert not app.exception
    assert set(ends) == {0, 1}
