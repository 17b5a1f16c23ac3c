"""The warehouse, its key, what is removed from it, and the notes of its readers."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # Saved views and annotations.
    "notes.unreadable": (
        "The saved views and annotations in {file} cannot be read. The numbers do not depend on them. "
        "Put the file right or rename it; a new one is begun then."
    ),
    "notes.busy": "Somebody else is writing to {file}. Try again in a moment.",
    "notes.not_written": (
        "{file} cannot be written: {reason}. "
        "Nothing was changed. Make the warehouse folder writable for the dashboard, or make room."
    ),
    "notes.full": "There is room for {views:view} and {notes:annotation}. Delete some that nobody needs.",
    "notes.name_taken": "There is another saved view named “{name}”. Choose another name.",
    "notes.name_length": "A name has 1 to {longest} characters. Write one, and try again.",
    "notes.text_length": "A text has 1 to {longest} characters. Write one, and try again.",
}
