"""Who passes the gate for small groups leaves a line that an operator can read."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from commands.output import print_notice
from etl.messages import Message
from metrics.query.scope import Scope

LOG = "small_groups.log"
"""In the folder of the warehouse: one JSON object a line, the newest last."""


def log_small_groups(warehouse: Path, command: str, scope: Scope) -> None:
    """Where a scope has small groups: when which command had it, and what it filters by. No value is kept.

    Where nothing can be written the command says so and goes on: who reads the database has it all.
    """
    if not scope.small_groups or not (warehouse / "archive").is_dir():
        return
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "filters": [name for name, _values in scope.where],
    }
    try:
        log = os.open(warehouse / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(log, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError:
        print_notice(Message("group.not_logged", {"folder": warehouse}))
