"""A guessed mapping as a file to check, its reasons and assumptions in the reader's language."""

from __future__ import annotations

from pathlib import Path

from dashboard.language.messages import say
from etl.mapping.inspect import Inspection, mapping_toml
from etl.mapping.inspect.column_summaries import plain
from etl.messages import Message


def reasons(inspection: Inspection) -> dict[str, str]:
    """Why each column was taken for what it is taken for."""
    return {name: say(reason) for name, reason in inspection.because.items()}


def mapping_text(inspection: Inspection) -> str:
    """The mapping as TOML, with what it is a guess for and what it assumes as comments at the top."""
    title = say(Message("look.mapping_for", {"file": plain(Path(inspection.path).name)}))
    assumed = [f"- {say(message)}" for message in inspection.assumed]
    comments = [title, *(["", say(Message("look.assumed")), *assumed] if assumed else [])]
    return mapping_toml(inspection.mapping, reasons(inspection), comments)
