"""Every noun that is counted, for one and for many: a language has its own rule for how many there are."""

from __future__ import annotations

_REGULAR = (
    "agent, annotation, byte, cell, character, check, column, confused visit, day, element, event, file, "
    "file name, finding, hand-over, hour, load, mention, minute, month, note, place, problem, rating, "
    "reason, rejected row, result, row, run, saved view, second, sheet, step, step version, ticket, tie, "
    "visit, week"
)
NOUNS = {noun: (f"{{n}} {noun}", f"{{n}} {noun}s") for noun in _REGULAR.split(", ")}
NOUNS["entry"] = ("{n} entry", "{n} entries")
