"""Files that cannot be read as a whole, or cannot be written."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # Which file is meant.
    "file.not_regular": "{path} is a pipe, a socket or a device. Write its content to a file first.",
    "file.not_there": "There is no file {path}. Check the path.",
    "file.no_match": "No file matches {path}. Check the pattern.",
    "file.not_readable": "{path} cannot be read: {reason}.",
    "file.empty_folder": "{path} is a folder with no file in it that can be read. Stepsight reads {endings}, "
    "also packed as .gz, .zst or .zip.",
    "file.several_to_inspect": "{path} stands for {n:file}. inspect looks at one file: name one of {files}.",
    "file.unknown_ending": "{file}: no reader for files ending in {ending!r}. Stepsight reads {endings}, "
    "also packed as .gz, .zst or .zip.",
    "file.empty": "{file} is empty. Export it again, or leave it out.",
    # Packed files.
    "file.damaged": "{file} is not a whole {kind} file. Copy or export it again.",
    "file.repeated_header": "{file}: the header has {column!r} more than once. The first of them is "
    "taken; the second is called {second!r} in a mapping.",
    "file.packed_twice": "{path} is packed twice. Unpack the .zip yourself and load what is in it.",
    "file.unfolds": "{file} unfolds to {bytes:byte} or more, far more than a log of its size would. Nothing "
    "of it was kept. If it is genuine, unpack it yourself and load what is in it.",
    "file.not_in_zip": "There is no file {member} in {path}.",
    "file.nothing_in_zip": "{file} holds no file that can be read. Stepsight reads {endings}, also packed as "
    ".gz, .zst or .zip.",
    "file.several_in_zip": "{file} holds {n:file}. Name the one that is meant, as in {files}.",
    "file.too_many_in_zip": "{file} holds {n:file}; at most {most:count} are read from one .zip. Unpack it "
    "yourself and load the files.",
    "file.long_directory": "{file} lists {bytes:byte} of contents, more than {most:file} would need. Unpack "
    "it yourself and load the files.",
    "file.nameless_in_zip": "{file} holds a file without a name. Copy or export it again.",
    "file.name_leads_out": "{file} holds a file named {name!r}, which leads out of it. Nothing of it was "
    "kept.",
    "file.zip_in_zip": "{file} holds another .zip, {name!r}. Unpack it and load what is in it.",
    # Text.
    "file.unknown_encoding": "{file}: there is no text encoding called {encoding!r}.",
    "file.wrong_encoding": "{file} is not {encoding}: line {line:count} holds the byte {byte}. Name its "
    'encoding in a mapping, as in [file] encoding = "{likely}", and load it with --mapping.',
    "file.packed_by_content": "{file} is packed, which its name does not say. Let its name end in {ending}.",
    "file.no_rows": "{file} has no rows, only the names of its columns. Nothing of it was loaded.",
    "file.long_line": "{file}: line {line:count} has more than {bytes:byte}. Is it a text file of one event "
    "a line? Export it again.",
    "file.no_header": "{file} has no header row. Export it with column names.",
    "file.damaged_header": "The header row of {file} cannot be read. Export it with column names.",
    # JSON.
    "file.no_json": "{file} is not JSON: it begins with {begin!r}. It should be a list of objects, or an "
    "object with such a list in it.",
    "file.no_list": "{file} holds no list of objects. If it has one object per line, name it .jsonl.",
    "file.several_lists": "{file} holds several lists of objects: {lists}. Name the one that is meant in a "
    "mapping, as in [file] rows = {first}, and load it with --mapping.",
    "file.no_such_list": "{file} holds no list {name!r}; its lists of objects are: {lists}. Mend [file] rows "
    "in the mapping.",
    "file.damaged_json": "{file} is damaged: {reason}. Export it again.",
    "file.damaged_element": "{file}: element {n:count} of the array is damaged: {reason}. Export it again.",
    "json.no_separator": "expected , or ] behind it",
    "json.too_deep": "it is nested too deeply",
    "json.too_long": "it has more than {bytes:byte}",
    "json.no_json": "line {line:count}, column {column:count} cannot be read",
    "json.constant": "{text} is not JSON",
    "file.more_than_an_array": "{file} has more text after the end of its JSON. Export it again.",
    "file.no_object": "{file} holds no JSON object. Is it a list of events, one object each?",
    "file.array_in_lines": "{file} holds one JSON array, not one object a line. Name it .json.",
    # XES.
    "file.not_xml": "{file}, line {line:count}: not whole XML. Export it again.",
    "file.xml_encoding": "{file} is XML in an encoding that cannot be read. Export it as UTF-8.",
    "file.not_xes": "{file} is not XES: its root is <{tag}>, expected <log>.",
    "file.document_type": "{file} has a document type (<!DOCTYPE …>), which no event log needs and which can "
    "do harm. Nothing of it was kept. Export it without.",
    "file.long_tag": "{file}, line {line:count}: a tag of more than {bytes:byte}. Export it again.",
    "file.too_deep": "{file}, line {line:count}: more than {most:element} within each other. Is it an event "
    "log?",
    "file.no_key": "{file}, line {line:count}: <{tag}> has no key. Export it again.",
    "file.long_traces": "{file}: the attributes of its traces, repeated for each event, take more than "
    "{bytes:byte}. Is it an event log?",
    # Workbooks and Arrow.
    "file.no_workbook": "{file} is not a whole workbook. Save it again as .xlsx or .ods.",
    "file.locked": "{file} is locked by a password or an old .xls inside. Save it as .xlsx or .ods without a "
    "password.",
    "file.first_feather": "{file} is Feather of the first version, which is out of use. Save it again as "
    ".feather or .parquet.",
    "file.no_sheet": "{file} has no sheet {sheet!r}; it has {sheets}.",
    "file.several_sheets": "{file} has {n:sheet}: {sheets}. Name the one that is meant in a mapping, as in "
    '[file] sheet = "Events", and load it with --mapping.',
    "file.large_sheet": "{file} has a sheet of {rows:row} and {columns:column}, more than {most:count} "
    "cells. Export it as .csv or .parquet, without empty rows and columns.",
    "file.long_texts": "{file} repeats long texts to {bytes:byte}. Is it a table of events?",
    # What is no table of events.
    "file.too_many_columns": "{file} has {columns:column}; at most {most:count} are read. Is it a table of "
    "events? Export it with the columns that matter.",
    "file.nearly_empty": "{file} has {rows:row} of {columns:column}, nearly all of them empty. Is it a table "
    "of events? Export it with the columns that matter.",
    "file.later_than_clock": "{file}: {n:count} of {rows:row} lie more than a day ahead; this machine's "
    "clock says {now:instant}. Set the clock, or check year and form of the times. Nothing of it was kept.",
    # Tables of one system, and lookups.
    "file.no_table": "{file} fits no table of the mapping; its tables {tables} are in files {files}. Mend "
    "`files` there, or leave the file out.",
    "file.several_tables": "{file} fits several tables of the mapping: {tables}. Mend `files` there so that "
    "each file fits one.",
    "lookup.only": "{file}: not loaded; other files look up rows in it (lookup {lookup!r}, files {files!r}).",
    "lookup.alone": "{file}: not loaded; it is a file {files!r} of the lookup {lookup!r}, and no other file "
    "was named. Name a file of events, or narrow `files` in [lookup.{lookup}].",
    "lookup.no_file": "{file}: no file {files!r} for the lookup {lookup!r} lies beside it. Put it there, or "
    "mend [lookup.{lookup}] in the mapping.",
    "lookup.missing_columns": "{file}, for the lookup {lookup!r}, has no column {missing}; it has {columns}. "
    "Mend [lookup.{lookup}] or the columns that use it.",
    "lookup.contradiction": "The lookup {lookup!r} has rows with the same {key!r} that differ in {column!r}: "
    "{places:parts}. Keep one of them.",
    "lookup.place": "row {row:count} of {file}",
    "lookup.damaged": "{file}: {n:row} of the lookup {lookup!r} cannot be read. Mend the lookup, and load "
    "{file} again.",
    "lookup.missing": "{file}: the lookup {lookup!r} has no entry for {n:row} by {column!r}. "
    "The columns it fills stay empty there.",
    "file.missing_columns": "{file} has no column {missing!r}; it has {columns}. {hint}",
    "file.column_of_no_use": "{file}: the column {column!r} holds {held}, and an event needs a single value. "
    "Write it as text or numbers, or leave it out of the mapping.",
    "file.nested_column": "{file}: the column {column!r} holds {held}, and an event needs a single value. "
    "Name a part of it in the mapping: {column}.NAME is a member of an object, {column}.first the first "
    "value of a list and {column}.count how many it has.",
    "column.lists": "lists",
    "column.records": "records",
    "column.bytes": "bytes",
    "column.durations": "durations",
    "file.rounded_ids": "{file}: the ids in {column!r} are decimal numbers too large to be exact, "
    "so different ids may look the same. Export the column as text or as "
    "whole numbers.",
    "file.ids_of_source": "{file} has no source, and some of its ids begin with '{source}:', as ids of the "
    "source {source} do. Two tickets or people would become one. Load the file with a --source of its own.",
    "file.ids_of_no_source": "{file}: ids of {other}, which was loaded without a source, begin with "
    "'{source}:', as ids of this source do. Two tickets or people would become one. Load {other} again with "
    "a --source of its own, or call this source otherwise.",
    "file.unforeseen": "{file} cannot be read: something in it is of a kind that was not foreseen ({kind}). "
    "Nothing of it was kept. Export it as .csv, and report this.",
    "file.name_columns": "Name its columns in a mapping and load it with --mapping.",
    "file.name_delimiter": "Its one column holds {delimiter!r}: name the delimiter in a mapping, as in "
    "[file] delimiter = {toml}.",
    # Written files.
    "export.unknown_ending": "{path}: {ending!r} is not an ending to export to. Use {endings}.",
    "export.too_many_rows": "An Excel sheet holds {most:row}, and these are {n:count}. Export them as .csv.",
    "export.not_writable": "{path} cannot be written: {reason}. Name a file in a folder that exists and that "
    "you may write to.",
}
