"""Who passes the gate for small groups leaves a line that an operator can read."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from click import get_current_context

from commands.output import print_notice
from etl.messages import Message

LOG = "small_groups.log"
"""In the folder of the warehouse: one JSON object a line, the newest last."""


def log_small_groups(warehouse: Path, dimensions: Sequence[str]) -> None:
    """Add when which command asked for small groups, and by which dimensions it filters. No value is kept.

    Where nothing can be written the command says so and goes on: who reads the database has it all.
    """
    if not (warehouse / "archive").is_dir():
        return
    context = get_current_context(silent=True)
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": context.info_name if context else None,
        "filters": [*dimensions],
    }
    try:
        log = os.open(warehouse / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(log, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError:
        print_notice(Message("group.not_logged", {"folder": warehouse}))
