"""What the product says of files, data and requests: a code with its values, worded in one table.

An error and a finding carry a `Message`. Its English template stands in one of the tables of this package,
its translation in a language's catalogue; it becomes a sentence where somebody reads it and nowhere before,
and nothing reads a sentence back.
"""

from etl.messages.message import Message, Style, message_of, render
from etl.messages.reasons import field_error, field_problem, os_reason, rejection, some_names, toml_problem
from etl.messages.table import TEMPLATES

__all__ = [
    "TEMPLATES",
    "Message",
    "Style",
    "field_error",
    "field_problem",
    "message_of",
    "os_reason",
    "rejection",
    "render",
    "some_names",
    "toml_problem",
]
