"""What happened on a day: a release, a holiday, an incident, a note, a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.language import N_, _, words

KINDS = {
    "release": N_("Release"),
    "holiday": N_("Holiday"),
    "incident": N_("Incident"),
    "note": N_("Note"),
    "version": N_("New version"),
}
_LONGEST = 48


@dataclass(frozen=True)
class Mark:
    """One thing that happened on a day; `text` is plain text, `kind` one of `KINDS`."""

    day: date
    kind: str
    text: str


def in_words(mark: Mark) -> str:
    """What happened, with its kind: "Incident: telephone down"."""
    return _("{kind}: {text}", kind=_(KINDS[mark.kind]), text=words.label(mark.text, _LONGEST))
