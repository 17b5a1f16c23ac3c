"""What a reader can mend, in the reader's language: the messages that come up on pages, by their forms.

The core writes one English text for terminal, log and page alike. What a reader of pages can bring about has
its form here (a test holds the two together); what only whoever runs the dashboard can mend stays English.
"""

from __future__ import annotations

from dashboard.language import N_, _
from dashboard.sentences.forms import read_back

FORMS = (
    # Saved views and annotations.
    N_(
        "The saved views and annotations in {file} cannot be read. The numbers do not depend on them. "
        "Put the file right or rename it; a new one is begun then."
    ),
    N_("Somebody else is writing to {file}. Try again in a moment."),
    N_(
        "{file} cannot be written: {reason}. "
        "Nothing was changed. Make the warehouse folder writable for the dashboard, or make room."
    ),
    N_("There is room for {views} saved views and {notes} annotations. Delete some that nobody needs."),
    N_("There is another saved view named “{name}”. Choose another name."),
    N_("A name has 1 to {longest} characters. Write one, and try again."),
    N_("A text has 1 to {longest} characters. Write one, and try again."),
    # A file that is uploaded.
    N_("{file} is empty. Choose the file that holds your events."),
    N_(
        "{file} has {size} MB; {most} MB may be sent. "
        "Load it on the command line, pack it (.gz, .zst), or cut it by time: pieces load as one."
    ),
    N_("{file} holds {n} files. Upload them one by one, or load the .zip on the command line."),
    N_("{file} is empty. Export it again, or leave it out."),
    N_("{file}: no reader for files ending in '{ending}'. {known}"),
    N_("{file} holds no file that can be read. {known}"),
    N_("{file} is packed twice. Unpack the .zip yourself and load what is in it."),
    N_(
        "{file} unfolds to more than {most} bytes, far more than a log of its size would. "
        "Nothing of it was kept. If it is genuine, unpack it yourself and load the unpacked file."
    ),
    N_("{file} is not a whole {kind} file: {reason}. Copy or export it again."),
    N_("{file} is not a whole Excel workbook: {reason}. Save it again as .xlsx."),
    N_("{file} has no header row. Export it with column names."),
    N_("{file}, header: {reason}. Export it with column names."),
    N_("{file}, row {row}: {reason}. Mend that row and load again."),
    N_(
        "{file} has {columns} columns; at most {most} are read. "
        "Is it a table of events? Export it with the columns that matter."
    ),
    N_(
        "{file} has {rows} rows of {columns} columns, nearly all of them empty. "
        "Is it a table of events? Export it with the columns that matter."
    ),
    N_("{file} has no sheet {wanted}; it has {sheets}."),
    N_(
        "{file} has {n} sheets: {sheets}. Name the one that is meant in a mapping, "
        'as in [file] sheet = "Events", and load it with --mapping.'
    ),
    N_("{file} holds no JSON object. Is it a list of events, one object each?"),
    N_("{file} has no column {missing}; it has {found}. {hint}"),
    N_("Name its columns in a mapping and load it with --mapping."),
    # The warehouse.
    N_(
        "The warehouse {folder} is being written by another process (process {process}). "
        "Wait until it has finished, then try again."
    ),
    N_(
        "The warehouse {folder} is being written by another process. "
        "Wait until it has finished, then try again."
    ),
    N_(
        "The warehouse folder {folder} cannot be written: {reason}. What was loaded before is safe. "
        "Make room or choose another folder with --warehouse, then load again."
    ),
    N_(
        "The snapshot {file} cannot be opened ({reason}). Run `stepsight load` again; it publishes a new one."
    ),
    N_("Known are {kinds}, each also with .gz or .zst behind it or in a .zip."),
)
"""The longest first where one form contains another."""


def said(message: object) -> str:
    """The message in the reader's language; in English where it has no form."""
    text = str(message)
    found = read_back(text, FORMS)
    if found is None:
        return _(text)
    form, parts = found
    for name in {"known", "hint"} & parts.keys():  # sentences of their own
        parts[name] = said(parts[name])
    return _(form, **parts)
