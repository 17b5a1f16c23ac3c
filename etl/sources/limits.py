"""How much a file may ask of us. What goes beyond is refused before it fills the memory.

Real event logs stay far below each of these; a file made to harm goes beyond one of them at once.
"""

MOST_BYTES = 8 * 2**30
"""Bytes of a file that is read into memory, unpacked."""

MOST_RATIO = 200
"""How much larger than its packed form a file may become; real event logs stay below 60."""

FREE_BYTES = 2**24
"""Below this size the ratio does not matter."""

MOST_COLUMNS = 4096
"""Columns of a table; in JSON and XES, different names."""

MOST_LINE_BYTES = 2**21
"""Bytes of one line of a text file, or one element of a JSON array; 2 MiB."""

MOST_DEPTH = 64
"""Elements within elements of an XES file; the standard needs three and a few for nested attributes."""

MOST_VALUE_BYTES = 2**21
"""Bytes of one tag of an XES file, with its values; 2 MiB."""

MOST_MEMBERS = 1000
"""Files in one .zip."""

MOST_DIRECTORY_BYTES = 2**20
"""Bytes of the list of contents of one .zip; a thousand long names fit."""

MOST_CELLS = 30_000_000
"""Cells of one sheet, empty ones within its bounds counted; a full sheet of 28 columns fits."""

FREE_CELLS = 2**22
"""Below this number of cells it does not matter how few bytes they take in the file."""

MOST_REPEATED = 8
"""How much larger than the file its table may become because events repeat what is said of their trace."""
