"""Every command answers a filter by any dimension, or says in a sentence which ones it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

import stepsight
from metrics.catalog.dimensions import DIMENSIONS
from tests.lengths import LONG
from tests.test_command_line import HISTORY, load
from tests.warehouses import Templates

COMMANDS = [
    *("backlog", "backlog --ages", "trend tickets_opened", "change confusion_rate --moved"),
    *("hotspots", "training", "diagnose", "versions", "outcomes"),
    *(f"flow {what}" for what in ("edges", "steps", "variants", "ping-pong")),
    *(f"causes {what}" for what in ("returns", "answers", "help", "searches", "team")),
    *(f"conformance {what}" for what in ("versions", "breaches", "runs")),
    *(f"metrics {name}" for name in ("csat", "confusion_rate", "repeat_contact_rate")),
]
UNLIKE = ["version", "step", "kind", "first_response_band"]
"""Dimensions of different facts; what is said of one is said of those that come with it."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    return templates.copy(tmp_path_factory.mktemp("filtered") / "warehouse", HISTORY, load)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        stepsight.main(list(arguments))
    return int(exit_.value.code or 0)


@pytest.mark.sweep(12)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_filter_narrows_or_is_refused_in_a_sentence(
    warehouse: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ("--from", "2026-03-02", "--to", "2026-03-03", "--warehouse", str(warehouse))
    for dimension in DIMENSIONS if LONG else UNLIKE:
        failed = run(*command.split(), *common, "--where", f"{dimension}=3")
        _, err = capsys.readouterr()
        assert not failed or f"cannot be split by {dimension}, only by channel, team" in err
